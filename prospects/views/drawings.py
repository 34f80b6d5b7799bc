"""The week's bridge as a drawing; what other pages draw too is in core/drawings.py."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from core.drawings import Bar, bar, percent
from prospects.choices import Movement
from prospects.rules.forecast import Bridge


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
        (movement, bar(percent(min(a, b) - begins, scale), percent(abs(b - a), scale), 0.3 if a != b else 0))
        for movement, a, b in zip(Movement, levels, levels[1:], strict=False)
    ]
    return Waterfall(
        opened_with=bar(0, percent(levels[0] - begins, scale)),
        steps=steps,
        open_now=bar(0, percent(levels[-1] - begins, scale)),
        begins=begins,
    )
