"""When a reminder may come again: the choices people are offered."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from reminders.rules.clock import instant
from reminders.rules.workdays import DAY_ENDS, Works, worked

MORNING = time(8, 30)
LATER_TODAY = timedelta(hours=3)
TODAY, TOMORROW, NEXT_WEEK, DAY = "today", "tomorrow", "week", "day"


def later(choice: str, now: datetime, zone: ZoneInfo, works: Works, on: date | None = None) -> datetime | None:
    """The moment a choice means where the person is: in three hours, or 08:30 of a working day. None: it means nothing.

    Tomorrow is the next working day; next week begins with its first working day. A chosen day is taken as it is.
    """
    here = now.astimezone(zone)
    if choice == TODAY:
        again = now + LATER_TODAY
        return (
            again.astimezone(UTC) if again.astimezone(zone) <= datetime.combine(here.date(), DAY_ENDS, zone) else None
        )
    if choice == TOMORROW:
        return instant(worked(here.date() + timedelta(days=1), works, 1), MORNING, zone)
    if choice == NEXT_WEEK:
        monday = here.date() + timedelta(days=7 - here.weekday())
        return instant(worked(monday, works, 1), MORNING, zone)
    return instant(on, MORNING, zone) if choice == DAY and on else None
