"""What a rule finds: its query, wrapped so that planner and dispatcher can compare it with the occurrences."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection

from reminders.registry import COLUMNS, Facts, Look, ReminderRule
from reminders.rules.workdays import Works, furthest

TYPES = {
    "meant_for_id": "bigint", "subject_id": "bigint", "slot_key": "text", "due_on": "date", "due_at": "timestamptz",
    "account_id": "bigint", "deadline_on": "date", "words": "jsonb",
}  # fmt: skip
DAYS_AHEAD = timedelta(days=2)


def look_at(rule: ReminderRule, now: datetime, works: Works) -> Look:
    """What the rule is asked: the company's day, and the last day whose reminder comes within two days."""
    on = now.astimezone(ZoneInfo(settings.TIME_ZONE)).date()
    return Look(on=on, until=furthest(on + DAYS_AHEAD, rule.shift, works), now=now)


def read_facts(found: Facts, statement: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
    """The rows of a statement that reads `facts`."""
    with connection.cursor() as cursor:
        cursor.execute(_with(found, statement), [*found.parameters, *parameters])
        return list(cursor.fetchall())


def changed_by_facts(found: Facts, statement: str, parameters: Sequence[Any]) -> int:
    """How many rows a statement that reads `facts` changed."""
    with connection.cursor() as cursor:
        cursor.execute(_with(found, statement), [*found.parameters, *parameters])
        return int(cursor.rowcount)


def _with(found: Facts, statement: str) -> str:
    cast = ", ".join(f"{name}::{TYPES[name]}" for name in COLUMNS)
    return f"with facts as (select {cast} from ({found.sql}) as found ({', '.join(COLUMNS)})) {statement}"  # noqa: S608


def true_facts(
    rule: ReminderRule, about: Collection[int], now: datetime, works: Works
) -> dict[tuple[int, str], dict[str, Any]]:
    """Of these records what is so at this moment: the words of each fact by person and slot. One statement."""
    if rule.find is None:
        return {}
    rows = read_facts(
        rule.find(look_at(rule, now, works)),
        "select f.meant_for_id, f.slot_key, f.words from facts f where f.subject_id = any(%s)",
        [sorted(about)],
    )
    return {(who, slot): json.loads(words) for who, slot, words in rows}
