"""The figures of collection on any day (C13, assurance §2.2), each with its formula, its inputs and the way to its rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext_lazy as _

from core.users import Actor
from receivables.choices import FigureCode, FigureUnit
from receivables.queries.ageing import AgeBucket, age_buckets
from receivables.queries.facts import receivables_rule
from receivables.queries.positions import (
    EVERYTHING,
    Selection,
    Sql,
    kept_positions,
    of_accounts,
    settled_since,
    still_open,
)
from receivables.rules import figures as rules
from receivables.rules.ageing import due_cuts
from receivables.rules.figures import Month
from receivables.rules.periods import calendar_months, months_back

ZERO = Decimal(0)
MONTHS = 3
"""The period of the figures: the last three months."""
COUNT_BACK_MONTHS = 24
"""Countback DSO looks no further back than this."""

FORMULAS = {
    FigureCode.DSO: _("Open at the end ÷ invoiced in the period × days of the period"),
    FigureCode.DSO_COUNTBACK: _("Months whose invoicing makes up what is open, newest first, in days"),
    FigureCode.DSO_TRUE: _("Sum over months of days since the invoice × open amount ÷ invoiced in the month"),
    FigureCode.BEST_DSO: _("Not due at the end ÷ invoiced in the period × days of the period"),
    FigureCode.DAYS_DELINQUENT: _("DSO − best possible DSO"),
    FigureCode.DAYS_LATE: _("Sum of amount paid × days late ÷ amount paid; early counts as 0 days"),
    FigureCode.EFFECTIVENESS: _(
        "(B + invoiced a month − open at the end) ÷ (B + invoiced a month − not due at the end) × 100; B is open at the beginning"
    ),
    FigureCode.OVERDUE_SHARE: _("Overdue ÷ open at the end × 100"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class FigureInput:
    """A number a figure is made of: its name (lazy text), value and unit."""

    name: object
    value: Decimal | None
    unit: FigureUnit = FigureUnit.MONEY


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: None where nothing divides. `page` and `query` lead to its rows (a URL name and the words after ?)."""

    code: FigureCode
    value: Decimal | None
    unit: FigureUnit
    inputs: tuple[FigureInput, ...]
    page: str
    query: str

    @property
    def name(self) -> object:
        """In the reader's language."""
        return self.code.label

    @property
    def formula(self) -> object:
        """How it is worked out, as a sentence in the reader's language."""
        return FORMULAS[self.code]


@dataclass(frozen=True, slots=True)
class Roll:
    """The share of one bucket a month ago that stands in the next one now."""

    bucket: AgeBucket
    into: AgeBucket
    before: Decimal
    after: Decimal
    rate: Decimal | None


@dataclass(frozen=True)
class Figures:
    """All figures of one currency for the `days` days after `since`, up to and including `on`."""

    on: date
    since: date
    days: int
    currency: str
    selection: Selection
    figures: Sequence[Figure]
    rolls: Sequence[Roll]
    buckets: Sequence[AgeBucket]
    amounts: Sequence[Decimal]
    invoiced: Decimal

    def __getitem__(self, code: FigureCode) -> Figure:
        return self.by_code[code]

    @cached_property
    def by_code(self) -> Mapping[str, Figure]:
        """For a template: `figures.by_code.dso`."""
        return {figure.code.value: figure for figure in self.figures}

    @property
    def total(self) -> Decimal:
        """Open on the day."""
        return sum(self.amounts, ZERO)

    @property
    def overdue(self) -> Decimal:
        """Past due on the day."""
        return sum(self.amounts[1:], ZERO)

    @property
    def expected_loss(self) -> Decimal | None:
        """Percent of what is not due that will roll all the way out, should the rates of the last month hold."""
        rates = [roll.rate for roll in self.rolls]
        known = [rate for rate in rates if rate is not None]
        return rules.expected_loss_rate(known) * 100 if len(known) == len(rates) else None


def figures(by: Actor, *, on: date, currency: str, selection: Selection = EVERYTHING, months: int = MONTHS) -> Figures:
    """Every figure of a day and currency; five statements whatever the size of the ledger."""
    since, edges = months_back(on, months), receivables_rule().ageing_edges
    days = (on - since).days
    then, month_ago = _bucket_totals(by, [since, months_back(on, 1)], edges, currency, selection)
    now, ages = _open_now(by, on, edges, currency, selection)
    months_of = calendar_months(on, COUNT_BACK_MONTHS)
    sold = _sold_by_day(by, min([months_of[-1][0], *ages]), on, currency, selection)
    sales = _by_month(sold)
    invoiced = sum((amount for day, amount in sold.items() if day > since), ZERO)
    paid, late = _paid_late(by, since, on, currency, selection)
    total, current, begin = sum(now, ZERO), now[0], sum(then, ZERO)

    newest_first = [Month(sales.get(first, ZERO), (last - first).days + 1) for first, last in months_of]
    simple = rules.dso_simple(total, invoiced, days)
    best = rules.best_possible_dso(current, invoiced, days)
    words = {"currency": currency, **selection.parameters()}
    open_rows = ("receivables:list_invoices", urlencode({"open_on": on.isoformat(), **words}))
    not_due = ("receivables:list_invoices", f"{open_rows[1]}&bucket=0")
    past_due = ("receivables:list_invoices", f"{open_rows[1]}&overdue=1")
    paid_words = {"received_from": since.isoformat(), "received_to": on.isoformat(), **words}
    paid_rows = ("receivables:list_payments", urlencode(paid_words))
    at_end = FigureInput(_("open at the end"), total)
    in_period = FigureInput(_("invoiced in the period"), invoiced)
    of_days = FigureInput(_("days of the period"), Decimal(days), FigureUnit.DAYS)

    def figure(
        code: FigureCode, value: Decimal | None, rows: tuple[str, str], *inputs: FigureInput,
        unit: FigureUnit = FigureUnit.DAYS,
    ) -> Figure:  # fmt: skip
        return Figure(code, value, unit, inputs, *rows)

    known = [
        figure(FigureCode.DSO, simple, open_rows, at_end, in_period, of_days),
        figure(FigureCode.DSO_COUNTBACK, rules.dso_countback(total, newest_first), open_rows, at_end,
               *(FigureInput(first, month.sales) for (first, _last), month in zip(months_of[:3], newest_first, strict=False))),
        figure(FigureCode.DSO_TRUE, rules.dso_true((weighted, sales.get(first, ZERO)) for first, weighted in ages.items()),
               open_rows, at_end, FigureInput(_("months with open invoices"), Decimal(len(ages)), FigureUnit.COUNT)),
        figure(FigureCode.BEST_DSO, best, not_due, FigureInput(_("not due at the end"), current), in_period, of_days),
        figure(FigureCode.DAYS_DELINQUENT, rules.average_days_delinquent(simple, best), past_due,
               FigureInput(FigureCode.DSO.label, simple, FigureUnit.DAYS), FigureInput(FigureCode.BEST_DSO.label, best, FigureUnit.DAYS)),
        figure(FigureCode.DAYS_LATE, late / paid if paid else None, paid_rows, FigureInput(_("paid in the period"), paid),
               FigureInput(_("amount × days late"), late, FigureUnit.COUNT)),
        figure(FigureCode.EFFECTIVENESS,
               rules.effectiveness(begin=begin, sales=invoiced, months=months, end_total=total, end_current=current),
               open_rows, FigureInput(_("open at the beginning"), begin), in_period,
               FigureInput(_("months"), Decimal(months), FigureUnit.COUNT), at_end,
               FigureInput(_("not due at the end"), current), unit=FigureUnit.PERCENT),
        figure(FigureCode.OVERDUE_SHARE, (total - current) / total * 100 if total else None, past_due,
               FigureInput(_("overdue"), total - current), at_end, unit=FigureUnit.PERCENT),
    ]  # fmt: skip
    buckets = age_buckets("overdue", edges)
    rates = rules.roll_rates(month_ago, now)
    rolls = [
        Roll(buckets[place], buckets[place + 1], month_ago[place], now[place + 1], rate)
        for place, rate in enumerate(rates)
    ]
    return Figures(on, since, days, currency, selection, known, rolls, buckets, now, invoiced)


def _bucket_totals(
    by: Actor, days: Sequence[date], edges: Sequence[int], currency: str, selection: Selection
) -> list[list[Decimal]]:
    """What was open in each bucket on each of these days; one statement."""
    parts: list[str] = []
    values: dict[str, Any] = {}
    for number, on in enumerate(days):
        owed, cuts = _owed(by, on, selection, currency), f"cuts{number}"
        inner = owed.text.replace("%(on)s", f"%(on{number})s")
        parts.append(
            f"select {number}, %({cuts}_count)s - width_bucket(due_on, %({cuts})s::date[]), sum(amount)"
            f" from ({inner}) p group by 2"
        )
        values |= {**owed.values, f"on{number}": on, cuts: due_cuts(on, edges), f"{cuts}_count": len(edges) + 1}
    totals = [[ZERO] * (len(edges) + 2) for _on in days]
    for number, place, amount in Sql(" union all ".join(parts), values).rows():
        totals[number][place] = amount
    return totals


def _owed(by: Actor, on: date, selection: Selection, currency: str) -> Sql:
    """Rows (issued_on, due_on, amount) whose sums are what was open that day: from the kept sums where these tell it."""
    still = kept_positions(by, on, selection, currency, along="issue") or still_open(by, on, selection, currency)
    since = settled_since(by, on, selection, currency)
    parts = (f"select issued_on, due_on, amount from ({part.text}) p" for part in (still, since))
    return Sql(" union all ".join(parts), {**still.values, **since.values})


def _open_now(
    by: Actor, on: date, edges: Sequence[int], currency: str, selection: Selection
) -> tuple[list[Decimal], dict[date, Decimal]]:
    """What is open on the day in each bucket, and by month of invoice Σ of it × days since; one statement."""
    owed = _owed(by, on, selection, currency)
    text = (
        "select issued_on, %(places)s - width_bucket(due_on, %(cuts)s::date[]), sum(amount)"
        f" from ({owed.text}) p group by 1, 2 having sum(amount) <> 0"
    )
    buckets, ages = [ZERO] * (len(edges) + 2), dict[date, Decimal]()
    for day, place, amount in Sql(text, {**owed.values, "cuts": due_cuts(on, edges), "places": len(edges) + 1}).rows():
        buckets[place] += amount
        month = day.replace(day=1)
        ages[month] = ages.get(month, ZERO) + amount * (on - day).days
    return buckets, ages


def _sold_by_day(
    by: Actor, since: date, on: date, currency: str, selection: Selection = EVERYTHING
) -> dict[date, Decimal]:
    """Invoiced on each day from `since` to `on`; balances taken over are no sales. One statement."""
    scope = of_accounts(by, selection)
    text = (
        "select issued_on, sum(amount) from receivables_invoice where issued_on >= %(since)s and issued_on <= %(on)s"
        f" and kind = 'invoice' and currency = %(currency)s{scope.text} group by 1"
    )
    return dict(Sql(text, {**scope.values, "since": since, "on": on, "currency": currency}).rows())


def _by_month(days: Mapping[date, Decimal]) -> dict[date, Decimal]:
    """Sums of calendar months, by their first day."""
    months: dict[date, Decimal] = {}
    for day, amount in days.items():
        month = day.replace(day=1)
        months[month] = months.get(month, ZERO) + amount
    return months


def _paid_late(by: Actor, since: date, on: date, currency: str, selection: Selection) -> tuple[Decimal, Decimal]:
    """What was paid on invoices in the period, and Σ of it × days late; one statement."""
    scope = of_accounts(by, selection)
    text = (
        'select "on" - due_on, sum(amount) from receivables_allocation'
        ' where "on" > %(since)s and "on" <= %(on)s and part = \'principal\' and payment_id is not null'
        f" and currency = %(currency)s{scope.text} group by 1"
    )
    rows = Sql(text, {**scope.values, "since": since, "on": on, "currency": currency}).rows()
    return (
        sum((amount for _days, amount in rows), ZERO),
        sum((amount * max(0, days) for days, amount in rows), ZERO),
    )
