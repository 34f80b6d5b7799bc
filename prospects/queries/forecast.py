"""What is expected to close, month by month (P15), and the open cards it is summed from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.contrib.postgres.fields import ArrayField
from django.db.models import Count, DateField, Func, IntegerField, Sum, Value
from django.db.models.functions import Coalesce

from core.money import round_money
from core.users import Actor
from prospects.choices import Stage
from prospects.queries.board import Selection, open_prospects
from prospects.rules import forecast

MONTHS_AHEAD = 6


@dataclass(frozen=True)
class Expected:
    """What is expected to close in one month and currency: the whole, weighted by class, and by the reps' own estimates."""

    currency: str
    count: int
    amount: Decimal
    weighted: Decimal
    own: Decimal
    by_stage: Mapping[Stage, Decimal]


@dataclass(frozen=True)
class ForecastMonth:
    """One line of the forecast; `kind` is month, past (expected to have closed), later or undated."""

    kind: str
    first: date | None
    last: date | None
    currencies: Sequence[Expected]

    @property
    def count(self) -> int:
        return sum(expected.count for expected in self.currencies)


@dataclass(frozen=True, slots=True)
class OpenFigures:
    """Open cards of one line of the forecast, currency, class and estimate together.

    `line` counts from 0, what should have closed already, over the months ahead to what comes later; None has no date.
    """

    line: int | None
    currency: str
    stage: Stage
    estimate: int
    count: int
    amount: Decimal

    @property
    def own(self) -> Decimal:
        """By the reps' own estimates; the class's percentage where there is none."""
        return self.amount * self.estimate / 100


def open_figures(by: Actor, selection: Selection, on: date) -> list[OpenFigures]:
    """What shape, sums and forecast are made of; one statement."""
    months = Value(_edges(on), output_field=ArrayField(DateField()))
    rows = (
        open_prospects(by, selection, on)
        .order_by()
        .annotate(
            line=Func("expected_close_on", months, function="width_bucket", output_field=IntegerField()),
            estimate=Coalesce("own_estimate", "stage"),
        )
        .values_list("line", "currency", "stage", "estimate")
        .annotate(count=Count("id"), whole=Coalesce(Sum("amount"), Value(Decimal(0))))
    )
    return [OpenFigures(line, currency, Stage(stage), *figures) for line, currency, stage, *figures in rows]


def _edges(on: date) -> list[date]:
    """First days of the months ahead and of the one behind them."""
    return forecast.months_ahead(on, MONTHS_AHEAD + 1)


def forecast_of(figures: Iterable[OpenFigures], on: date) -> list[ForecastMonth]:
    """Weighted forecast by month of expected close (P15): past, six months ahead, later, undated."""
    months = _edges(on)
    lines: dict[int | None, dict[str, list[OpenFigures]]] = {place: {} for place in range(1, len(months))}
    for row in figures:
        lines.setdefault(row.line, {}).setdefault(row.currency, []).append(row)
    order = [place for place in (*range(len(months) + 1), None) if place in lines]
    return [_month_of(place, lines[place], months) for place in order]


def _month_of(
    place: int | None, currencies: Mapping[str, Sequence[OpenFigures]], months: Sequence[date]
) -> ForecastMonth:
    kind = "undated" if place is None else "past" if place == 0 else "later" if place == len(months) else "month"
    expected = []
    for currency, parts in currencies.items():
        by_stage: dict[Stage, Decimal] = {}
        for part in parts:
            by_stage[part.stage] = by_stage.get(part.stage, forecast.ZERO) + part.amount
        expected.append(
            Expected(
                currency=currency,
                count=sum(part.count for part in parts),
                amount=sum(by_stage.values(), forecast.ZERO),
                weighted=forecast.weighted(by_stage),
                own=round_money(sum((part.own for part in parts), forecast.ZERO)),
                by_stage=by_stage,
            )
        )
    return ForecastMonth(
        kind=kind,
        first=months[place - 1] if place else None,
        last=months[place] - timedelta(days=1) if place is not None and place < len(months) else None,
        currencies=sorted(expected, key=lambda one: (-one.weighted, one.currency)),
    )
