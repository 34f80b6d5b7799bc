"""Where do we land: won, weighted and open, with last week's same figures beside (assurance 1.3, question 1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db.models import Q, Sum, Value
from django.db.models.functions import Coalesce

from core.users import Actor
from core.workdays import today
from prospects.choices import Outcome, Period, Stage
from prospects.queries.board import Selection, Total, selected_prospects
from prospects.queries.bridge import snapshot_rows
from prospects.rules import forecast
from prospects.rules.forecast import ZERO


@dataclass
class Landing:
    """One currency: what is won in the period, what the open cards weigh and what they are worth in full; now and then."""

    currency: str
    won: Decimal = ZERO
    won_then: Decimal = ZERO
    weighted: Decimal = ZERO
    open: Decimal = ZERO
    then: dict[Stage, Decimal] = field(default_factory=dict)

    @property
    def total(self) -> Decimal:
        """Won and weighted: where we land if the classes tell the truth."""
        return self.won + self.weighted

    @property
    def open_then(self) -> Decimal:
        return sum(self.then.values(), ZERO)

    @property
    def weighted_then(self) -> Decimal:
        return forecast.weighted(self.then)

    @property
    def total_then(self) -> Decimal:
        return self.won_then + self.weighted_then


def landings(by: Actor, selection: Selection, totals: Sequence[Total], week: date | None) -> list[Landing]:
    """One landing per currency, the largest first; one statement.

    `totals` are the open cards'; `week` is the snapshot to look back to. Without a period what was won is this quarter's.
    """
    on = today()
    found = {total.currency: Landing(total.currency, weighted=total.weighted, open=total.amount) for total in totals}
    span = forecast.span(selection.period or Period.THIS_QUARTER, on)
    amount = Coalesce(Sum("amount"), Value(ZERO))
    before = Coalesce(Sum("amount", filter=Q(closed_on__lt=week)), Value(ZERO)) if week else Value(ZERO)
    rows = (
        selected_prospects(by, selection)
        .filter(outcome=Outcome.WON, closed_on__range=span)
        .order_by()
        .values_list("currency", "stage")
        .annotate(now=amount, earlier=before)
    )
    if week:
        then = snapshot_rows(by, selection, week, on).order_by().values_list("currency", "stage")
        rows = rows.union(then.annotate(now=amount, earlier=Value(ZERO)), all=True)
    for currency, stage, now, earlier in rows:
        landing = found.setdefault(currency, Landing(currency))
        if stage == Stage.S:
            landing.won, landing.won_then = now, earlier
        else:
            landing.then[Stage(stage)] = now
    return sorted(found.values(), key=lambda one: (-one.total, -one.open, one.currency))
