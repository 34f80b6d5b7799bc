"""Drawings as plain numbers: where each bar begins and how long it is, in percent of its place.

Templates draw them as SVG with percentages for attributes (templates/components/{columns,stacked_bar,bars,trend}.html), so that
they need no script, follow the theme and print. Every drawing is a list of links or has a table behind it; the drawn part
itself is hidden from those who hear the page.

A `tone` is the class that gives a piece its colour: `tone-accent`, `tone-good`, `tone-warn`, `tone-bad`, `tone-muted`,
`stage-E` … `stage-S`, `grade-normal` … `grade-dead`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

Value = Decimal | float
Key = TypeVar("Key")

SEEN = 0.5  # percent: what is there at all can be seen


@dataclass(frozen=True)
class Bar:
    """One piece of a drawing: from where, how long, and across it where it stands."""

    start: str
    length: str


def percent(part: Value, whole: Value) -> float:
    """A part of a whole; nothing of nothing is nothing."""
    return float(part) / float(whole) * 100 if whole else 0.0


def bar(start: float, length: float, least: float = 0.0) -> Bar:
    """Percentages as SVG reads them, whatever the language."""
    return Bar(f"{start:.2f}%", f"{max(length, least):.2f}%")


def centred(value: Value, widest: Value) -> Bar:
    """A bar in the middle of its row: the shape of the board."""
    length = percent(value, widest)
    return bar(50 - length / 2, length, SEEN if value else 0)


def measured(value: Value, longest: Value) -> Bar:
    """A bar from the left."""
    return bar(0, percent(value, longest), SEEN if value else 0)


def mark(value: Value, longest: Value) -> str:
    """Where a mark stands on the same scale."""
    return f"{percent(value, longest):.2f}%"


def stacked(parts: Mapping[Key, Value], highest: Value) -> list[tuple[Key, Bar]]:
    """A column from the bottom up in the order given; parts without a value are left out."""
    pieces, top = [], 100.0
    for key, value in parts.items():
        height = percent(value, highest)
        if height > 0:
            top -= height
            pieces.append((key, bar(top, height)))
    return pieces


# ------------------------------------------------------------------ columns


@dataclass(frozen=True)
class Column:
    """One column of a chart: a week's expected cash, a month's forecast. `parts` are (tone, value) from the bottom up."""

    name: str
    parts: Sequence[tuple[str, Value]]
    shown: str
    """The column's sum in words: ¥12.4m."""
    url: str = ""
    title: str = ""
    """The name in full, where `name` is short."""
    is_loud: bool = False
    """What should not be: overdue."""


@dataclass(frozen=True)
class DrawnColumn:
    """The same with the place of its pieces."""

    column: Column
    pieces: Sequence[tuple[str, Bar]]


def columns(given: Sequence[Column]) -> list[DrawnColumn]:
    """All columns on one scale that begins at zero and ends at the highest sum."""
    highest = max((sum(float(value) for _tone, value in column.parts) for column in given), default=0.0)
    return [DrawnColumn(column, _pile(column.parts, highest)) for column in given]


def _pile(parts: Sequence[tuple[str, Value]], highest: float) -> list[tuple[str, Bar]]:
    """Two parts may have one tone, so that they are told apart by their place."""
    placed = stacked({place: value for place, (_tone, value) in enumerate(parts)}, highest)
    return [(parts[place][0], piece) for place, piece in placed]


# ------------------------------------------------------------------ one bar of many parts, and rows of bars


@dataclass(frozen=True)
class Part:
    """One part of a stacked bar, or one row of bars: an age of debt, a debtor."""

    label: str
    value: Value
    shown: str
    """The value in words: ¥12.4m, 14 days."""
    tone: str = "tone-accent"
    url: str = ""


@dataclass(frozen=True)
class DrawnPart:
    """The same with its place, and its share in whole percent: of the sum in a stack, of the longest in rows."""

    part: Part
    bar: Bar
    share: int


def stack(parts: Sequence[Part]) -> list[DrawnPart]:
    """One bar from the left, full width: ageing. Parts below zero (credits) are listed, not drawn."""
    whole = sum(max(float(part.value), 0.0) for part in parts)
    drawn, start = [], 0.0
    for part in parts:
        length = percent(max(float(part.value), 0.0), whole)
        drawn.append(DrawnPart(part, bar(start, length), round(length)))
        start += length
    return drawn


def rows(parts: Sequence[Part]) -> list[DrawnPart]:
    """A bar for each, on one scale: top debtors."""
    longest = max((float(part.value) for part in parts), default=0.0)
    drawn = []
    for part in parts:
        value = max(float(part.value), 0.0)
        drawn.append(DrawnPart(part, measured(value, longest), round(percent(value, longest))))
    return drawn


# ------------------------------------------------------------------ trend

WIDE, HIGH, MARGIN = 100.0, 32.0, 2.0


@dataclass(frozen=True)
class Point:
    """One value of a trend: a month's DSO. None where nothing is known; the line is broken there."""

    label: str
    value: Value | None
    shown: str = ""


@dataclass(frozen=True)
class Trend:
    """A line over a box of 100 × 32 that is stretched to its place; `level` is where a norm stands, if one is given."""

    path: str
    last: tuple[str, str] | None
    level: str
    points: Sequence[Point]

    @property
    def ends(self) -> tuple[str, str]:
        """The names of the first and the last point."""
        return (self.points[0].label, self.points[-1].label) if self.points else ("", "")


def trend(points: Sequence[Point], norm: Value | None = None) -> Trend:
    """The line through all points, from the lowest to the highest value; the scale need not begin at zero."""
    values = [float(point.value) for point in points if point.value is not None]
    scale = [*values, *([] if norm is None else [float(norm)])]
    low, high = min(scale, default=0.0), max(scale, default=0.0)

    def height(value: Value) -> float:
        share = (float(value) - low) / (high - low) if high > low else 0.5
        return HIGH - MARGIN - share * (HIGH - 2 * MARGIN)

    step = WIDE / max(len(points) - 1, 1)
    path, pen_down, last = [], False, None
    for place, point in enumerate(points):
        if point.value is None:
            pen_down = False
            continue
        across, up = place * step, height(point.value)
        path.append(f"{'L' if pen_down else 'M'}{across:.2f} {up:.2f}")
        pen_down, last = True, (f"{across / WIDE * 100:.2f}%", f"{up / HIGH * 100:.2f}%")
    return Trend(" ".join(path), last, "" if norm is None or not values else f"{height(norm):.2f}", points)
