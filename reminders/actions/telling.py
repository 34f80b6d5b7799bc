"""Telling in Keyline: the occurrence comes onto the desk in the transaction that decides so, thus exactly once."""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from datetime import datetime

from django.db import connection, transaction

from core.permissions import require
from core.users import SYSTEM, Actor
from reminders.actions.judging import Verdicts, judge
from reminders.actions.mending import SERVER_IS_AWAY, set_aside, waiting_now
from reminders.choices import Arrival, Channel, Importance, Result, State
from reminders.models import Occurrence
from reminders.queries import database_now
from reminders.registry import RULES
from reminders.rules.escalation import Step, chain
from reminders.rules.quiet import breaks_quiet

log = logging.getLogger(__name__)

BATCH = 500


def tell_in_app(*, by: Actor = SYSTEM, now: datetime | None = None, batches: int = 200) -> int:
    """Put on the desk what is due, batch after batch; returns how many. Any number of dispatchers may do so at once."""
    require(by, "reminders.schedule")
    told = 0
    for _batch in range(batches):
        moment = now or database_now()
        try:
            dealt_with, shown = _tell_batch(moment)
        except SERVER_IS_AWAY:
            raise
        except Exception:
            log.exception("A batch of reminders could not be told")
            if not set_aside(Channel.IN_APP, moment):
                raise
            continue
        told += shown
        if dealt_with < BATCH:
            break
    return told


@transaction.atomic
def _tell_batch(now: datetime) -> tuple[int, int]:
    """How many were dealt with, and how many of them came onto the desk."""
    due = waiting_now(Channel.IN_APP, now).select_for_update(skip_locked=True, no_key=True)
    rows = list(due[:BATCH])
    if not rows:
        return 0, 0
    verdicts = judge(rows, now)
    end_untold(verdicts)
    _show(verdicts)
    return len(rows), len(verdicts.tell)


def end_untold(verdicts: Verdicts) -> None:
    """Close what is not to be told any more."""
    for why, rows in verdicts.over.items():
        again = [row.pk for row in rows if row.sent_at is not None]
        over = {
            "ended_at": verdicts.now,
            "ended_because": why,
            "free_at": None,
            "lease_token": None,
            "escalates_at": None,
        }
        Occurrence.objects.filter(pk__in=again).update(state=State.DONE, **over)
        Occurrence.objects.filter(pk__in=[row.pk for row in rows]).exclude(pk__in=again).update(
            state=State.CANCELLED, **over
        )


def _show(verdicts: Verdicts) -> None:
    """Onto the desk, with the delivery that proves it and the clock that runs from now on: two statements."""
    rows, now = verdicts.tell, verdicts.now
    if not rows:
        return
    chains = _chains(verdicts)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            update reminders_occurrence o
            set state = 'sent', sent_at = %s, read_at = null, free_at = null, lease_token = null, attempts = 0,
                recipient_id = new.recipient, words = new.words, chain = coalesce(new.chain, o.chain),
                escalates_at = case when new.chain is null then o.escalates_at else new.escalates_at end
            from unnest(%s::bigint[], %s::bigint[], %s::jsonb[], %s::jsonb[], %s::timestamptz[])
                 as new (id, recipient, words, chain, escalates_at)
            where o.id = new.id
            """,
            [
                now,
                [row.pk for row in rows],
                [row.recipient_id for row in rows],
                [json.dumps(row.words) for row in rows],
                [None if steps is None else json.dumps(written(steps)) for steps in chains],
                [steps[0].at if steps else None for steps in chains],
            ],
        )
        cursor.execute(
            "insert into reminders_delivery (occurrence_id, round, attempt, at, result, message_id, error)"
            " select id, round, 1, %s, %s, '', '' from unnest(%s::bigint[], %s::int[]) as told (id, round)",
            [now, Result.SENT, [row.pk for row in rows], [row.round for row in rows]],
        )


def _chains(verdicts: Verdicts) -> list[Sequence[Step] | None]:
    """Of each row the steps that follow if nobody acts; None where the clock stays as it is."""
    known: dict[tuple[str, int], Sequence[Step]] = {}
    found: list[Sequence[Step] | None] = []
    for row in verdicts.tell:
        setting = verdicts.settings.get(row.rule)
        anew = row.state == State.SNOOZED and not breaks_quiet(Importance(row.importance))
        if (row.chain and not anew) or row.acknowledged_at or row.arrival == Arrival.ESCALATED:
            found.append(None)
            continue
        if setting is not None and not setting.climbs:
            found.append(())
            continue
        key = (row.rule, row.recipient_id)
        if key not in known:
            known[key] = _chain(verdicts, *key)
        found.append(known[key])
    return found


def _chain(verdicts: Verdicts, code: str, owner: int) -> Sequence[Step]:
    rungs = RULES[code].escalation.rungs
    if not rungs:
        return ()
    told = verdicts.told
    return chain(
        owner=owner, above=told.above(owner), stand_ins=told.stand_ins, told_at=verdicts.now, rungs=rungs,
        zone=told.zone_of(owner), works=verdicts.works,
    )  # fmt: skip


def written(steps: Sequence[Step]) -> list[dict[str, object]]:
    """A chain as it is stored."""
    return [{"rung": step.rung.value, "user": step.user_id, "at": step.at.isoformat(), "done": False} for step in steps]
