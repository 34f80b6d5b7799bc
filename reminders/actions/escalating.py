"""Nobody acted: the owner is told again, then his manager, then the director. The chain was frozen when it was first told."""

from __future__ import annotations

import logging
from datetime import datetime

from django.db import transaction
from django.db.models import F

from core import audit
from core.models import User
from core.permissions import require
from core.users import SYSTEM, Actor
from reminders import events
from reminders.actions.handling import pass_on
from reminders.actions.judging import Verdicts, judge
from reminders.actions.mending import SERVER_IS_AWAY
from reminders.actions.telling import end_untold
from reminders.choices import Arrival, Channel, Importance, Result, Rung, State
from reminders.models import Delivery, Occurrence, OccurrenceQuerySet
from reminders.queries import database_now
from reminders.registry import RULES
from reminders.rules.escalation import next_step_at
from reminders.rules.quiet import free_from

log = logging.getLogger(__name__)

BATCH = 200


def escalate(*, by: Actor = SYSTEM, now: datetime | None = None) -> int:
    """Take every step whose time has come; returns how many reminders went a step further."""
    require(by, "reminders.schedule")
    now = now or database_now()
    climbed = 0
    for code in list(_due(now).order_by().values_list("rule", flat=True).distinct()):
        try:
            climbed += _escalate_rule(by, code, now)
        except SERVER_IS_AWAY:
            raise
        except Exception:
            log.exception("Reminders of %s cannot climb", code)
    return climbed


def _due(now: datetime) -> OccurrenceQuerySet:
    """Those whose next step has come."""
    return Occurrence.objects.filter(
        escalates_at__lte=now, state__in=[State.SENT, State.SNOOZED], channel=Channel.IN_APP
    ).order_by("escalates_at", "id")


def _escalate_rule(by: Actor, code: str, now: datetime) -> int:
    """All of one rule, batch after batch."""
    climbed = 0
    while True:
        looked_at, went = _escalate_batch(by, code, now)
        climbed += went
        if looked_at < BATCH:
            return climbed


@transaction.atomic
def _escalate_batch(by: Actor, code: str, now: datetime) -> tuple[int, int]:
    rows = list(_due(now).filter(rule=code).select_for_update(skip_locked=True, no_key=True)[:BATCH])
    if not rows:
        return 0, 0
    verdicts = judge(rows, now, stay=True)  # who had it keeps it; stand-ins were asked when the chain was made
    end_untold(verdicts)
    for row in verdicts.tell:
        _climb(by, row, now, verdicts)
    return len(rows), len(verdicts.tell)


def _climb(by: Actor, row: Occurrence, now: datetime, verdicts: Verdicts) -> None:
    """Take the steps of one reminder that are due. After a pause of the house the owner is not told again if others are."""
    due = [step for step in row.chain if not step["done"] and datetime.fromisoformat(step["at"]) <= now]
    higher = [step for step in due if step["rung"] != Rung.AGAIN]
    for step in due:
        step["done"] = True
    if due and not higher and row.state == State.SENT:
        _tell_again(row, now, verdicts)
    for step in higher:
        boss = User.objects.filter(pk=step["user"], is_active=True).first()
        theirs = boss and pass_on(row, to=boss, arrival=Arrival.ESCALATED, now=now)
        if boss and theirs:
            step["told"] = str(boss)
            audit.record(
                events.ESCALATED, by=by, on=row, account_id=row.account_id, title=_title(row), recipient=str(boss)
            )
    Occurrence.objects.filter(pk=row.pk).update(chain=row.chain, escalates_at=next_step_at(row.chain))


def _tell_again(row: Occurrence, now: datetime, verdicts: Verdicts) -> None:
    """Unread on top of the desk once more, in this transaction; by other channels as they come."""
    Occurrence.objects.filter(pk=row.pk).update(round=F("round") + 1, sent_at=now, read_at=None)
    Delivery.objects.create(occurrence=row, round=row.round + 1, at=now, result=Result.SENT)
    for other in Occurrence.objects.siblings_of(row).filter(state=State.SENT).exclude(channel=Channel.IN_APP):
        hours = verdicts.told.hours_of(other.recipient_id)
        key = f"{other.rule}:{other.slot_key}:{other.recipient_id}"
        Occurrence.objects.filter(pk=other.pk, state=State.SENT).update(
            state=State.PLANNED, round=F("round") + 1, attempts=0,
            free_at=free_from(now, Channel(other.channel), Importance(other.importance), hours, verdicts.works, key),
        )  # fmt: skip


def _title(row: Occurrence) -> str:
    return RULES[row.rule].say(row.words)
