"""Planning follow-up: the one way for an app, or a person, to have somebody reminded of something on a day."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.db.models import F, Model
from django.utils.translation import gettext as _

from core import audit
from core.errors import DomainError
from core.models import User
from core.permissions import require
from core.users import Actor
from reminders import events
from reminders.actions.making import NewOccurrence, make
from reminders.choices import WAITING_STATES, Arrival, EndReason, State
from reminders.models import Occurrence, OccurrenceQuerySet
from reminders.queries import database_now, people
from reminders.registry import rule_of
from reminders.rules.clock import instant

ASKED = "reminders.asked"


@transaction.atomic
def schedule(
    *,
    by: Actor,
    to: User,
    on: date | None = None,
    at: datetime | None = None,
    about: Model | None = None,
    rule: str = ASKED,
    slot: str = "",
    account_id: int | None = None,
    deadline_on: date | None = None,
    url: str = "",
    **words: Any,
) -> Occurrence | None:
    """Remind `to` on a day (`on`, at the rule's time where he is) or at a moment (`at`), of `words` about a record.

    The same rule, person and `slot` again changes nothing: whoever calls twice plans once. Without a slot each call is one of its
    own. Returns the head occurrence; None if the person has switched this rule off by every channel.
    """
    require(by, "reminders.schedule")
    declared = rule_of(rule)
    now = database_now()
    if not to.is_active:
        raise DomainError(_("%(name)s no longer works here.") % {"name": to}, field="to")
    if at is None and on is None:
        raise DomainError(_("Choose a day."), field="on")
    if rule == ASKED and not str(words.get("text", "")).strip():
        raise DomainError(_("Say of what."), field="text")
    moment = at or instant(on or now.date(), declared.at, people([to.pk], now).zone_of(to.pk))
    key = (slot or uuid4().hex)[:120]
    planned = Occurrence.objects.filter(rule=rule, meant_for=to, slot_key=key)
    is_new = not planned.exists() or _plan_again(planned, moment)
    new = NewOccurrence(
        meant_for_id=to.pk, subject_id=about.pk if about else None, slot_key=key, due_on=on, due_at=moment,
        account_id=account_id, deadline_on=deadline_on, words=words, asked_by_id=by.pk, arrival=Arrival.ASKED,
        subject_type=about._meta.label_lower if about else "", url=url or (_page_of(about) if about else ""),
    )  # fmt: skip
    make(declared, [new], now)
    head = min(planned.all(), key=_head_first, default=None)
    if head is not None and is_new:
        audit.record(events.SCHEDULED, by=by, on=head, recipient=str(to), title=declared.say(words))
    return head


def _plan_again(rows: OccurrenceQuerySet, moment: datetime) -> bool:
    """What was called off is planned anew for another moment; whether there was such a thing."""
    return bool(
        rows.filter(ended_because=EndReason.CALLED_OFF).update(
            state=State.PLANNED, due_at=moment, first_due_at=moment, free_at=moment, round=F("round") + 1, attempts=0,
            ended_at=None, ended_because="", sent_at=None, read_at=None,
        )
    )  # fmt: skip


@transaction.atomic
def cancel(*, by: Actor, rule: str, slot: str, to: User | None = None) -> int:
    """Call off what was scheduled under this slot, for one person or for all. Returns how many were still to come or open."""
    require(by, "reminders.schedule")
    rows = Occurrence.objects.filter(rule=rule, slot_key=slot)
    if to is not None:
        rows = rows.filter(recipient=to)
    now = database_now()
    over = {"ended_at": now, "ended_because": EndReason.CALLED_OFF, "free_at": None, "escalates_at": None}
    locked = list(rows.select_for_update(no_key=True).order_by("pk"))
    waiting = [row.pk for row in locked if row.state in WAITING_STATES]
    told = [row.pk for row in locked if row.state in {State.SENT, State.PARKED}]
    count = Occurrence.objects.filter(pk__in=waiting).update(state=State.CANCELLED, lease_token=None, **over)
    count += Occurrence.objects.filter(pk__in=told).update(state=State.DONE, **over)
    if count:
        head = min(locked, key=_head_first)
        audit.record(events.CALLED_OFF, by=by, on=head, title=rule_of(rule).say(head.words))
    return count


def _head_first(occurrence: Occurrence) -> tuple[bool, int]:
    return occurrence.channel != "in_app", occurrence.pk


def _page_of(record: Model) -> str:
    page = getattr(record, "get_absolute_url", None)
    return str(page()) if page else ""
