"""The receivables on one screen, as of any day: how old, how risky, what comes when, who owes most, the figures (C2, C3, C13)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import date_format, number_format
from django.utils.http import urlencode
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from accounts.queries import possible_owners
from core import drawings
from core.money import compact_money, format_money
from core.navigation import address_of
from core.people import teams
from core.requests import StaffRequest
from core.workdays import today
from receivables import queries
from receivables.choices import FigureUnit, Grade
from receivables.forms.selection import SelectionForm
from receivables.queries import Ageing, AgeLine, Digest, ExpectedWeek, Figure, FigureInput, Selection
from receivables.rules.strategies import STRATEGIES

ZERO = Decimal(0)
TOP = 8
GRADES_OF_ALL = 100
"""Four grades in each currency: more than there are currencies for."""
TREND_DAYS = 90
OLDEST_TONE = 6


def dashboard(request: StaffRequest) -> HttpResponse:
    """One currency at a time; the figures are fetched beside it."""
    form = selection_form(request)
    selection, on = form.selection(), form.on
    digest = queries.digest(request.user, on, selection)
    grades = queries.ageing(request.user, on=on, group="grade", selection=selection, limit=GRADES_OF_ALL, digest=digest)
    currencies = [line.currency for line in _by_size(grades.totals)]
    chosen = request.GET.get("currency", "")
    currency = chosen if chosen in currencies else (currencies[0] if currencies else "")
    context = {
        "form": form,
        "on": on,
        "is_past": form.is_past,
        "clear_url": request.path if form.words else "",
        "currency": currency,
        "tabs": currency_tabs(request.path, form.words, currencies, currency),
        "may_import": not currencies,
    }
    if currency:
        context |= _of_currency(request, on, selection, currency, grades, digest, form.words)
    return render(request, "receivables/dashboard.html", context)


def selection_form(request: StaffRequest) -> SelectionForm:
    """Whose receivables and which day, as the address says."""
    owners = possible_owners().select_related(None).only("full_name", "email")  # a name is all the choice shows
    return SelectionForm(request.GET, owners=list(owners), teams=list(teams(request.user)))


def currency_tabs(path: str, words: dict[str, str], currencies: Sequence[str], chosen: str) -> list[dict[str, Any]]:
    """A tab a currency; currencies are never added."""
    return [
        {"label": code, "url": f"{path}?{urlencode({**words, 'currency': code})}", "current": code == chosen}
        for code in currencies
    ]


def _by_size(totals: Sequence[AgeLine]) -> list[AgeLine]:
    """The house's own currency first, then by name: amounts of two currencies do not compare."""
    return sorted(totals, key=lambda line: (line.currency != default_currency(), line.currency))


def _of_currency(
    request: StaffRequest,
    on: date,
    selection: Selection,
    currency: str,
    grades: Ageing,
    digest: Digest | None,
    words: dict[str, str],
) -> dict[str, Any]:
    by = request.user
    accounts = queries.ageing(by, on=on, group="account", currency=currency, selection=selection, limit=TOP)
    ages = queries.ageing(
        by, on=on, basis="age", group="none", currency=currency, selection=selection, alone=True, digest=digest
    )
    total = accounts.totals[0]
    weeks = queries.expected_cash(by, on=today(), currency=currency, selection=selection, digest=digest)
    address = urlencode({**words, "currency": currency})
    return {
        "total": total,
        "headline": _headline(total),
        "overdue_bar": age_parts(total, currency),
        "age_bar": age_parts(ages.totals[0], currency) if ages.totals else [],
        "grades": _grades([line for line in grades.lines if line.currency == currency], currency),
        "weeks": _weeks(weeks, currency),
        "week_lines": [{"label": _week_name(week), "week": week, "url": rows_url(week.query)} for week in weeks],
        "top": _top(accounts.lines),
        "figures_url": f"{reverse('receivables:figures')}?{address}",
        "ageing_url": f"{reverse('receivables:ageing')}?{address}",
    }


def rows_url(query: str) -> str:
    """The invoices behind a number."""
    return f"{address_of('receivables:list_invoices')}?{query}"


def _headline(total: AgeLine) -> list[dict[str, Any]]:
    """Open, overdue, disputed, unapplied: what everything else is a part of."""
    share = total.overdue_share
    code = total.currency
    return [
        {
            "label": _("Open"), "amount": total.total, "url": rows_url(total.query), "tone": "",
            "note": _("balance after what is not applied: %(amount)s") % {"amount": compact_money(total.balance, code)},
        },
        {
            "label": _("Overdue"), "amount": total.overdue, "tone": "bad" if total.overdue else "good",
            "url": rows_url(f"{total.query}&overdue=true"),
            "note": "" if share is None else _("%(share)s %% of what is open") % {"share": _decimal(share)},
        },
        {
            "label": _("Disputed"), "amount": total.disputed, "tone": "warn" if total.disputed else "",
            "url": rows_url(f"state=open&disputed=true&currency={code}"), "note": _("not dunned until settled"),
        },
        {
            "label": _("Not applied"), "amount": total.unapplied, "tone": "",
            "url": f"{reverse('receivables:list_payments')}?state=unallocated&currency={code}",
            "note": _("payments and credits that settle nothing yet"),
        },
    ]  # fmt: skip


def age_parts(line: AgeLine, currency: str) -> list[drawings.DrawnPart]:
    """The columns of an ageing as one bar, from cool to hot."""
    return drawings.stack(
        [
            drawings.Part(
                cell.bucket.label,
                cell.amount,
                format_money(cell.amount, currency),
                f"age-{min(cell.bucket.place, OLDEST_TONE)}",
                rows_url(cell.query),
            )
            for cell in line.cells
        ]
    )


def _grades(lines: Sequence[AgeLine], currency: str) -> list[dict[str, Any]]:
    by_grade = {line.key: line for line in lines}
    whole = sum((line.total for line in lines), ZERO)
    largest = max((line.total for line in lines), default=ZERO)
    found = []
    for grade in Grade:
        line = by_grade.get(grade.value)
        amount = line.total if line else ZERO
        found.append(
            {
                "grade": grade,
                "aim": STRATEGIES[grade].aim,
                "amount": format_money(amount, currency),
                "share": round(drawings.percent(amount, whole)),
                "bar": drawings.measured(amount, largest),
                "url": rows_url(line.query) if line else "",
            }
        )
    return found


def _weeks(weeks: Sequence[ExpectedWeek], currency: str) -> list[drawings.DrawnColumn]:
    """A column a week: what nobody disputes, and on top what is disputed."""
    return drawings.columns(
        [
            drawings.Column(
                name=_week_short(week),
                title=_week_name(week),
                parts=[
                    ("tone-bad" if week.first is None else "tone-accent", week.undisputed),
                    ("tone-warn", week.disputed),
                ],
                shown=compact_money(week.amount, currency) if week.amount else "",
                url=rows_url(week.query),
                is_loud=week.first is None and bool(week.amount),
            )
            for week in weeks
        ]
    )


def _week_short(week: ExpectedWeek) -> str:
    if week.first is None:
        return _("late")
    if week.last is None:
        return _("later")
    return date_format(week.first, "MONTH_DAY_FORMAT")


def _week_name(week: ExpectedWeek) -> str:
    if week.first is None:
        return _("Should be here already")
    if week.last is None:
        return _("After %(day)s") % {"day": date_format(week.first - timedelta(days=1), "SHORT_DATE_FORMAT")}
    return f"{date_format(week.first, 'SHORT_DATE_FORMAT')} – {date_format(week.last, 'SHORT_DATE_FORMAT')}"


def _top(lines: Sequence[AgeLine]) -> list[dict[str, Any]]:
    largest = max((line.total for line in lines), default=ZERO)
    return [
        {
            "line": line,
            "url": reverse("accounts:account", args=[line.key]),
            "rows_url": rows_url(line.query),
            "bar": drawings.measured(line.total, largest),
            "late": drawings.measured(line.overdue, largest),
        }
        for line in lines
    ]


# ------------------------------------------------------------------ the figures (C13)


def figures(request: StaffRequest) -> HttpResponse:
    """The figures of a currency and day with formula, inputs and rows; alone on a page, or a part of the dashboard."""
    form = selection_form(request)
    selection, on = form.selection(), form.on
    currency = request.GET.get("currency", "") or default_currency()
    found = queries.figures(request.user, on=on, currency=currency, selection=selection)
    days = queries.trend(
        request.user, currency=currency, since=on - timedelta(days=TREND_DAYS), until=on, selection=selection
    )
    context = {
        "found": found,
        "on": on,
        "currency": currency,
        "tiles": [_tile(figure, currency) for figure in found.figures],
        "rolls": [
            {"roll": roll, "rate": None if roll.rate is None else _decimal(roll.rate * 100)} for roll in found.rolls
        ],
        "trends": _trends(days, currency) if len(days) > 1 else [],
        "heads": [{"label": _("Day")}, {"label": _("Value"), "number": True}],
    }
    template = "receivables/_figures.html" if request.htmx else "receivables/figures.html"
    return render(request, template, context)


def default_currency() -> str:
    """The house's own."""
    return str(settings.DEFAULT_CURRENCY)


def _tile(figure: Figure, currency: str) -> dict[str, Any]:
    return {
        "code": figure.code,
        "name": capfirst(str(figure.name)),
        "value": shown(figure.value, figure.unit, currency),
        "formula": figure.formula,
        "inputs": [_input(one, currency) for one in figure.inputs],
        "url": f"{reverse(figure.page)}?{figure.query}",
    }


def _input(one: FigureInput, currency: str) -> tuple[str, str]:
    name = date_format(one.name, "YEAR_MONTH_FORMAT") if isinstance(one.name, date) else str(one.name)
    return name, shown(one.value, one.unit, currency)


def shown(value: Decimal | None, unit: FigureUnit, currency: str) -> str:
    """A figure with its unit: 45.2 days, 83.1 %, ¥1,200.00."""
    if value is None:
        return "–"
    if unit == FigureUnit.MONEY:
        return format_money(value, currency)
    if unit == FigureUnit.PERCENT:
        return f"{_decimal(value)} %"
    if unit == FigureUnit.DAYS:
        return _("%(days)s days") % {"days": _decimal(value)}
    return number_format(value.quantize(Decimal(1)), use_l10n=True, force_grouping=True)


def _decimal(value: Decimal) -> str:
    text = number_format(abs(round(value, 1)), decimal_pos=1, use_l10n=True, force_grouping=True)
    return f"−{text}" if round(value, 1) < 0 else text


def _trends(days: Sequence[queries.TrendDay], currency: str) -> list[dict[str, Any]]:
    """Open and overdue share through the last weeks, as they were kept each evening."""
    return [
        {
            "name": _("Open"),
            "trend": drawings.trend(
                [
                    drawings.Point(_day(day.on), day.open_amount, compact_money(day.open_amount, currency))
                    for day in days
                ]
            ),
            "tone": "tone-accent",
        },
        {
            "name": _("Overdue share"),
            "trend": drawings.trend(
                [
                    drawings.Point(
                        _day(day.on),
                        day.overdue_share,
                        "" if day.overdue_share is None else f"{_decimal(day.overdue_share)} %",
                    )
                    for day in days
                ]
            ),
            "tone": "tone-bad",
        },
    ]


def _day(on: date) -> str:
    return date_format(on, "SHORT_DATE_FORMAT")
