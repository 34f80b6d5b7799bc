"""What people do with a reminder. Acting on one acts on its siblings: the same fact by mail is dealt with too."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Case, DateTimeField, F, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from core import audit
from core.errors import Conflict, DomainError, NotAllowed
from core.models import User
from core.people import get_colleague
from core.permissions import allowed, require
from core.users import Actor, as_row
from reminders import events
from reminders.channels import available
from reminders.choices import OPEN_STATES, WAITING_STATES, Arrival, Channel, EndReason, Importance, State
from reminders.models import Occurrence, OccurrenceQuerySet
from reminders.queries import database_now, get_occurrence, is_on, people, preferences_of
from reminders.registry import RULES, rule_of
from reminders.rules.clock import day_at
from reminders.rules.escalation import next_step_at
from reminders.rules.quiet import breaks_quiet
from reminders.rules.snoozing import Refusal, refusal


@transaction.atomic
def acknowledge_reminder(*, by: Actor, occurrence_id: int) -> Occurrence:
    """Say "I see to it": it stays on the desk and no longer goes up to anybody."""
    occurrence = _open_one(by, occurrence_id)
    now = database_now()
    mine = _siblings(occurrence).filter(acknowledged_at=None)
    mine.update(acknowledged_at=now, acknowledged_by=as_row(by), escalates_at=None, read_at=_or(now))
    _stop_below(occurrence)
    audit.record(events.ACKNOWLEDGED, by=by, on=occurrence, title=_title(occurrence))
    return _again(occurrence)


@transaction.atomic
def finish_reminder(*, by: Actor, occurrence_id: int) -> Occurrence:
    """It is dealt with: off the desk, not told by any other channel, and no longer with those it went up to.

    Raises DomainError where only the fact itself can be settled (`done_by_act`): ticked off, it would come again tomorrow.
    """
    occurrence = _open_one(by, occurrence_id)
    rule = RULES.get(occurrence.rule)
    if rule and rule.done_by_act:
        raise DomainError(_("Settle it where it stands: ticked off here it would come again."), code="settle_first")
    now = database_now()
    _end(_siblings(occurrence), by, now, EndReason.FINISHED)
    _end(_led_to(occurrence, Arrival.ESCALATED), by, now, EndReason.FINISHED)
    _stop_below(occurrence)
    audit.record(events.FINISHED, by=by, on=occurrence, title=_title(occurrence))
    return _again(occurrence)


@transaction.atomic
def snooze_reminder(*, by: Actor, occurrence_id: int, until: datetime, reason: str = "") -> Occurrence:
    """Tell it again later: the same occurrence with a new due moment. Five times or fourteen days; beyond either with a reason.

    Never past the day on which a right is lost. A critical one keeps climbing meanwhile.
    """
    occurrence = _open_one(by, occurrence_id)
    now = database_now()
    why = refusal(
        until=until, now=now, first_due_at=occurrence.first_due_at, snoozes=occurrence.snoozes,
        deadline_on=occurrence.deadline_on, reason=reason,
        today=day_at(until, people([occurrence.recipient_id], now).zone_of(occurrence.recipient_id)),
    )  # fmt: skip
    if why is not None:
        field = "reason" if why == Refusal.NEEDS_A_REASON else "until"
        raise DomainError(_in_words(why, occurrence), field=field, code=why.value)
    rows = _siblings(occurrence)
    rows.update(
        state=State.SNOOZED, due_at=until, free_at=until, snoozes=F("snoozes") + 1, round=F("round") + 1, attempts=0,
        lease_token=None, read_at=None, note=reason.strip()[:300],
    )  # fmt: skip
    if not _keeps_climbing(occurrence):
        rows.update(escalates_at=None)
    audit.record(events.SNOOZED, by=by, on=occurrence, title=_title(occurrence), until=until, reason=reason.strip())
    return _again(occurrence)


@transaction.atomic
def hand_over_reminder(*, by: Actor, occurrence_id: int, to_user_id: int, reason: str = "") -> Occurrence:
    """Give it to a colleague: theirs is told at once, ours is over. Returns the colleague's."""
    occurrence = _open_one(by, occurrence_id)
    to = get_colleague(by, to_user_id)
    if not to.is_active:
        raise DomainError(_("%(name)s no longer works here.") % {"name": to}, field="to_user_id")
    if to.pk == occurrence.recipient_id:
        raise DomainError(_("%(name)s has this reminder already.") % {"name": to}, field="to_user_id")
    now = database_now()
    theirs = pass_on(occurrence, to=to, arrival=Arrival.HANDED_OVER, now=now, asked_by=as_row(by), note=reason)
    if theirs is None:
        raise Conflict(_("%(name)s has this reminder already.") % {"name": to}, current=occurrence)
    _end(_siblings(occurrence), by, now, EndReason.HANDED_OVER)
    audit.record(
        events.HANDED_OVER, by=by, on=occurrence, title=_title(occurrence), recipient=str(to), reason=reason.strip()
    )
    return theirs


@transaction.atomic
def take_back(*, by: Actor, occurrence_id: int) -> Occurrence:
    """Undo what was done last: done, put off or handed over becomes open again, unless the colleague has begun with it."""
    occurrence = _locked(by, occurrence_id)
    now = database_now()
    if occurrence.state == State.SNOOZED:
        ours = _siblings(occurrence).filter(state=State.SNOOZED)
        ours.update(
            snoozes=F("snoozes") - 1, due_at=F("first_due_at"), state=_told_or_not(), free_at=_when_not_told(now)
        )
    elif occurrence.state == State.CANCELLED and occurrence.ended_because == EndReason.FINISHED:
        ours = _siblings(occurrence, only_open=False).filter(ended_because=EndReason.FINISHED, sent_at=None)
        ours.update(state=State.PLANNED, free_at=F("due_at"), ended_at=None, ended_because="")
    elif occurrence.state == State.DONE and occurrence.ended_because in {EndReason.FINISHED, EndReason.HANDED_OVER}:
        theirs = Occurrence.objects.filter(
            came_from__in=_siblings(occurrence, only_open=False).values("pk"), arrival=Arrival.HANDED_OVER
        )
        handed_over = occurrence.ended_because == EndReason.HANDED_OVER
        if handed_over and not theirs.exists():
            raise Conflict(_("There is nothing to take back."), current=occurrence)
        if theirs.filter(acknowledged_at__isnull=False, state__in=OPEN_STATES).exists():
            raise Conflict(_("Your colleague has begun with it."), current=occurrence)
        _end(theirs, by, now, EndReason.TAKEN_BACK)
        ours = _siblings(occurrence, only_open=False).filter(state=State.DONE)
        ours.update(state=State.SENT, ended_at=None, ended_because="", acknowledged_at=None, acknowledged_by=None)
    else:
        raise Conflict(_("There is nothing to take back."), current=occurrence)
    for row in _siblings(occurrence).exclude(chain=[]):
        Occurrence.objects.filter(pk=row.pk).update(escalates_at=next_step_at(row.chain))
    audit.record(events.TAKEN_BACK, by=by, on=occurrence, title=_title(occurrence))
    return _again(occurrence)


@transaction.atomic
def mark_read(*, by: User, occurrence_ids: Collection[int]) -> int:
    """The bell was opened: these of his own are no longer unread. Not an acknowledgement."""
    mine = Occurrence.objects.filter(recipient=by, pk__in=occurrence_ids, channel=Channel.IN_APP, read_at=None)
    return mine.update(read_at=database_now())


# ------------------------------------------------------------------ shared with escalating


def pass_on(
    occurrence: Occurrence,
    *,
    to: User,
    arrival: Arrival,
    now: datetime,
    asked_by: User | None = None,
    note: str = "",
) -> Occurrence | None:
    """The same fact for somebody else, due now, by the channels he wants. None: that person is told of it already."""
    rule, chosen = RULES.get(occurrence.rule), preferences_of(to)
    rows = [
        Occurrence(
            rule=occurrence.rule, recipient=to, meant_for_id=occurrence.meant_for_id, channel=channel,
            slot_key=occurrence.slot_key, arrival=arrival, came_from=occurrence, asked_by=asked_by,
            subject_type=occurrence.subject_type, subject_id=occurrence.subject_id, account_id=occurrence.account_id,
            url=occurrence.url, words=occurrence.words, importance=occurrence.importance, due_on=occurrence.due_on,
            first_due_at=now, due_at=now, free_at=now, deadline_on=occurrence.deadline_on, note=note.strip()[:300],
        )
        for channel in available()
        if channel == Channel.IN_APP or (rule and channel in rule.offered and is_on(rule, channel, chosen))
    ]  # fmt: skip
    _give_again(occurrence, to, now, asked_by, note)
    Occurrence.objects.bulk_create(rows, ignore_conflicts=True)
    theirs = Occurrence.objects.filter(rule=occurrence.rule, recipient=to, slot_key=occurrence.slot_key, due_at=now)
    return theirs.filter(channel=Channel.IN_APP).first()


def _give_again(occurrence: Occurrence, to: User, now: datetime, asked_by: User | None, note: str) -> None:
    """It was this person's before and went to somebody else, or was taken back: the same rows, another round."""
    before = Occurrence.objects.filter(rule=occurrence.rule, recipient=to, slot_key=occurrence.slot_key)
    before.filter(ended_because__in=[EndReason.HANDED_OVER, EndReason.TAKEN_BACK]).update(
        state=State.PLANNED, due_at=now, free_at=now, round=F("round") + 1, attempts=0, ended_at=None, ended_because="",
        sent_at=None, read_at=None, acknowledged_at=None, acknowledged_by=None, asked_by=asked_by, note=note.strip()[:300],
    )  # fmt: skip


def _open_one(by: Actor, occurrence_id: int) -> Occurrence:
    """The occurrence, locked, if this person may act on it and it is still open."""
    occurrence = _locked(by, occurrence_id)
    if occurrence.state not in OPEN_STATES:
        raise Conflict(_("This reminder is over already."), current=occurrence)
    return occurrence


def _locked(by: Actor, occurrence_id: int) -> Occurrence:
    """The occurrence, locked with its siblings. Acting is for whoever is told, and for those who lead him."""
    require(by, "reminders.use")
    occurrence = get_occurrence(by, occurrence_id)
    if by.pk != occurrence.recipient_id and not allowed(by, "reminders.lead"):
        raise NotAllowed("reminders.lead")
    together = Occurrence.objects.siblings_of(occurrence).select_for_update(no_key=True).order_by("pk")
    return next(row for row in together if row.pk == occurrence.pk)


def _siblings(occurrence: Occurrence, *, only_open: bool = True) -> OccurrenceQuerySet:
    rows = Occurrence.objects.siblings_of(occurrence)
    return rows.filter(state__in=OPEN_STATES) if only_open else rows


def _led_to(occurrence: Occurrence, arrival: Arrival) -> OccurrenceQuerySet:
    """What went on from here to others."""
    return Occurrence.objects.filter(
        came_from__in=Occurrence.objects.siblings_of(occurrence).values("pk"), arrival=arrival, state__in=OPEN_STATES
    )


def _stop_below(occurrence: Occurrence) -> None:
    """Whoever it went up to has taken notice: it goes no higher."""
    if occurrence.arrival == Arrival.ESCALATED and occurrence.came_from_id:
        below = Occurrence.objects.get(pk=occurrence.came_from_id)
        Occurrence.objects.siblings_of(below).update(escalates_at=None)


def _end(rows: OccurrenceQuerySet, by: Actor, now: datetime, why: EndReason) -> None:
    """Over: what was told is done, what was not is cancelled."""
    over: dict[str, Any] = {
        "ended_at": now, "ended_because": why, "free_at": None, "lease_token": None, "escalates_at": None,
    }  # fmt: skip
    rows.filter(state__in=WAITING_STATES, sent_at=None).update(state=State.CANCELLED, **over)
    rows.filter(state__in=OPEN_STATES).update(
        state=State.DONE, acknowledged_at=now, acknowledged_by=as_row(by), read_at=_or(now), **over
    )


def _or(now: datetime) -> Any:
    """`read_at` if it was read before, else now."""
    return Coalesce("read_at", now)


def _told_or_not() -> Case:
    """Back to where it was: told, or still to be told."""
    return Case(When(sent_at=None, then=Value(State.PLANNED)), default=Value(State.SENT))


def _when_not_told(now: datetime) -> Case:
    return Case(When(sent_at=None, then=Value(now)), default=None, output_field=DateTimeField())


def _keeps_climbing(occurrence: Occurrence) -> bool:
    return breaks_quiet(Importance(occurrence.importance))


def _again(occurrence: Occurrence) -> Occurrence:
    occurrence.refresh_from_db()
    return occurrence


def _title(occurrence: Occurrence) -> str:
    """Which reminder, for the audit trail."""
    rule = rule_of(occurrence.rule)
    return rule.say(occurrence.words)


def _in_words(why: Refusal, occurrence: Occurrence) -> str:
    if why == Refusal.IN_THE_PAST:
        return _("Choose a time to come.")
    if why == Refusal.TOO_FAR:
        return _("Not further than a year.")
    if why == Refusal.PAST_DEADLINE:
        return _("The right would be lost: it must be dealt with before %(day)s.") % {"day": occurrence.deadline_on}
    return _("It has been put off five times or for fourteen days: say why once more.")
