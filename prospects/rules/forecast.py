"""Forecast (P15): weighted amounts, months, the week's bridge, velocity. Currencies are never added together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from core.money import round_money
from prospects.choices import Movement, Period, Stage

ZERO = Decimal(0)


def weighted(sums: Mapping[Stage, Decimal]) -> Decimal:
    """F = Σ p(class) · amount, of amounts in one currency; rounded once, at the end, to the cent."""
    return round_money(sum((stage.probability * amount for stage, amount in sums.items()), ZERO))


def span(period: Period, on: date) -> tuple[date, date]:
    """First and last day of the period around `on`."""
    month, quarter = (on.year, on.month), (on.year, (on.month - 1) // 3 * 3 + 1)
    first, months = {
        Period.THIS_MONTH: (month, 1),
        Period.NEXT_MONTH: (_later(*month, 1), 1),
        Period.THIS_QUARTER: (quarter, 3),
        Period.NEXT_QUARTER: (_later(*quarter, 3), 3),
        Period.THIS_YEAR: ((on.year, 1), 12),
    }[period]
    after = date(*_later(*first, months), 1)
    return date(*first, 1), date.fromordinal(after.toordinal() - 1)


def months_ahead(on: date, count: int) -> list[date]:
    """First days of this month and the following ones."""
    return [date(*_later(on.year, on.month, ahead), 1) for ahead in range(count)]


def _later(year: int, month: int, months: int) -> tuple[int, int]:
    years, place = divmod(year * 12 + month - 1 + months, 12)
    return years, place + 1


@dataclass(frozen=True)
class Standing:
    """Prospects of one currency that fared alike between two moments: worth so much then and so much now.

    `entered` says how those that were not open then came in; `left` how those that are not open now went. `changed` is
    how many of them are worth another amount than before.
    """

    was_open: bool
    amount_then: Decimal
    amount_now: Decimal
    entered: Movement | None = None
    left: Movement | None = None
    count: int = 1
    changed: int = 0


@dataclass(frozen=True)
class Bridge:
    """One currency's way from what was open then to what is open now. What leaves is negative."""

    currency: str
    opened_with: Decimal
    bars: Mapping[Movement, Decimal]
    open_now: Decimal
    counts: Mapping[Movement, int]

    @property
    def difference(self) -> Decimal:
        """What does not add up: always 0.00."""
        return self.opened_with + sum(self.bars.values(), ZERO) - self.open_now


def bridge(currency: str, standings: Iterable[Standing]) -> Bridge:
    """open(t−1) + new + moved in ± amount changes − won − lost − moved out = open(t), to the cent.

    Everything leaves at what it is worth now, so that the won bar is the amount won; how that amount changed on the way
    is among the changes.
    """
    bars, counts = dict.fromkeys(Movement, ZERO), dict.fromkeys(Movement, 0)
    opened_with = open_now = ZERO
    for standing in standings:
        if standing.was_open:
            opened_with += standing.amount_then
            bars[Movement.CHANGED] += standing.amount_now - standing.amount_then
            counts[Movement.CHANGED] += standing.changed
        elif standing.entered:
            bars[standing.entered] += standing.amount_now
            counts[standing.entered] += standing.count
        if standing.left:
            bars[standing.left] -= standing.amount_now
            counts[standing.left] += standing.count
        else:
            open_now += standing.amount_now
    return Bridge(currency, opened_with, bars, open_now, counts)


def velocity(deals: int, win_rate: Decimal, mean_won: Decimal, cycle_days: int) -> Decimal | None:
    """V = N · W · A ÷ L, money per day: 40 open deals, 25 %, 50,000 and 80 days give 6,250. None without a cycle."""
    if cycle_days <= 0:
        return None
    return round_money(deals * win_rate * mean_won / cycle_days)


def week_of(on: date) -> date:
    """The Monday of the day's week."""
    return date.fromordinal(on.toordinal() - on.weekday())
