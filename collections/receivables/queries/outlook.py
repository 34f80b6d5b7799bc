"""What the receivables bring and cost: expected cash by week, the provision matrix, the trend of the daily snapshots."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from urllib.parse import urlencode

from django.db.models import Q, QuerySet, Sum

from core.models import Role
from core.scope import SEES_ALL
from core.users import Actor
from receivables.choices import Grade, ProvisionBasis
from receivables.models import ProvisionRun, ReceivableSnapshot
from receivables.queries.age_sums import AgeBasis
from receivables.queries.ageing import AgeLine, ageing
from receivables.queries.digest import Digest, week_column, week_cuts
from receivables.queries.positions import EVERYTHING, Selection, Sql, kept_positions, of_accounts
from receivables.queries.rates import provision_rates
from receivables.rules import figures

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class ExpectedWeek:
    """What should come in from `first` to `last`: `first` is None for what should be here already, `last` for later."""

    first: date | None
    last: date | None
    amount: Decimal
    disputed: Decimal
    invoices: int
    query: str

    @property
    def undisputed(self) -> Decimal:
        """What nobody disputes."""
        return self.amount - self.disputed


def expected_cash(
    by: Actor, *, on: date, currency: str, selection: Selection = EVERYTHING, digest: Digest | None = None
) -> list[ExpectedWeek]:
    """What is open now by the week in which it should come: the day the customer named, else the due day.

    One statement; none with a `digest` of the same day and selection.
    """
    found = digest.weeks(currency) if digest else _weeks_summed(by, on, selection, currency)
    cuts = week_cuts(on)
    ends = [cut - timedelta(days=1) for cut in cuts]
    bounds = [(None, ends[0]), *zip(cuts, ends[1:], strict=False), (cuts[-1], None)]
    address = {"open_on": on.isoformat(), "currency": currency, **selection.parameters()}
    lines = []
    for place, (first, last) in enumerate(bounds):
        amount, disputed, invoices = found.get(place, (ZERO, ZERO, 0))
        span = {"expected_from": first and first.isoformat(), "expected_to": last and last.isoformat()}
        query = urlencode(address | {name: day for name, day in span.items() if day})
        lines.append(ExpectedWeek(first, last, amount, disputed, invoices, query))
    return lines


def _weeks_summed(by: Actor, on: date, selection: Selection, currency: str) -> dict[int, tuple[Decimal, Decimal, int]]:
    owed = kept_positions(by, on, selection, currency, along="due") or _open_one_by_one(by, selection, currency)
    week = week_column(on)
    text = f"select {week.text}, sum(amount), sum(disputed_amount), sum(invoices) from ({owed.text}) p group by 1"
    return {place: (amount, *rest) for place, amount, *rest in Sql(text, {**owed.values, **week.values}).rows()}


def _open_one_by_one(by: Actor, selection: Selection, currency: str) -> Sql:
    """The open invoices themselves, as `kept_positions` would sum them."""
    scope = of_accounts(by, selection)
    graded = " and grade = %(grade)s" if selection.grade else ""
    text = (
        "select due_on, expected_on, open_amount as amount, least(disputed_amount, open_amount) as disputed_amount, 1 as invoices"
        f" from receivables_invoice where open_amount > 0 and currency = %(currency)s{scope.text}{graded}"
    )
    return Sql(text, {**scope.values, "currency": currency, "grade": selection.grade and str(selection.grade)})


# ------------------------------------------------------------------ provision


@dataclass(frozen=True, slots=True)
class ProvisionLine:
    """One step of the matrix: what is open there, the rate, what to provide for; and the way to its invoices."""

    step: int
    label: str
    amount: Decimal
    rate: Decimal
    provision: Decimal
    query: str


@dataclass(frozen=True)
class ProvisionMatrix:
    """Amount × rate by bucket or grade, in one currency (assurance §2.3)."""

    on: date
    basis: ProvisionBasis
    currency: str
    lines: Sequence[ProvisionLine]

    @property
    def amount(self) -> Decimal:
        """Everything open."""
        return sum((line.amount for line in self.lines), ZERO)

    @property
    def total(self) -> Decimal:
        """What to provide for, to the cent."""
        return sum((line.provision for line in self.lines), ZERO)


def provision_matrix(
    by: Actor, *, on: date, basis: ProvisionBasis, currency: str, selection: Selection = EVERYTHING
) -> ProvisionMatrix:
    """The matrix of a day by days past due, account age or grade. A step without a rate provides for nothing."""
    rates = provision_rates(on)[basis]
    if basis == ProvisionBasis.GRADE:
        report = ageing(by, on=on, group="grade", currency=currency, selection=selection, limit=len(Grade))
        lines = _by_grade(report.lines, rates)
    else:
        way: AgeBasis = "age" if basis == ProvisionBasis.AGE else "overdue"
        report = ageing(by, on=on, basis=way, group="none", currency=currency, selection=selection)
        lines = _by_bucket(report.totals, rates)
    return ProvisionMatrix(on, basis, currency, lines)


def _by_bucket(totals: Sequence[AgeLine], rates: Mapping[int, Decimal]) -> list[ProvisionLine]:
    return [
        _provision_line(cell.bucket.place, cell.bucket.label, cell.amount, rates, cell.query)
        for line in totals
        for cell in line.cells
    ]


def _by_grade(lines: Sequence[AgeLine], rates: Mapping[int, Decimal]) -> list[ProvisionLine]:
    ranked = sorted(lines, key=lambda line: Grade(str(line.key)).rank)
    return [_provision_line(Grade(str(line.key)).rank, line.label, line.total, rates, line.query) for line in ranked]


def _provision_line(step: int, label: str, amount: Decimal, rates: Mapping[int, Decimal], query: str) -> ProvisionLine:
    rate = rates.get(step, ZERO)
    return ProvisionLine(step, label, amount, rate, figures.provision([amount], [rate]), query)


def provision_runs(by: Actor) -> QuerySet[ProvisionRun]:
    """The runs so far, newest first; of those who see the whole ledger only."""
    rows = ProvisionRun.objects.select_related("by", "approved_by").order_by("-on", "-id")
    return rows if by.is_system or by.role in SEES_ALL else rows.none()


# ------------------------------------------------------------------ trend


@dataclass(frozen=True, slots=True)
class TrendDay:
    """The totals of one day as they were kept that evening."""

    on: date
    open_amount: Decimal
    overdue_amount: Decimal
    disputed_amount: Decimal
    unallocated: Decimal
    sold: Decimal
    received: Decimal

    @property
    def overdue_share(self) -> Decimal | None:
        """Percent of the open amount that was past due."""
        return self.overdue_amount / self.open_amount * 100 if self.open_amount else None


def trend(by: Actor, *, currency: str, since: date, until: date, selection: Selection = EVERYTHING) -> list[TrendDay]:
    """One line a day that has a snapshot, oldest first; one statement.

    Snapshots are kept by owner: a rep sees those of his own customers, a manager those of his teams. There are none of
    single accounts or grades.
    """
    rows = ReceivableSnapshot.objects.filter(currency=currency, on__range=(since, until))
    if not (by.is_system or by.role in SEES_ALL):
        mine = Q(owner=by.pk)
        rows = rows.filter(mine | Q(team__in=by.team_ids) if by.role == Role.MANAGER else mine)
    if selection.owner_id is not None:
        rows = rows.filter(owner=selection.owner_id)
    if selection.team_id is not None:
        rows = rows.filter(team__path__contains=f"/{selection.team_id}/")
    names = ("open_amount", "overdue_amount", "disputed_amount", "unallocated", "sold", "received")
    sums = rows.order_by("on").values("on").annotate(**{f"all_{name}": Sum(name) for name in names})
    return [TrendDay(row["on"], **{name: row[f"all_{name}"] for name in names}) for row in sums]
