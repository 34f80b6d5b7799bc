"""What a call can bring: the order of the queue, with its parts.

value = what can be asked for × the chance that it comes × what makes today better than another day. The chance is the
worse of two priors: by days past due (collectability by age, assurance §2.2) and by grade. A broken promise is no
factor: it goes on top of everything that may be called.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from dunning.choices import Worth
from receivables.choices import Grade

CENT = Decimal("0.01")
ZERO = Decimal(0)

CHANCE_BY_AGE: tuple[tuple[int, Decimal], ...] = (
    (30, Decimal("0.90")),
    (60, Decimal("0.80")),
    (90, Decimal("0.70")),
    (180, Decimal("0.47")),
    (365, Decimal("0.25")),
)
"""Up to so many days past due, this share."""
CHANCE_LATER = Decimal("0.10")
CHANCE_BY_GRADE: dict[Grade, Decimal] = {
    Grade.NORMAL: Decimal("0.90"),
    Grade.DOUBTFUL: Decimal("0.50"),
    Grade.BAD: Decimal("0.20"),
    Grade.DEAD: Decimal("0.02"),
}
FACTORS: dict[Worth, Decimal] = {
    Worth.DUE: Decimal("1.5"),
    Worth.PAYING_SOON: Decimal("1.3"),
    Worth.PAYING_TODAY: Decimal("1.2"),
    Worth.PAYING_PASSED: Decimal("1.1"),
}
SOON_DAYS = 3


@dataclass(frozen=True)
class Item:
    """An overdue invoice: what of it can be asked for, how late it is, how sure."""

    amount: Decimal
    days: int
    grade: Grade = Grade.NORMAL


@dataclass(frozen=True)
class Rank:
    """The worth of a call and what it is made of."""

    value: Decimal
    chance: Decimal
    rate: Decimal
    factors: dict[Worth, Decimal]


def chance(days: int, grade: Grade) -> Decimal:
    """The share of a debt that collecting brings in, as a prior."""
    by_age = next((share for last, share in CHANCE_BY_AGE if days <= last), CHANCE_LATER)
    return min(by_age, CHANCE_BY_GRADE[grade])


def rank(items: Iterable[Item], promised: Decimal, rate: Decimal, factors: Collection[Worth]) -> Rank:
    """What a call can bring, in the units of `rate`; `promised` is left alone until its day."""
    found = list(items)
    total = sum((item.amount for item in found), ZERO)
    weighted = sum((item.amount * chance(item.days, item.grade) for item in found), ZERO)
    average = weighted / total if total else ZERO
    given = {code: FACTORS[code] for code in factors}
    value = max(total - promised, ZERO) * weighted / (total or 1) * rate  # the average is rounded
    for factor in given.values():
        value *= factor
    return Rank(value.quantize(CENT, ROUND_HALF_UP), average, rate, given)


def paying(days: Collection[int], on: date) -> Worth | None:
    """How near their paying days are; none where they pay on any day. Soon comes first: there the call still helps."""
    for code, window in paying_windows(on):
        if not window.isdisjoint(days):
            return code
    return None


def paying_windows(on: date) -> list[tuple[Worth, set[int]]]:
    """Which days of the month mean what, seen from `on`; the 31st is paid on the last day of a shorter month."""
    soon = set().union(*(_day_names(on + timedelta(days=ahead)) for ahead in range(1, SOON_DAYS + 1)))
    return [
        (Worth.PAYING_SOON, soon),
        (Worth.PAYING_TODAY, _day_names(on)),
        (Worth.PAYING_PASSED, _day_names(on - timedelta(days=1))),
    ]


def next_paying_day(days: Collection[int], on: date) -> date | None:
    """The next day, today included, on which they pay."""
    ahead = (on + timedelta(days=count) for count in range(32)) if days else iter(())
    return next((day for day in ahead if not _day_names(day).isdisjoint(days)), None)


def _day_names(day: date) -> set[int]:
    last = monthrange(day.year, day.month)[1]
    return set(range(last, 32)) if day.day == last else {day.day}
