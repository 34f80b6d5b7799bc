"""Dates as people write them. One cell alone cannot say whether 01-03-2017 is March or January: the whole column does."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

Order = Literal["ymd", "dmy", "mdy"]
MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january januar enero janvier", "feb february februar fev fevrier", "mar march märz mrz mars",
            "apr april avril", "may mai mayo", "jun june juni juin", "jul july juli juillet", "aug august août aout",
            "sep sept september", "oct october okt oktober", "nov november", "dec december dez dezember",
        ),
        1,
    )
    for name in names.split()
}  # fmt: skip

TIME = r"(?:[T\s,]+(?P<time>\d{1,2}[:：]\d{2}(?:[:：]\d{2}(?:[.,]\d+)?)?\s*(?:[AaPp]\.?[Mm]\.?)?)\s*(?P<zone>Z|[+-]\d{2}:?\d{2}|UTC|GMT)?)?"
YEAR_FIRST = re.compile(rf"^(?P<y>\d{{4}})\s*[-/.年]\s*(?P<m>\d{{1,2}})\s*[-/.月]\s*(?P<d>\d{{1,2}})\s*日?{TIME}$")
COMPACT = re.compile(r"^(?P<y>(?:19|20)\d{2})(?P<m>\d{2})(?P<d>\d{2})(?P<time>\d{4}(?:\d{2})?)?$")
YEAR_LAST = re.compile(rf"^(?P<a>\d{{1,2}})[-/.\s](?P<b>\d{{1,2}})[-/.\s](?P<y>\d{{4}}|\d{{2}}){TIME}$")
DAY_NAMED_MONTH = re.compile(
    rf"^(?P<d>\d{{1,2}})(?:st|nd|rd|th)?[-/.\s]+(?P<month>[^\W\d]{{3,9}})\.?[-/,.\s]+(?P<y>\d{{4}}|\d{{2}}){TIME}$"
)
NAMED_MONTH_DAY = re.compile(
    rf"^(?P<month>[^\W\d]{{3,9}})\.?[-/\s]+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?[,\s]+(?P<y>\d{{4}}){TIME}$"
)
SERIAL = re.compile(r"^(?P<days>[2-7]\d{4})(?P<part>\.\d+)?$")
ANY_DIGITS = re.compile(r"^(?:\d{8}|\d{12}|\d{14}|\d{5}(?:\.\d+)?)$")
WEEKDAY = re.compile(r"^(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,?\s+", re.IGNORECASE)

EXCEL_EPOCH = dt.date(1899, 12, 30)
EMPTY = frozenset({"", "-", "--", "—", "n/a", "na", "null", "none", "nil", "0000-00-00", "#n/a", "无", "/"})
PIVOT = 69
"""Two-digit years up to 68 are 20xx."""


@dataclass(frozen=True)
class Parts:
    """A date taken apart; `a`/`b` are set instead of month and day where their order is open."""

    year: int
    month: int = 0
    day: int = 0
    a: int = 0
    b: int = 0
    time: dt.time | None = None
    zone: dt.timezone | None = None


def may_be_date(shape: str) -> bool:
    """Whether a text with other digits in these places may be a date: what `take_apart` looks at, but for the digits."""
    text = WEEKDAY.sub("", unicodedata.normalize("NFKC", shape).strip().rstrip("."))
    patterns = (YEAR_FIRST, YEAR_LAST, DAY_NAMED_MONTH, NAMED_MONTH_DAY, ANY_DIGITS)
    return any(pattern.match(text) for pattern in patterns)


def take_apart(text: str) -> Parts | None:
    """The numbers of one date, None when it is none. Width, weekday names and blanks around do not matter."""
    text = unicodedata.normalize("NFKC", text).strip().rstrip(".")
    text = WEEKDAY.sub("", text)
    for pattern in (YEAR_FIRST, YEAR_LAST, COMPACT, DAY_NAMED_MONTH, NAMED_MONTH_DAY):
        if found := pattern.match(text):
            return _parts(found.groupdict())
    if found := SERIAL.match(text):
        day = EXCEL_EPOCH + dt.timedelta(days=int(found["days"]))
        seconds = round(float(found["part"] or 0) * 86400)
        clock = (dt.datetime.min + dt.timedelta(seconds=seconds)).time() if found["part"] else None
        return Parts(day.year, day.month, day.day, time=clock)
    return None


def _parts(groups: dict[str, str | None]) -> Parts | None:
    year = int(groups["y"] or 0)
    if len(groups["y"] or "") == 2:
        year += 2000 if year < PIVOT else 1900
    clock, zone = _clock(groups.get("time")), _zone(groups.get("zone"))
    if groups.get("time") and clock is None:
        return None
    if groups.get("a"):
        return Parts(year, a=int(groups["a"] or 0), b=int(groups["b"] or 0), time=clock, zone=zone)
    if name := groups.get("month"):
        month = MONTHS.get(name.casefold()) or MONTHS.get(name.casefold()[:3], 0)
    else:
        month = int(groups["m"] or 0)
    return Parts(year, month, int(groups["d"] or 0), time=clock, zone=zone)


def _clock(text: str | None) -> dt.time | None:
    if not text:
        return None
    digits = [int(part) for part in re.findall(r"\d+", text)[:3]]
    if ":" not in text:
        digits = [int(text[place : place + 2]) for place in range(0, len(text), 2)]
    hour = digits[0]
    if "p" in text.lower() and hour < 12:
        hour += 12
    elif "a" in text.lower() and hour == 12:
        hour = 0
    try:
        return dt.time(hour, digits[1], digits[2] if len(digits) > 2 else 0)
    except ValueError:
        return None


def _zone(text: str | None) -> dt.timezone | None:
    if not text:
        return None
    if text in {"Z", "UTC", "GMT"}:
        return dt.UTC
    minutes = int(text[1:3]) * 60 + int(text[-2:])
    return dt.timezone(dt.timedelta(minutes=-minutes if text[0] == "-" else minutes))


class DateError(ValueError):
    """One cell is no date: `code` is not_a_date, no_such_day, date_ambiguous or date_order."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def to_date(text: str, order: Order | None) -> tuple[dt.date, Parts]:
    """The day meant, given the column's order; None = not known, so only dates that read one way are taken."""
    parts = take_apart(text)
    if parts is None:
        raise DateError("not_a_date")
    month, day = parts.month, parts.day
    if parts.a:
        if order is None and parts.a != parts.b and max(parts.a, parts.b) <= 12:
            raise DateError("date_ambiguous")
        month, day = (parts.a, parts.b) if order == "mdy" else (parts.b, parts.a)
        if month > 12 >= day:
            if order is not None:
                raise DateError("date_order")
            month, day = day, month
    try:
        return dt.date(parts.year, month, day), parts
    except ValueError:
        raise DateError("no_such_day") from None
