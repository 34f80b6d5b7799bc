"""The trail of why: coded events, written by actions only, in the action's own transaction."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from celery import current_app
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext

from core.models import AuditEvent
from core.subscriptions import listeners_of
from core.users import Actor, as_row

EVENT_TYPES: dict[str, EventType] = {}
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True)
class EventType:
    """One kind of event: a dotted code, a sentence with {placeholders} taken from the event's details, an icon's name.

    `words` names those details that are words of ours (labels), kept in English and shown in the reader's language.
    """

    code: str
    sentence: Any
    icon: str = "history"
    words: tuple[str, ...] = ()


def event_type(code: str, sentence: Any, *, icon: str = "history", words: tuple[str, ...] = ()) -> EventType:
    """Declare an event type; a code stands once in the whole product."""
    if code in EVENT_TYPES:
        raise ValueError(f"event {code} is declared twice")
    EVENT_TYPES[code] = EventType(code, sentence, icon, words)
    return EVENT_TYPES[code]


def record(
    event: EventType,
    *,
    by: Actor,
    on: models.Model,
    account_id: int | None = None,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    **details: Any,
) -> AuditEvent:
    """Write one event about `on`. `before`/`after` hold changed fields; other details fill the sentence. Never secrets."""
    if before or after:
        details |= {"before": before or {}, "after": after or {}}
    row = AuditEvent.objects.create(
        actor=as_row(by),
        code=event.code,
        target_type=on._meta.label_lower,
        target_id=on.pk,
        account_id=account_id,
        details=_plain(details),
    )
    if listeners_of(event.code):
        transaction.on_commit(partial(_tell_listeners, row.pk), robust=True)
    return row


def _tell_listeners(event_id: int) -> None:
    current_app.tasks["core.deliver_event"].delay(event_id)


def sentence(event: AuditEvent) -> str:
    """The event in words, in the reader's language."""
    kind = EVENT_TYPES.get(event.code)
    if kind is None:
        return event.code
    return str(kind.sentence).format_map(
        _Blank({name: _in_words(value, ours=name in kind.words) for name, value in event.details.items()})
    )


def kind(code: str) -> str:
    """What events of this code have in common, in words: their sentence with … for what differs."""
    return str(EVENT_TYPES[code].sentence).format_map(_Gap())


def icon(event: AuditEvent) -> str:
    """The icon of the event's kind."""
    kind = EVENT_TYPES.get(event.code)
    return kind.icon if kind else "history"


def _in_words(value: Any, *, ours: bool) -> Any:
    if isinstance(value, str) and ours and value:
        return gettext(value)
    if isinstance(value, str) and DAY.fullmatch(value):
        with suppress(ValueError):
            return date_format(date.fromisoformat(value), "SHORT_DATE_FORMAT")
    return value


class _Blank(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "–"


class _Gap(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "…"


def _plain(details: dict[str, Any]) -> dict[str, Any]:
    """Details as JSON takes them: days as ISO text, amounts as text, lazy text in the source language."""
    with translation.override("en"):
        result: dict[str, Any] = json.loads(json.dumps(details, cls=DjangoJSONEncoder))
    return result
