"""Stretches of time the figures are about: so many months back, calendar months, weeks ahead."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta


def months_back(on: date, months: int) -> date:
    """The day so many months before. The end of a month leads to the end of a month: three before 30 November is 31 August."""
    count = on.year * 12 + on.month - 1 - months
    year, month = divmod(count, 12)
    last = monthrange(year, month + 1)[1]
    is_end = on.day == monthrange(on.year, on.month)[1]
    return date(year, month + 1, last if is_end else min(on.day, last))


def calendar_months(on: date, count: int) -> list[tuple[date, date]]:
    """First and last day of so many months, newest first. The newest one ends on `on`."""
    first = on.replace(day=1)
    found = [(first, on)]
    while len(found) < count:
        last = found[-1][0] - timedelta(days=1)
        found.append((last.replace(day=1), last))
    return found


def weeks_ahead(on: date, count: int) -> list[date]:
    """The Mondays of the week of `on` and those after it, and the one at which the last of them is over."""
    monday = on - timedelta(days=on.weekday())
    return [monday + timedelta(weeks=number) for number in range(count + 1)]
