"""Figures about few cases, told honestly (assurance: Wilson, Brier)."""

from __future__ import annotations

from collections.abc import Iterable
from math import sqrt

Z_95 = 1.959963984540054
ENOUGH = 30
"""Below this many cases a rate is shown greyed out, with its interval."""


def wilson(hits: int, cases: int) -> tuple[float, float] | None:
    """The 95 % Wilson interval of a rate, as two shares: 8 of 30 gives 14.2 % to 44.5 %. None without cases."""
    if cases <= 0:
        return None
    rate, z2 = hits / cases, Z_95**2
    middle = rate + z2 / (2 * cases)
    half = Z_95 * sqrt(rate * (1 - rate) / cases + z2 / (4 * cases**2))
    return max((middle - half) / (1 + z2 / cases), 0.0), min((middle + half) / (1 + z2 / cases), 1.0)


def brier(forecasts: Iterable[tuple[float, bool]]) -> float | None:
    """Mean squared error of probabilities: (.9, won) (.5, lost) (.25, lost) (.1, lost) gives 0.083125."""
    squares = [(probability - came_true) ** 2 for probability, came_true in forecasts]
    return sum(squares) / len(squares) if squares else None
