"""The pipeline dashboard (assurance 1.3): where we land, what changed, what is stuck; every number leads to its rows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import date_format, localize
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from core import drawings
from core.money import compact_money
from core.requests import StaffRequest
from prospects import queries
from prospects.choices import Attention, MoveKind, Period, Stage, State
from prospects.queries import Dashboard, Discipline, ForecastMonth, Selection
from prospects.queries.bridge import WeekBridge
from prospects.queries.dashboard import Pace
from prospects.queries.landing import landings
from prospects.rules.forecast import ZERO, Bridge
from prospects.templatetags.prospects import days
from prospects.views.board import selection_form
from prospects.views.drawings import waterfall

SHOWN = 20
"""So many owners stand on the dashboard, those who review least first; the others are a page of their own."""


def dashboard(request: StaffRequest) -> HttpResponse:
    """All figures of a selection on one screen."""
    form = selection_form(request)
    selection = form.selection()
    found = queries.dashboard(request.user, selection)
    rows = Rows(selection)
    week = found.bridge.week if found.bridge else None
    context = {
        "form": form,
        "clear_url": request.path if selection.parameters() else "",
        "found": found,
        "attention": _attention(found, rows),
        "landings": landings(request.user, selection, found.totals, week),
        "landing_period": Period(selection.period or Period.THIS_QUARTER).label,
        "won_url": rows.url(state=State.WON, period=selection.period or Period.THIS_QUARTER),
        "open_url": rows.url(state=State.OPEN),
        "shape": _shape(found, rows),
        "paces": _paces(found, rows),
        "deciding": _pace(found.deciding, found, rows),
        "bridges": _bridges(found.bridge, rows),
        "week": week,
        "moves": _moves(found, rows),
        "months": _months(found, rows),
        "discipline": _discipline(found.discipline[:SHOWN], rows),
        "has_others": len(found.discipline) > SHOWN,
        "discipline_url": _discipline_url(selection),
        "review_url": reverse("prospects:review"),
        "add_url": reverse("prospects:add_prospect"),
    }
    return render(request, "prospects/dashboard.html", context)


def discipline(request: StaffRequest) -> HttpResponse:
    """Who reviews in time, everybody of a selection; the dashboard shows the worst."""
    form = selection_form(request)
    selection = form.selection()
    lines = queries.review_discipline(request.user, selection)
    context = {
        "form": form,
        "clear_url": request.path if selection.parameters() else "",
        "discipline": _discipline(lines, Rows(selection)),
        "dashboard_url": reverse("prospects:dashboard"),
    }
    return render(request, "prospects/discipline.html", context)


class Rows:
    """Addresses of the list behind a number, within the selection."""

    def __init__(self, selection: Selection) -> None:
        self.words = selection.parameters()
        self.base = reverse("prospects:list_prospects")

    def url(self, **words: Any) -> str:
        """The list narrowed by these words too."""
        return f"{self.base}?{urlencode({**self.words, **words}, doseq=True)}"


def _attention(found: Dashboard, rows: Rows) -> list[dict[str, Any]]:
    counts = found.attention
    kinds = (
        (Attention.NOTHING_PLANNED, counts.nothing_planned),
        (Attention.OVERDUE, counts.overdue),
        (Attention.SLIPPING, counts.slipping),
        (Attention.BEYOND_NORM, counts.beyond_norm),
        (Attention.REVIEW_DUE, counts.review_due),
    )
    return [
        {
            "label": kind.label,
            "count": count,
            "url": rows.url(state=State.OPEN, attention=kind),
            "is_loud": kind == Attention.NOTHING_PLANNED and count > 0,
        }
        for kind, count in kinds
    ]


def _shape(found: Dashboard, rows: Rows) -> list[dict[str, Any]]:
    """The classes from E down to A, each as wide as it has cards."""
    troubled = {reading.stage for reading in found.shape.readings}
    return [
        {
            "stage": stage,
            "count": count,
            "bar": drawings.centred(count, found.shape.widest),
            "totals": found.shape.totals.get(stage, ()),
            "url": rows.url(state=State.OPEN, stage=int(stage)),
            "is_troubled": stage in troubled,
        }
        for stage, count in ((stage, found.shape.counts.get(stage, 0)) for stage in Stage if stage != Stage.S)
    ]


def _paces(found: Dashboard, rows: Rows) -> list[dict[str, Any]]:
    return [_pace(pace, found, rows) for pace in found.paces]


def _pace(pace: Pace, found: Dashboard, rows: Rows) -> dict[str, Any]:
    """One class: median against norm, what it may take at the slow end, what is beyond twice the norm."""
    longest = max([*(one.median_days or 0 for one in found.paces), *(one.norm_days for one in found.paces), 1]) * 1.05
    median = pace.median_days
    return {
        "pace": pace,
        "stage": pace.stage,
        "to": pace.stage.next_up,
        "median": _days(median),
        "norm": days(pace.norm_days),
        "bar": drawings.measured(median or 0, longest),
        "norm_at": drawings.mark(pace.norm_days, longest),
        "went_up": pace.went_up,
        "up_url": rows.url(moved=MoveKind.UP, moved_from=int(pace.stage), since=_long_ago(found.on).isoformat()),
        "beyond": pace.beyond,
        "beyond_url": rows.url(state=State.OPEN, stage=int(pace.stage), attention=Attention.BEYOND_NORM),
    }


def _days(value: float | None) -> str:
    return "–" if value is None else days(round(value))


def _long_ago(on: date) -> date:
    return date.fromordinal(on.toordinal() - 90)


def _bridges(found: WeekBridge | None, rows: Rows) -> list[dict[str, Any]]:
    return [_bridge(bridge, found.week, rows) for bridge in found.currencies] if found else []


def _bridge(bridge: Bridge, week: date, rows: Rows) -> dict[str, Any]:
    """One currency's way from last week's open amount to this week's, bar by bar."""
    drawing = waterfall(bridge)
    return {
        "currency": bridge.currency,
        "opened_with": bridge.opened_with,
        "opened_bar": drawing.opened_with,
        "open_now": bridge.open_now,
        "now_bar": drawing.open_now,
        "now_url": rows.url(state=State.OPEN, currency=bridge.currency),
        "begins": drawing.begins,
        "difference": bridge.difference,
        "steps": [
            {
                "movement": movement,
                "amount": bridge.bars[movement],
                "count": bridge.counts[movement],
                "bar": bar,
                "is_plus": bridge.bars[movement] >= 0,
                "url": rows.url(movement=movement, week=week.isoformat(), currency=bridge.currency),
            }
            for movement, bar in drawing.steps
        ],
    }


def _discipline(lines: Sequence[Discipline], rows: Rows) -> list[dict[str, Any]]:
    """A meter per owner, with the cards whose review is due behind it."""
    address = rows.url(state=State.OPEN, attention=Attention.REVIEW_DUE, owner="")
    return [
        {
            "owner": line.owner,
            "name": str(line.owner),
            "open": line.open,
            "in_time": line.in_time,
            "tone": "good" if line.share >= 0.9 else "warn" if line.share >= 0.5 else "bad",
            "figure": _("%(n)s of %(all)s") % {"n": localize(line.in_time), "all": localize(line.open)},
            "url": f"{address}{line.owner.pk}",
        }
        for line in lines
    ]


def _discipline_url(selection: Selection) -> str:
    words = urlencode(selection.parameters())
    return f"{reverse('prospects:discipline')}{'?' if words else ''}{words}"


def _moves(found: Dashboard, rows: Rows) -> dict[str, Any]:
    """Class changes of this week."""
    since = found.moves.since.isoformat()
    return {
        "since": found.moves.since,
        "lines": [
            {
                "move": move,
                "url": rows.url(
                    moved_from=int(move.from_stage), moved_to=int(move.to_stage), moved_how=move.kind, since=since
                ),
            }
            for move in found.moves.lines
        ],
        "figures": [
            (_("Up"), found.moves.up, rows.url(moved=MoveKind.UP, since=since), ""),
            (_("Down"), found.moves.down, rows.url(moved=MoveKind.DOWN, since=since), ""),
            (_("By override"), found.moves.overridden, rows.url(moved=MoveKind.OVERRIDDEN, since=since), "warn"),
            (_("Fell back"), found.moves.fell_back, rows.url(moved=MoveKind.FELL_BACK, since=since), "warn"),
        ],
    }


def _months(found: Dashboard, rows: Rows) -> dict[str, Any]:
    """The forecast: a column a month for the leading currency, a table of all."""
    currencies = [total.currency for total in found.totals]
    leading = currencies[0] if currencies else ""
    dated = [(month, _weights(month, leading)) for month in found.months if month.kind != "undated"]
    undated = next((month for month in found.months if month.kind == "undated"), None)
    return {
        "currency": leading,
        "columns": drawings.columns(
            [
                drawings.Column(
                    name=_short_name(month),
                    title=_month_name(month),
                    parts=[(f"stage-{stage.name}", parts[stage]) for stage in sorted(parts, reverse=True)],
                    shown=compact_money(weighted, leading) if (weighted := sum(parts.values(), ZERO)) else "",
                    url=_month_url(month, rows),
                    is_loud=month.kind == "past" and bool(weighted),
                )
                for month, parts in dated
            ]
        ),
        "undated": undated
        and {
            "count": undated.count,
            "weighted": sum(_weights(undated, leading).values(), ZERO),
            "url": _month_url(undated, rows),
        },
        "lines": [
            {"label": _month_name(month), "url": _month_url(month, rows), "expected": one}
            for month in found.months
            for one in month.currencies
        ],
    }


def _weights(month: ForecastMonth, currency: str) -> dict[Stage, Decimal]:
    """Per class the weighted amount in one currency."""
    for one in month.currencies:
        if one.currency == currency:
            return {stage: amount * stage.probability for stage, amount in one.by_stage.items()}
    return {}


def _short_name(month: ForecastMonth) -> str:
    """The month as a column of the chart names it: Dec, 12月."""
    if month.kind != "month" or month.first is None:
        return _month_name(month)
    return date_format(month.first, pgettext("date format of a month alone", "M"))


def _month_name(month: ForecastMonth) -> str:
    if month.kind == "past":
        return _("Overdue")
    if month.kind == "later":
        return _("Later")
    if month.kind == "undated" or month.first is None:
        return _("No date")
    return date_format(month.first, "YEAR_MONTH_FORMAT")


def _month_url(month: ForecastMonth, rows: Rows) -> str:
    words: dict[str, Any] = {"state": State.OPEN}
    if month.kind == "undated":
        words["undated"] = "true"
    if month.first:
        words["expected_after"] = month.first.isoformat()
    if month.last:
        words["expected_before"] = month.last.isoformat()
    return rows.url(**words)
