"""The dashboard's drawings as plain numbers: where each bar begins and how long it is, in percent of its place.

They are drawn as SVG with percentages for attributes, so that they need no script, follow the theme and print.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from prospects.choices import Movement, Stage
from prospects.rules.forecast import Bridge


@dataclass(frozen=True)
class Bar:
    """One piece of a drawing: from where, how long, and across it where it stands."""

    start: str
    length: str


def _percent(part: Decimal | float, whole: Decimal | float) -> float:
    return float(part) / float(whole) * 100 if whole else 0.0


def _bar(start: float, length: float, least: float = 0.0) -> Bar:
    """Numbers as SVG reads them, whatever the language; what is there at all can be seen."""
    return Bar(f"{start:.2f}%", f"{max(length, least):.2f}%")


def centred(value: int, widest: int) -> Bar:
    """A bar in the middle of its row: the shape of the board."""
    length = _percent(value, widest)
    return _bar(50 - length / 2, length, 0.5 if value else 0)


def measured(value: float, longest: float) -> Bar:
    """A bar from the left."""
    return _bar(0, _percent(value, longest), 0.5 if value else 0)


def mark(value: float, longest: float) -> str:
    """Where a mark stands on the same scale."""
    return f"{_percent(value, longest):.2f}%"


def stacked(parts: Mapping[Stage, Decimal], highest: Decimal) -> list[tuple[Stage, Bar]]:
    """A column from the bottom up, class by class, the surest at the bottom."""
    pieces, top = [], 100.0
    for stage in sorted(parts, reverse=True):
        height = _percent(parts[stage], highest)
        if height:
            top -= height
            pieces.append((stage, _bar(top, height)))
    return pieces


@dataclass(frozen=True)
class Waterfall:
    """The way from then to now: a bar per step; the scale begins at `begins`, not at zero, so that steps can be seen."""

    opened_with: Bar
    steps: Sequence[tuple[Movement, Bar]]
    open_now: Bar
    begins: Decimal


def waterfall(bridge: Bridge) -> Waterfall:
    """Every bar hangs where the one before it ended."""
    levels = [bridge.opened_with]
    for movement in Movement:
        levels.append(levels[-1] + bridge.bars[movement])
    low, high = min(levels), max(levels)
    begins = max(low - (high - low) / 3, Decimal(0)) if high > low else Decimal(0)
    scale = (high - begins) or Decimal(1)
    steps = [
        (movement, _bar(_percent(min(a, b) - begins, scale), _percent(abs(b - a), scale), 0.3 if a != b else 0))
        for movement, a, b in zip(Movement, levels, levels[1:], strict=False)
    ]
    return Waterfall(
        opened_with=_bar(0, _percent(levels[0] - begins, scale)),
        steps=steps,
        open_now=_bar(0, _percent(levels[-1] - begins, scale)),
        begins=begins,
    )
