"""Occurrences come into being: one set-based insert that any number of planners may do at once."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from reminders.channels import available
from reminders.choices import Arrival, Channel
from reminders.models import Occurrence, Preference
from reminders.queries.calendar import working_days
from reminders.queries.people import People, people
from reminders.queries.settings import is_on
from reminders.registry import ReminderRule
from reminders.rules.quiet import free_from
from reminders.rules.workdays import Works

BATCH = 5_000


@dataclass(frozen=True)
class NewOccurrence:
    """A fact on its way to become occurrences, one a channel."""

    meant_for_id: int
    subject_id: int | None
    slot_key: str
    due_on: date | None
    due_at: datetime
    account_id: int | None = None
    deadline_on: date | None = None
    words: dict[str, Any] = field(default_factory=dict)
    subject_type: str = ""
    url: str = ""
    asked_by_id: int | None = None
    arrival: Arrival = Arrival.RULE


def make(rule: ReminderRule, new: Collection[NewOccurrence], now: datetime) -> int:
    """Insert what is not there yet, for every channel its person wants; returns for how many facts there is something to tell."""
    if not new:
        return 0
    told = people({one.meant_for_id for one in new}, now)
    works = working_days(told.on)
    chosen = _chosen(rule, told)
    rows = [
        _row(rule, one, channel, told, works, now)
        for one in new
        for channel in available()
        if channel in rule.offered and is_on(rule, channel, chosen.get(one.meant_for_id, {}))
    ]
    Occurrence.objects.bulk_create(rows, batch_size=BATCH, ignore_conflicts=True)
    return len({(row.meant_for_id, row.slot_key) for row in rows})


def _row(
    rule: ReminderRule, one: NewOccurrence, channel: Channel, told: People, works: Works, now: datetime
) -> Occurrence:
    key = f"{rule.code}:{one.slot_key}:{one.meant_for_id}"
    return Occurrence(
        rule=rule.code, recipient_id=one.meant_for_id, meant_for_id=one.meant_for_id, channel=channel,
        slot_key=one.slot_key, arrival=one.arrival, asked_by_id=one.asked_by_id, subject_type=one.subject_type or rule.subject,
        subject_id=one.subject_id, account_id=one.account_id,
        url=one.url or (rule.url_of(one.subject_id) if one.subject_id else ""), words=one.words, importance=rule.importance,
        due_on=one.due_on, first_due_at=one.due_at, due_at=one.due_at, deadline_on=one.deadline_on,
        free_at=free_from(max(one.due_at, now), channel, rule.importance, told.hours_of(one.meant_for_id), works, key),
    )  # fmt: skip


def _chosen(rule: ReminderRule, told: People) -> dict[int, dict[tuple[str, Channel], bool]]:
    """What each of these people chose for this rule."""
    found: dict[int, dict[tuple[str, Channel], bool]] = {}
    rows = Preference.objects.filter(rule=rule.code, user__in=list(told.by_id))
    for user_id, channel, wanted in rows.values_list("user_id", "channel", "is_on"):
        found.setdefault(user_id, {})[rule.code, Channel(channel)] = wanted
    return found
