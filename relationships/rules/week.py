"""A week of visits (V2): its days, and when there is room for one more."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta, tzinfo

FIRST_HOUR, LAST_HOUR = 9, 17


def monday_of(day: date) -> date:
    """The Monday of the day's week."""
    return day - timedelta(days=day.weekday())


def free_moment(day: date, taken: Iterable[tuple[datetime, int]], zone: tzinfo, after: datetime) -> datetime:
    """The first full hour of the day with room for an hour's visit, later than `after`; else the day's last hour.

    `taken` are visits of that day: when and how many minutes.
    """
    spans = [(at, at + timedelta(minutes=minutes)) for at, minutes in taken]
    for hour in range(FIRST_HOUR, LAST_HOUR + 1):
        start = datetime.combine(day, time(hour), tzinfo=zone)
        end = start + timedelta(hours=1)
        if start > after and all(end <= first or start >= last for first, last in spans):
            return start
    return datetime.combine(day, time(LAST_HOUR), tzinfo=zone)
