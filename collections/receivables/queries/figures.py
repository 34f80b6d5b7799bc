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
from receivables.queries.positions import EVERYTHING, Selection, Sql, of_accounts, open_positions
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
    then, month_ago, now = _bucket_totals(by, [since, months_back(on, 1), on], edges, currency, selection)
    sales = invoiced_by_month(by, on, currency, selection)
    invoiced = _invoiced(by, since, on, currency, selection)
    ages = _open_by_month(by, on, currency, selection)
    paid, late = _paid_late(by, since, on, currency, selection)
    total, current, begin = sum(now, ZERO), now[0], sum(then, ZERO)

    months_of = calendar_months(on, COUNT_BACK_MONTHS)
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
        owed, cuts = open_positions(by, on, selection, currency), f"cuts{number}"
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


def invoiced_by_month(by: Actor, on: date, currency: str, selection: Selection = EVERYTHING) -> dict[date, Decimal]:
    """Invoiced up to this day by calendar month (its first day); balances taken over are no sales."""
    scope = of_accounts(by, selection)
    text = (
        "select date_trunc('month', issued_on)::date, sum(amount) from receivables_invoice"
        f" where issued_on <= %(on)s and kind = 'invoice' and currency = %(currency)s{scope.text} group by 1"
    )
    return dict(Sql(text, {**scope.values, "on": on, "currency": currency}).rows())


def _invoiced(by: Actor, since: date, on: date, currency: str, selection: Selection) -> Decimal:
    scope = of_accounts(by, selection)
    text = (
        "select coalesce(sum(amount), 0) from receivables_invoice where issued_on > %(since)s and issued_on <= %(on)s"
        f" and kind = 'invoice' and currency = %(currency)s{scope.text}"
    )
    values = {**scope.values, "since": since, "on": on, "currency": currency}
    return Decimal(Sql(text, values).rows()[0][0])


def _open_by_month(by: Actor, on: date, currency: str, selection: Selection) -> dict[date, Decimal]:
    """Σ open amount × days since its invoice, by month of invoice."""
    owed = open_positions(by, on, selection, currency)
    text = (
        "select date_trunc('month', issued_on)::date, sum(amount * (%(on)s::date - issued_on))"
        f" from ({owed.text}) p group by 1 having sum(amount) <> 0"
    )
    return dict(Sql(text, owed.values).rows())


def _paid_late(by: Actor, since: date, on: date, currency: str, selection: Selection) -> tuple[Decimal, Decimal]:
    """What was paid on invoices in the period, and Σ of it × days late."""
    scope = of_accounts(by, selection)
    text = (
        'select coalesce(sum(amount), 0), coalesce(sum(amount * greatest(0, "on" - due_on)), 0) from receivables_allocation'
        ' where "on" > %(since)s and "on" <= %(on)s and part = \'principal\' and payment_id is not null'
        f" and currency = %(currency)s{scope.text}"
    )
    values = {**scope.values, "since": since, "on": on, "currency": currency}
    paid, late = Sql(text, values).rows()[0]
    return Decimal(paid), Decimal(late)
