"""Wall time. What is planned for 08:30 happens at 08:30 where the receiver is, whatever daylight saving does to that day."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


def instant(on: date, at: time, zone: ZoneInfo) -> datetime:
    """The moment, in UTC, at which clocks in the zone show `at` on that day.

    A time that daylight saving skips (02:30 in spring) is as much later as the clocks are put forward: 03:30. A time that comes
    twice (01:30 in autumn) is the first of the two; the slot is the day, so it cannot happen twice.
    """
    return datetime.combine(on, at.replace(fold=0), tzinfo=zone).astimezone(UTC)


def day_at(moment: datetime, zone: ZoneInfo) -> date:
    """The day it is in the zone."""
    return moment.astimezone(zone).date()


def same_time_later(moment: datetime, days: int, zone: ZoneInfo) -> datetime:
    """The same time of day so many days later: a day of 23 or 25 hours is still one day."""
    here = moment.astimezone(zone)
    return instant(here.date() + timedelta(days=days), here.time(), zone)
