"""Everything shown of the working calendar."""

from __future__ import annotations

from calendar import Calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Max

from core.models import WorkDay
from core.models.day import DayStatus
from core.permissions import require
from core.users import Actor

WARN_BELOW = 60  # days of official calendar left
MANUAL = "manual"  # the source of a day that somebody here set by hand
YEARS = (2000, 2100)


@dataclass(frozen=True)
class ShownDay:
    """One square of the year: the day, whether people work, and what makes it special if anything does."""

    on: date
    works: bool
    row: WorkDay | None
    is_today: bool


@dataclass(frozen=True)
class ShownMonth:
    """A month as weeks of seven squares; None fills the squares of other months."""

    first: date
    weeks: list[list[ShownDay | None]]
    workdays: int


@dataclass(frozen=True)
class ShownYear:
    """A year: twelve months, its working days counted, and how sure they are."""

    year: int
    months: list[ShownMonth]
    workdays: int
    days_off: int
    make_up_days: int
    status: DayStatus | None

    @property
    def is_official(self) -> bool:
        return self.status == DayStatus.OFFICIAL


def calendar_year(by: Actor, year: int, today: date) -> ShownYear:
    """One year of the working calendar; one statement."""
    require(by, "calendar.manage")
    rows = {row.date: row for row in WorkDay.objects.filter(date__year=year)}
    weeks = Calendar(firstweekday=0)

    def square(on: date, month: int) -> ShownDay | None:
        if on.month != month:
            return None
        row = rows.get(on)
        return ShownDay(on, row.is_workday if row else on.weekday() < 5, row, on == today)

    months = []
    for month in range(1, 13):
        squares = [[square(on, month) for on in week] for week in weeks.monthdatescalendar(year, month)]
        count = sum(day.works for week in squares for day in week if day)
        months.append(ShownMonth(date(year, month, 1), squares, count))
    return ShownYear(
        year=year,
        months=months,
        workdays=sum(month.workdays for month in months),
        days_off=sum(not row.is_workday for row in rows.values()),
        make_up_days=sum(row.is_workday and row.date.weekday() >= 5 for row in rows.values()),
        status=_status(rows.values()),
    )


def find_day(by: Actor, on: date) -> WorkDay | None:
    """What makes this day special, if anything does."""
    require(by, "calendar.manage")
    return WorkDay.objects.filter(date=on).first()


def official_until() -> date | None:
    """The last day of the last year whose holidays are announced; None when none is."""
    last = WorkDay.objects.filter(status=DayStatus.OFFICIAL).exclude(source=MANUAL).aggregate(last=Max("date"))["last"]
    return date(last.year, 12, 31) if last else None


def official_days_left(today: date) -> int:
    """Days of announced calendar ahead of today; below WARN_BELOW somebody must import the next year."""
    until = official_until()
    return max((until - today) // timedelta(days=1), 0) if until else 0


def _status(rows: Iterable[WorkDay]) -> DayStatus | None:
    found = {row.status for row in rows if row.source != MANUAL}
    if not found:
        return None
    return DayStatus.PROVISIONAL if DayStatus.PROVISIONAL in found else DayStatus.OFFICIAL
