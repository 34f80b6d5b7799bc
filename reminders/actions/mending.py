"""One rule that cannot be judged does not keep the others from being told: its occurrences are set aside and tried later."""

from __future__ import annotations

import logging
from datetime import datetime

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import F

from core import audit
from core.users import SYSTEM
from reminders import events
from reminders.actions.judging import judge
from reminders.choices import WAITING_STATES, Channel, Result, State
from reminders.models import Delivery, Occurrence, OccurrenceQuerySet
from reminders.registry import RULES
from reminders.rules.escalation import MOST_ATTEMPTS, next_try

log = logging.getLogger(__name__)

SERVER_IS_AWAY = (OperationalError, InterfaceError)
"""Nobody's fault: nothing is set aside, the next tick comes."""


def waiting_now(channel: Channel, now: datetime) -> OccurrenceQuerySet:
    """What may be told by this channel at this moment and nobody has in hand, the longest due first."""
    rows = Occurrence.objects.filter(channel=channel, state__in=WAITING_STATES, free_at__lte=now)
    return rows.order_by("free_at", "id")


def set_aside(channel: Channel, now: datetime) -> int:
    """Of what waits, put off whatever belongs to a rule that cannot be judged; returns how many that were."""
    put_off = 0
    for code in waiting_now(channel, now).order_by().values_list("rule", flat=True).distinct():
        one = waiting_now(channel, now).filter(rule=code)
        try:
            with transaction.atomic():
                judge(list(one[:1]), now)
        except SERVER_IS_AWAY:
            raise
        except Exception as error:
            log.exception("Reminders of %s cannot be judged", code)
            put_off += _put_off(one, now, f"{type(error).__name__}: {error}")
    return put_off


@transaction.atomic
def _put_off(rows: OccurrenceQuerySet, now: datetime, error: str) -> int:
    """Each gets its failed attempt; after the last one it is parked."""
    batch = list(rows.select_for_update(skip_locked=True, no_key=True))
    for row in batch:
        row.attempts += 1
        again = next_try(row.attempts, now)
        Delivery.objects.create(
            occurrence=row, round=row.round, attempt=row.attempts, at=now, result=Result.FAILED, error=error[:400],
            next_try_at=again,
        )  # fmt: skip
        if again is None:
            park(row, error)
        else:
            Occurrence.objects.filter(pk=row.pk).update(attempts=F("attempts") + 1, free_at=again)
    return len(batch)


def park(row: Occurrence, error: str) -> None:
    """Given up: it stands in the ledger until somebody mends the cause and tries again."""
    log.error("Reminder %s was given up: %s", row, error)
    Occurrence.objects.filter(pk=row.pk, state__in=WAITING_STATES).update(
        state=State.PARKED, attempts=MOST_ATTEMPTS, free_at=None, lease_token=None
    )
    rule = RULES.get(row.rule)
    audit.record(events.PARKED, by=SYSTEM, on=row, title=rule.say(row.words) if rule else row.rule, error=error[:200])
