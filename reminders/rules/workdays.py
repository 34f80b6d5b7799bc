"""Working days and hours, for whoever says which days are worked on (`works`). A year nobody has announced is Monday to Friday."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from reminders.choices import Shift
from reminders.rules.clock import instant

Works = Callable[[date], bool]

DAY_BEGINS = time(9, 0)
DAY_ENDS = time(18, 0)
LONGEST_BREAK = 60
"""No break is longer, in days: a calendar that says so is wrong, and the day is taken as it is."""


def worked(on: date, works: Works, step: int) -> date:
    """`on` itself if people work then, else the nearest working day before (-1) or after (+1) it."""
    for away in range(LONGEST_BREAK):
        day = on + timedelta(days=step * away)
        if works(day):
            return day
    return on


def shifted(on: date, shift: Shift, works: Works) -> date:
    """The day on which people are told of something that falls on `on`. Before a holiday they are told earlier."""
    if shift == Shift.NONE:
        return on
    return worked(on, works, -1 if shift == Shift.EARLIER else 1)


def furthest(until: date, shift: Shift, works: Works) -> date:
    """The last day whose reminder comes on or before `until`: days of a break that follows it are told before the break."""
    if shift != Shift.EARLIER:
        return until
    return worked(until + timedelta(days=1), works, 1) - timedelta(days=1)


def workday_before(on: date, works: Works) -> date:
    """The last working day before `on` (R10)."""
    return worked(on - timedelta(days=1), works, -1)


def add_workdays(on: date, days: int, works: Works) -> date:
    """The day that lies so many working days after `on`. Zero gives `on` itself."""
    for _day in range(days):
        on = worked(on + timedelta(days=1), works, 1)
    return on


def workdays_after(moment: datetime, days: int, zone: ZoneInfo, works: Works) -> datetime:
    """The same time of day so many working days later, in the zone."""
    here = moment.astimezone(zone)
    return instant(add_workdays(here.date(), days, works), here.time(), zone)


def working_hours_after(moment: datetime, hours: float, zone: ZoneInfo, works: Works) -> datetime:
    """The moment when so many hours of work (09:00 to 18:00 on working days) have passed."""
    left = timedelta(hours=hours)
    at = moment
    for _day in range(LONGEST_BREAK + int(hours)):
        on = at.astimezone(zone).date()
        begins, ends = instant(on, DAY_BEGINS, zone), instant(on, DAY_ENDS, zone)
        start = max(at, begins)
        if works(on) and start < ends:
            if start + left <= ends:
                return (start + left).astimezone(UTC)
            left -= ends - start
        at = instant(on + timedelta(days=1), time(0), zone)
    return moment + timedelta(hours=hours)
