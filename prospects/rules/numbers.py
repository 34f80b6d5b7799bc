"""The numbers 15-7-1 (P7): what a seller's day, week and year should hold, and what his own ratios are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from prospects.choices import Counter
from prospects.rules.statistics import ENOUGH

WEEK = 5
"""Working days of the week the norm speaks of."""

A_DAY: Mapping[str, Fraction] = {
    Counter.DIAL: Fraction(15),
    Counter.CONVERSATION: Fraction(7),
    Counter.FIRST: Fraction(1),
    Counter.FOLLOW_UP: Fraction(3, WEEK),
}
"""P7 a working day: fifteen dials, seven conversations, one new appointment. Eight appointments a week are five new ones
and three that follow up; without these eight to one and fifty sales a year do not add up."""

APPOINTMENTS_PER_SALE = 8

Counts = Mapping[str, int]
SALE = "sale"
"""Counted beside the counters: what was won."""


def norm(counter: str, workdays: int) -> int:
    """What so many working days should hold: 248 of them 3,720 dials, 1,736 conversations, 248 new appointments."""
    if counter == SALE:
        appointments = (A_DAY[Counter.FIRST] + A_DAY[Counter.FOLLOW_UP]) * workdays
        return _rounded(appointments / APPOINTMENTS_PER_SALE)
    return _rounded(A_DAY[counter] * workdays)


@dataclass(frozen=True)
class Ratio:
    """How many of one thing bring one of the next: dials a conversation, against the norm."""

    key: str
    of: int
    brought: int
    norm: Fraction

    @property
    def value(self) -> Decimal | None:
        """2.1: so many for one; None before there is one."""
        return _tenth(Fraction(self.of, self.brought)) if self.brought else None

    @property
    def normal(self) -> Decimal:
        return _tenth(self.norm)

    @property
    def has_enough(self) -> bool:
        """Enough cases for the ratio to mean something."""
        return self.of >= ENOUGH

    @property
    def tone(self) -> str:
        """Good at the norm or better, a warning beyond it; nothing while the cases are few."""
        if not self.brought or not self.has_enough:
            return ""
        return "good" if Fraction(self.of, self.brought) <= self.norm else "warn"


def ratios(counts: Counts) -> list[Ratio]:
    """Dials per conversation, conversations per new appointment, appointments of both kinds per sale."""
    dials, talks, first = (counts.get(one, 0) for one in (Counter.DIAL, Counter.CONVERSATION, Counter.FIRST))
    met = first + counts.get(Counter.FOLLOW_UP, 0)
    return [
        Ratio("dial", dials, talks, A_DAY[Counter.DIAL] / A_DAY[Counter.CONVERSATION]),
        Ratio("conversation", talks, first, A_DAY[Counter.CONVERSATION] / A_DAY[Counter.FIRST]),
        Ratio("appointment", met, counts.get(SALE, 0), Fraction(APPOINTMENTS_PER_SALE)),
    ]


def after_tap(stood_at: int, written_up: int) -> int:
    """Where a counter stands after one tap more: what is written up already counts by itself."""
    return max(stood_at, written_up) + 1


def after_undo(stood_at: int, written_up: int) -> int | None:
    """Where it stands with the latest tap taken back; None where only written-up contacts are left."""
    return stood_at - 1 if stood_at > written_up else None


def _rounded(value: Fraction) -> int:
    return int(value + Fraction(1, 2))


def _tenth(value: Fraction) -> Decimal:
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return exact.quantize(Decimal("0.1"), ROUND_HALF_UP)
