"""The working calendar, read once for many questions."""

from __future__ import annotations

from datetime import date, timedelta

from core.models import WorkDay
from reminders.rules.workdays import Works

BACK = timedelta(days=30)
AHEAD = timedelta(days=450)


def working_days(on: date) -> Works:
    """Whether a day near `on` is worked on; a day nobody has announced is worked on from Monday to Friday. One statement."""
    known = dict(WorkDay.objects.filter(date__range=(on - BACK, on + AHEAD)).values_list("date", "is_workday"))

    def works(day: date) -> bool:
        return known.get(day, day.weekday() < 5)

    return works
