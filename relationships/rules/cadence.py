"""Cadence (R11): who has been left alone too long, and a year of contact as a calendar."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

WEEKS = 53
SIZE, STEP = 11, 14  # of a day in the drawing, and from one to the next


def days_late(last_on: date | None, known_since: date, cadence: timedelta, on: date) -> int:
    """Days beyond the longest silence of the tier; zero or less while all is well. Never in touch: since it is known."""
    return (on - (last_on or known_since) - cadence).days


@dataclass(frozen=True)
class HeatDay:
    """One day of the calendar: its place in the drawing, how many contacts, how strong its colour is (0 to 4)."""

    day: date
    count: int
    x: int
    y: int

    @property
    def level(self) -> int:
        return min(self.count, 4)


@dataclass(frozen=True)
class HeatMonth:
    """A month's name above the drawing, where there is room before the next, and its line in the table behind it."""

    first: date
    count: int
    x: int
    has_room: bool


@dataclass(frozen=True)
class HeatYear:
    """The last 53 weeks, Monday to Sunday, this week last."""

    days: list[HeatDay]
    months: list[HeatMonth]
    total: int
    longest_silence: int
    """Days of the longest stretch without a contact since the first one in that time, up to today."""

    width: int = WEEKS * STEP
    height: int = 7 * STEP


def heat_year(counts: Mapping[date, int], on: date) -> HeatYear:
    """The calendar of a year that ends with the week of `on`."""
    first = on - timedelta(days=on.weekday(), weeks=WEEKS - 1)
    days, months, longest = [], [], 0
    silence: int | None = None  # counted from the first contact on: before it nobody knew them
    for number in range((on - first).days + 1):
        day = first + timedelta(days=number)
        count = counts.get(day, 0)
        x, y = number // 7 * STEP, number % 7 * STEP
        days.append(HeatDay(day, count, x, y))
        if day.day == 1 or number == 0:
            months.append((day, x))
        if count or silence is not None:
            silence = 0 if count else (silence or 0) + 1
            longest = max(longest, silence)
    return HeatYear(days, _months(months, days), sum(day.count for day in days), longest)


def _months(starts: list[tuple[date, int]], days: list[HeatDay]) -> list[HeatMonth]:
    found = []
    for (day, x), (_next, beyond) in zip(starts, [*starts[1:], (date.max, WEEKS * STEP)], strict=True):
        count = sum(other.count for other in days if (other.day.year, other.day.month) == (day.year, day.month))
        found.append(HeatMonth(day, count, x, has_room=beyond - x >= 2 * STEP))
    return found
