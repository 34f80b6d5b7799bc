"""The planner: what is so, and what is no longer so. It compares facts with occurrences; when it last ran does not matter.

Any number may run at once. The unique keys keep them from planning anything twice; a lock of the transaction only saves work.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection, transaction

from core.permissions import require
from core.users import SYSTEM, Actor
from reminders.actions.making import NewOccurrence, make
from reminders.choices import OPEN_STATES, WAITING_STATES, Arrival, Channel, EndReason, Importance, State
from reminders.models import Occurrence, RuleSetting
from reminders.queries import database_now, people, working_days
from reminders.queries.facts import changed_by_facts, look_at, read_facts
from reminders.queries.settings import rule_settings
from reminders.registry import RULES, Facts, ReminderRule
from reminders.rules.clock import day_at, instant
from reminders.rules.quiet import free_from
from reminders.rules.workdays import Works, shifted

log = logging.getLogger(__name__)

HORIZON = timedelta(hours=48)
AT_ONCE = 5_000
LOCK = 7_302_001  # of pg_try_advisory_xact_lock, with the rule's own number


@dataclass
class Planned:
    """What one run of the planner changed."""

    added: int = 0
    revived: int = 0
    closed: int = 0
    moved: int = 0
    failed: int = 0


def plan(*, by: Actor = SYSTEM, now: datetime | None = None, only: Collection[str] | None = None) -> Planned:
    """Bring the occurrences of every rule (or of these) in line with the facts of now and the next 48 hours.

    A rule whose query fails is told in the log and does not keep the others from being planned.
    """
    require(by, "reminders.schedule")
    now = now or database_now()
    works = working_days(now.date())
    changed = rule_settings()
    done = Planned()
    for rule in RULES.values():
        if only is not None and rule.code not in only:
            continue
        try:
            _plan_rule(rule, changed.get(rule.code), now, works, done)
        except Exception:
            log.exception("Reminders of %s could not be planned", rule.code)
            done.failed += 1
    if only is None:
        done.moved = _retime(now, works, changed)
    return done


@transaction.atomic
def _plan_rule(rule: ReminderRule, changed: RuleSetting | None, now: datetime, works: Works, done: Planned) -> None:
    if not _mine_to_plan(rule):
        return
    if changed is not None and not changed.is_on:
        done.closed += _switch_off(rule, now)
        return
    if rule.find is None:
        return
    found = rule.find(look_at(rule, now, works))
    at = (changed.at if changed else None) or rule.at
    new = [one for one in _unplanned(rule, found, now, works, at) if one.due_at <= now + HORIZON]
    done.added += make(rule, new, now)
    if rule.settles:
        done.revived += _revive(rule, found, now)
        done.closed += _close_gone(rule, found, now)


def _mine_to_plan(rule: ReminderRule) -> bool:
    """Whether nobody else plans this rule at this moment."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_xact_lock(%s, hashtext(%s))", [LOCK, rule.code])
        return bool(cursor.fetchone()[0])


def _unplanned(rule: ReminderRule, found: Facts, now: datetime, works: Works, at: Any) -> Iterable[NewOccurrence]:
    """Facts nobody has been planned to be told of, each with its moment."""
    rows = read_facts(
        found,
        """
        select f.meant_for_id, f.subject_id, f.slot_key, f.due_on, f.due_at, f.account_id, f.deadline_on, f.words, u.time_zone
        from facts f join core_user u on u.id = f.meant_for_id
        where not exists (
            select from reminders_occurrence o
            where o.rule = %s and o.meant_for_id = f.meant_for_id and o.slot_key = f.slot_key and o.arrival = %s)
        limit %s
        """,
        [rule.code, Arrival.RULE, AT_ONCE],
    )
    moments: dict[tuple[date, str], datetime] = {}
    for who, about, slot, due_on, told_at, account_id, deadline_on, words, zone in rows:
        due_at = told_at
        if due_at is None:
            key = (due_on or day_at(now, ZoneInfo(zone or settings.TIME_ZONE)), zone)
            if key not in moments:
                moments[key] = _moment(rule, key[0], at, zone, works)
            due_at = moments[key]
        yield NewOccurrence(who, about, slot, due_on, due_at, account_id, deadline_on, json.loads(words))


def _moment(rule: ReminderRule, on: date, at: Any, zone: str, works: Works) -> datetime:
    """When somebody in this zone is told of a fact of this day."""
    return instant(shifted(on, rule.shift, works), at, ZoneInfo(zone or settings.TIME_ZONE))


def _revive(rule: ReminderRule, found: Facts, now: datetime) -> int:
    """What was thought to be over and is so again: untold it is planned as before, told it is back on the desk, told once."""
    return changed_by_facts(
        found,
        """
        update reminders_occurrence o
        set state = case when o.sent_at is null then 'planned' else 'sent' end,
            free_at = case when o.sent_at is null then greatest(o.due_at, %s) end,
            ended_at = null, ended_because = '', words = f.words
        from facts f
        where o.rule = %s and o.arrival = %s and o.meant_for_id = f.meant_for_id and o.slot_key = f.slot_key
          and o.state in ('cancelled', 'done') and o.ended_because = %s
        """,
        [now, rule.code, Arrival.RULE, EndReason.SETTLED],
    )


def _close_gone(rule: ReminderRule, found: Facts, now: datetime) -> int:
    """What is no longer so: untold it is cancelled, told it is done by itself; whoever it went up or over to is spared too."""
    return changed_by_facts(
        found,
        """
        update reminders_occurrence o
        set state = case when o.sent_at is null then 'cancelled' else 'done' end,
            ended_at = %s, ended_because = %s, free_at = null, lease_token = null, escalates_at = null
        where o.rule = %s and o.state = any(%s) and o.arrival <> %s
          and not exists (select from facts f where f.meant_for_id = o.meant_for_id and f.slot_key = o.slot_key)
        """,
        [now, EndReason.SETTLED, rule.code, _names(OPEN_STATES), Arrival.ASKED],
    )


def _switch_off(rule: ReminderRule, now: datetime) -> int:
    """An administrator switched the rule off: nobody is told of what waits."""
    return Occurrence.objects.filter(rule=rule.code, state__in=WAITING_STATES).update(
        state=State.CANCELLED, ended_at=now, ended_because=EndReason.SWITCHED_OFF, free_at=None, lease_token=None,
        escalates_at=None,
    )  # fmt: skip


@transaction.atomic
def _retime(now: datetime, works: Works, changed: dict[str, RuleSetting]) -> int:
    """Somebody moved to another time zone, or the calendar or a rule's hour changed: what waits gets its new moment."""
    waiting = Occurrence.objects.filter(
        state=State.PLANNED, arrival=Arrival.RULE, round=0, attempts=0, due_on__isnull=False, due_at__gt=now
    ).order_by()
    moved = 0
    for code, due_on, zone, due_at in waiting.values_list(
        "rule", "due_on", "meant_for__time_zone", "due_at"
    ).distinct():
        rule = RULES.get(code)
        if rule is None or due_on is None:
            continue
        setting = changed.get(code)
        wanted = _moment(rule, due_on, (setting.at if setting else None) or rule.at, zone, works)
        if wanted != due_at:
            rows = waiting.filter(rule=code, due_on=due_on, meant_for__time_zone=zone, due_at=due_at)
            moved += _move(
                list(rows.select_for_update(of=("self",), no_key=True, skip_locked=True)), wanted, now, works
            )
    return moved


def _move(rows: Sequence[Occurrence], to: datetime, now: datetime, works: Works) -> int:
    told = people({row.meant_for_id for row in rows}, now)
    for row in rows:
        row.due_at = row.first_due_at = to
        key = f"{row.rule}:{row.slot_key}:{row.meant_for_id}"
        row.free_at = free_from(
            max(to, now), Channel(row.channel), Importance(row.importance), told.hours_of(row.meant_for_id), works, key
        )
    return Occurrence.objects.bulk_update(rows, ["due_at", "first_due_at", "free_at"])


def _names(states: Iterable[State]) -> list[str]:
    return [state.value for state in states]
