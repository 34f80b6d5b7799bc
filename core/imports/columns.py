"""Judge whole columns: which order dates are in, what the decimal mark is, which currency, which values occur.

A judgement is `certain` when the column proves it, else it is an assumption that is shown and can be set by the user.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from core.imports.dates import EMPTY, Order, take_apart
from core.imports.numbers import Mark, currency_shown_by, looks_numeric, mark_shown_by
from core.imports.reading import BadRow
from core.imports.texts import Row

MAX_DISTINCT = 60
PATIENCE = 3_000
DIGITS_OF_DATES = frozenset({5, 8, 12, 14})


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
        parts = None if text.isdigit() and len(text) not in DIGITS_OF_DATES else take_apart(text)
        if parts is None:
            self.others += count
            return
        self.dates += count
        if not parts.a:
            self.year_first += count
        elif parts.a > 12 >= parts.b:
            self.day_first += count
        elif parts.b > 12 >= parts.a:
            self.month_first += count
        elif parts.a != parts.b:
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
        if not looks_numeric(text):
            self.others += count
            return
        proven, possible = mark_shown_by(text)
        if proven:
            self.proofs[proven] += count
        if possible:
            self.open[possible] += count
            self.example = self.example or text.strip()
        if currency := currency_shown_by(text):
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


def survey(rows: Iterable[Row | BadRow], names: list[str], tick: Any = None) -> Survey:
    """One pass over all rows. `tick(rows_read)` is called now and then."""
    columns = [Column(name) for name in names]
    tallies: list[Counter[str]] = [Counter() for _ in names]
    good = bad = 0
    for row in rows:
        if isinstance(row, BadRow):
            bad += 1
            continue
        good += 1
        for tally, text in zip(tallies, row[1], strict=True):
            tally[text] += 1
        if good % 5_000 == 0:
            _pour(tallies, columns)
            if tick:
                tick(good)
    _pour(tallies, columns)
    return Survey(good, bad, columns)


def _pour(tallies: list[Counter[str]], columns: list[Column]) -> None:
    """Judge each distinct value once for many rows, then forget it: memory stays small."""
    for tally, column in zip(tallies, columns, strict=True):
        for text, count in tally.items():
            if is_empty(text):
                continue
            column.filled += count
            column.longest = max(column.longest, len(text))
            if not column.many:
                column.distinct[text.strip()] += count
                column.many = len(column.distinct) > MAX_DISTINCT
                if column.many:
                    column.distinct.clear()
            if len(text) <= 40 and any(char.isdigit() for char in text):
                column.dates.add(text, count)
                column.numbers.add(text, count)
        tally.clear()
