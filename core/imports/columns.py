"""Judge whole columns: which order dates are in, what the decimal mark is, which currency, which values occur.

A judgement is `certain` when the column proves it, else it is an assumption that is shown and can be set by the user.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from core.imports.dates import EMPTY, Order, may_be_date, take_apart
from core.imports.numbers import Mark, currency_shown_by, looks_numeric, mark_shown_by
from core.imports.reading import Batch

MAX_DISTINCT = 60
PATIENCE = 3_000
DIGITS_OF_DATES = frozenset({5, 8, 12, 14})
SHAPE = str.maketrans("013456789", "2" * 9)
HAS_DIGIT = re.compile(r"\d").search
STARTS_OF_EMPTY = frozenset(start for word in EMPTY for start in (word[:1], word[:1].upper()))


def is_empty(text: str) -> bool:
    """Nothing, or one of the ways to write nothing: `-`, `N/A`, `null`, 无."""
    return not text or text.isspace() or text.strip().casefold() in EMPTY


@dataclass
class DateJudgement:
    """What a column of dates shows about their order."""

    dates: int = 0
    others: int = 0
    year_first: int = 0
    day_first: int = 0
    month_first: int = 0
    either: int = 0
    example: str = ""

    def add(self, text: str, count: int = 1) -> None:
        """Take one value into account; a column of thousands without one date is not asked any more."""
        if self.others > PATIENCE and not self.dates:
            return
        shown = _order_shown(text) if _has_shape_of_date(text.translate(SHAPE)) else None
        if shown is None:
            self.others += count
            return
        self.dates += count
        if shown == "year":
            self.year_first += count
        elif shown == "day":
            self.day_first += count
        elif shown == "month":
            self.month_first += count
        elif shown == "either":
            self.either += count
            self.example = self.example or text.strip()

    @property
    def order(self) -> Order | None:
        """The proven order; None while open or when the column contradicts itself."""
        if self.day_first and not self.month_first:
            return "dmy"
        if self.month_first and not self.day_first:
            return "mdy"
        return "ymd" if not self.either and not self.day_first else None

    @property
    def mixed(self) -> bool:
        """Both orders are proven by different rows: no single one is right."""
        return bool(self.day_first and self.month_first)


@lru_cache(maxsize=4_000)
def _has_shape_of_date(shape: str) -> bool:
    """Whether a text whose digits are all written as 2 may be a date; most columns have few shapes."""
    return len(shape) in DIGITS_OF_DATES if shape.isdigit() else may_be_date(shape)


@lru_cache(maxsize=20_000)
def _order_shown(text: str) -> str | None:
    """Which part comes first in a date: year, day or month; either, or any where they are equal. None: no date."""
    if text[5:6] == "." and text[:5].isdigit():  # an amount, or a spreadsheet's number of a day
        return "year" if text[0] in "234567" else None
    parts = take_apart(text)
    if parts is None:
        return None
    if not parts.a:
        return "year"
    if parts.a > 12 >= parts.b:
        return "day"
    if parts.b > 12 >= parts.a:
        return "month"
    return "either" if parts.a != parts.b else "any"


@lru_cache(maxsize=4_000)
def _number_shown(shape: str) -> tuple[bool, Mark | None, Mark | None, str | None]:
    """Of a text whose digits are all written as 2: is it a number, the mark it proves or may have, its currency."""
    if not looks_numeric(shape):
        return False, None, None, None
    return True, *mark_shown_by(shape), currency_shown_by(shape)


@dataclass
class NumberJudgement:
    """What a column of numbers shows about its decimal mark and currency."""

    numbers: int = 0
    others: int = 0
    proofs: Counter[str] = field(default_factory=Counter)
    open: Counter[str] = field(default_factory=Counter)
    currencies: Counter[str] = field(default_factory=Counter)
    example: str = ""

    def add(self, text: str, count: int = 1) -> None:
        """Take one value into account; a column of thousands without one number is not asked any more."""
        if text.isascii() and text.isdigit():
            self.numbers += count
            return
        if self.others > PATIENCE and not self.numbers:
            return
        numeric, proven, possible, currency = _number_shown(text.translate(SHAPE))
        if not numeric:
            self.others += count
            return
        if possible:  # 1,234 proves nothing, but 0,234 does: the digits matter
            proven, possible = mark_shown_by(text)
        if proven:
            self.proofs[proven] += count
        if possible:
            self.open[possible] += count
            self.example = self.example or text.strip()
        if currency:
            self.currencies[currency] += count
        self.numbers += count

    @property
    def mark(self) -> Mark:
        """The decimal mark: proven, or else the point."""
        return "," if self.proofs[","] > self.proofs["."] else "."

    @property
    def certain(self) -> bool:
        """No number reads two ways, or others prove how."""
        return not self.open or (bool(self.proofs) and len(+self.proofs) == 1)

    @property
    def mixed(self) -> bool:
        """Different rows prove different marks."""
        return len(+self.proofs) > 1


@dataclass
class Column:
    """One column looked at from top to bottom."""

    name: str
    filled: int = 0
    distinct: Counter[str] = field(default_factory=Counter)
    many: bool = False
    longest: int = 0
    dates: DateJudgement = field(default_factory=DateJudgement)
    numbers: NumberJudgement = field(default_factory=NumberJudgement)

    def as_json(self) -> dict[str, Any]:
        """What the wizard shows and the run needs."""
        return {
            "name": self.name,
            "filled": self.filled,
            "values": [] if self.many else [list(pair) for pair in self.distinct.most_common(MAX_DISTINCT)],
            "many": self.many,
            "longest": self.longest,
            "date": {
                "order": self.dates.order,
                "mixed": self.dates.mixed,
                "open": self.dates.either,
                "day_first": self.dates.day_first,
                "month_first": self.dates.month_first,
                "share": round(self.dates.dates / self.filled, 3) if self.filled else 0,
                "example": self.dates.example,
            },
            "number": {
                "mark": self.numbers.mark,
                "certain": self.numbers.certain,
                "mixed": self.numbers.mixed,
                "currency": next(iter(self.numbers.currencies), "") if len(self.numbers.currencies) == 1 else "",
                "example": self.numbers.example,
            },
        }


@dataclass
class Survey:
    """Everything learnt in one pass over the file."""

    rows: int
    bad_rows: int
    columns: list[Column]


def survey(batches: Iterable[Batch], names: list[str], tick: Any = None) -> Survey:
    """One pass over all rows. `tick(rows_read)` is called now and then."""
    columns = [Column(name) for name in names]
    good = bad = 0
    for batch in batches:
        good += len(batch.rows)
        bad += len(batch.bad)
        for column, cells in zip(columns, zip(*batch.rows, strict=True), strict=False):
            _look_at(column, Counter(cells))
        if tick:
            tick(good)
    return Survey(good, bad, columns)


def _look_at(column: Column, tally: Counter[str]) -> None:
    """Judge each distinct value of a batch once."""
    for text in [text for text in tally if (text[:1] in STARTS_OF_EMPTY or text[0].isspace()) and is_empty(text)]:
        del tally[text]
    if not tally:
        return
    column.filled += tally.total()
    column.longest = max(column.longest, len(max(tally, key=len)))
    if not column.many:
        for text, count in tally.items():
            column.distinct[text.strip()] += count
        column.many = len(column.distinct) > MAX_DISTINCT
        if column.many:
            column.distinct.clear()
    for text, count in tally.items():
        if len(text) <= 40 and HAS_DIGIT(text):
            column.dates.add(text, count)
            column.numbers.add(text, count)
