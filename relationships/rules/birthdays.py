"""Birthdays by the solar and the lunar calendar (R5): whether there is such a day, and when it is kept.

Where a year lacks the day, it is kept on the one before: 29 February on the 28th, the 30th of a short lunar month on its
29th. Who was born in a leap month has the birthday in the ordinary month of that number, unless the year has the leap
month too. Lunar years are known from 1900 to 2100.
"""

from __future__ import annotations

import json
from calendar import monthrange
from dataclasses import asdict, dataclass
from datetime import date, timedelta

from borax.calendars.lunardate import LCalendars, LunarDate, TextUtils

from relationships.choices import BirthdayCalendar

FIRST_YEAR = 1900
BELATED = timedelta(days=3)
"""So long after its day a birthday is still worth a word."""
AHEAD = timedelta(days=60)
"""So far one looks ahead, to plan around the days to come."""
LEAP_YEAR = 2000
LONGEST_LUNAR_MONTH = 30


@dataclass(frozen=True)
class Birthday:
    """Month and day by one of the calendars; the year of birth by the same one, if it is known."""

    calendar: BirthdayCalendar
    month: int
    day: int
    year: int | None = None


def wrong_part(birthday: Birthday, on: date) -> str:
    """Which of month, day and year cannot be, seen on the day `on`; empty for a birthday that can."""
    if not 1 <= birthday.month <= 12:
        return "month"
    if birthday.year is not None and not FIRST_YEAR <= birthday.year <= on.year:
        return "year"
    if birthday.calendar == BirthdayCalendar.LEAP and birthday.month not in _leap_months(birthday.year):
        return "month" if birthday.year is None else "year"
    if not 1 <= birthday.day <= _longest(birthday):
        return "day"
    return "year" if birthday.year is not None and celebrated_in(birthday, birthday.year) > on else ""


def celebrated_in(birthday: Birthday, year: int) -> date:
    """The solar day of the birthday in a year of its own calendar: a lunar year ends in January or February of the next."""
    month, day = birthday.month, birthday.day
    if not birthday.calendar.is_lunar:
        return date(year, month, min(day, monthrange(year, month)[1]))
    leap = int(birthday.calendar == BirthdayCalendar.LEAP and LCalendars.leap_month(year) == month)
    kept: date = LunarDate(year, month, min(day, LCalendars.ndays(year, month, leap)), leap).to_solar_date()
    return kept


def nearest_to(birthday: Birthday, on: date) -> date:
    """The celebration that lies nearest to a day, before or after it; of two as near the one to come."""
    return min(_around(birthday, on), key=lambda day: (abs(day - on), day < on))


def next_from(birthday: Birthday, on: date) -> date:
    """The next celebration, today's included."""
    return min(day for day in _around(birthday, on) if day >= on)


def month_cn(month: int) -> str:
    """A lunar month as Chinese says it, without 月: 正, 八, 冬, 腊."""
    return str(TextUtils.month_cn(month))


def day_cn(day: int) -> str:
    """A lunar day as Chinese says it: 初五, 十五, 廿一."""
    return str(TextUtils.day_cn(day))


def as_text(birthday: Birthday) -> str:
    """How it is written before it is sealed."""
    return json.dumps(asdict(birthday))


def from_text(text: str) -> Birthday:
    """What `as_text` wrote."""
    values = json.loads(text)
    return Birthday(**values | {"calendar": BirthdayCalendar(values["calendar"])})


def _around(birthday: Birthday, on: date) -> list[date]:
    return [celebrated_in(birthday, year) for year in range(on.year - 1, on.year + 2)]


def _leap_months(year: int | None) -> set[int]:
    """The lunar months doubled in a year; of an unknown one, all that ever are."""
    if year is not None:
        return {LCalendars.leap_month(year)}
    return {month for month in range(1, 13) if LCalendars.get_leap_years(month)}


def _longest(birthday: Birthday) -> int:
    """The last day the month of the birthday can have."""
    if not birthday.calendar.is_lunar:
        return monthrange(birthday.year or LEAP_YEAR, birthday.month)[1]
    if birthday.year is None:
        return LONGEST_LUNAR_MONTH
    days: int = LCalendars.ndays(birthday.year, birthday.month, int(birthday.calendar == BirthdayCalendar.LEAP))
    return days
