"""Late interest, by day segments of what was really outstanding (assurance §2.7). Simple interest, half up at the end."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from itertools import pairwise

CENT = Decimal("0.01")


@dataclass(frozen=True)
class Segment:
    """So much principal for so many days, from `start` up to but not including `end`, at a yearly rate."""

    start: date
    end: date
    principal: Decimal
    rate: Decimal

    @property
    def days(self) -> int:
        return (self.end - self.start).days


def segments(
    principal: Decimal,
    from_on: date,
    to_on: date,
    *,
    reductions: Iterable[tuple[date, Decimal]],
    rates: Sequence[tuple[date, Decimal]],
) -> list[Segment]:
    """Stretches of unchanged principal and rate.

    `reductions` are payments and credits with their day; `rates` are yearly rates with the day they begin, the first not
    after `from_on`. A payment counts from its own day on: that day bears no interest on what was paid.
    """
    paid = sorted(reductions)
    cuts = {from_on, to_on, *(on for on, _amount in paid), *(on for on, _rate in rates)}
    days = sorted(on for on in cuts if from_on <= on <= to_on)
    found = []
    for start, end in pairwise(days):
        left = principal - sum((amount for on, amount in paid if on <= start), Decimal(0))
        rate = [rate for on, rate in sorted(rates) if on <= start][-1]
        if left > 0:
            found.append(Segment(start, end, left, rate))
    return found


def interest(parts: Iterable[Segment], *, basis: int = 360) -> Decimal:
    """Σ principal × rate × days ÷ basis (360 or 365), exact until the one rounding to the cent."""
    exact = sum((Fraction(part.principal) * Fraction(part.rate) * part.days / basis for part in parts), Fraction(0))
    return (Decimal(exact.numerator) / Decimal(exact.denominator)).quantize(CENT, ROUND_HALF_UP)


def daily_rate(per_day: Decimal, *, basis: int = 360) -> Decimal:
    """A rate per day, as contracts state it (0.05 %), as the yearly rate the segments take."""
    return per_day * basis
