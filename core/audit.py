"""The trail of why: coded events, written by actions only, in the action's own transaction."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from core.models import AuditEvent
from core.users import Actor, as_row

EVENT_TYPES: dict[str, EventType] = {}


@dataclass(frozen=True)
class EventType:
    """One kind of event: a dotted code, a sentence with {placeholders} taken from the event's details, an icon's name."""

    code: str
    sentence: Any
    icon: str = "history"


def event_type(code: str, sentence: Any, *, icon: str = "history") -> EventType:
    """Declare an event type; a code stands once in the whole product."""
    if code in EVENT_TYPES:
        raise ValueError(f"event {code} is declared twice")
    EVENT_TYPES[code] = EventType(code, sentence, icon)
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
    return AuditEvent.objects.create(
        actor=as_row(by),
        code=event.code,
        target_type=on._meta.label_lower,  # noqa: SLF001  Django documents _meta
        target_id=on.pk,
        account_id=account_id,
        details=_plain(details),
    )


def sentence(event: AuditEvent) -> str:
    """The event in words, in the reader's language."""
    kind = EVENT_TYPES.get(event.code)
    if kind is None:
        return event.code
    return str(kind.sentence).format_map(_Blank(event.details))


def icon(event: AuditEvent) -> str:
    """The icon of the event's kind."""
    kind = EVENT_TYPES.get(event.code)
    return kind.icon if kind else "history"


class _Blank(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "–"


def _plain(details: dict[str, Any]) -> dict[str, Any]:
    """Details as JSON takes them: days as ISO text, amounts as text, lazy text in the source language."""
    result: dict[str, Any] = json.loads(json.dumps(details, cls=DjangoJSONEncoder))
    return result
