"""How old the open money is, on any day, by account, owner, team, grade or altogether (C2). Currencies stand apart."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.db.models import Exists, F, OuterRef, Q, Subquery, Sum, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from core.keyset import Order, read_cursor, write_cursor
from core.users import Actor
from receivables.choices import Grade, Part
from receivables.models import Allocation, GradeChange, Invoice
from receivables.models.invoice import InvoiceQuerySet
from receivables.queries.age_sums import AgeBasis, AgeGroup, AgeSums, cuts_of
from receivables.queries.digest import Digest
from receivables.queries.facts import receivables_rule
from receivables.queries.positions import EVERYTHING, Selection
from receivables.rules.ageing import AGE_YEARS, span

PAGE = 50
ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class AgeBucket:
    """One column: days past due from `first` to `last`, or years since recognition. `first` is None for what is not due."""

    place: int
    basis: AgeBasis
    first: int | None
    last: int | None

    @property
    def label(self) -> str:
        """In the reader's language."""
        if self.basis == "age":
            if self.first == 0:
                return _("up to 1 year")
            if self.last is None:
                return _("over %(years)s years") % {"years": self.first}
            return _("%(first)s–%(last)s years") % {"first": self.first, "last": self.last}
        if self.first is None:
            return _("not due")
        if self.last is None:
            return _("over %(days)s days") % {"days": self.first - 1}
        return _("%(first)s–%(last)s days") % {"first": self.first, "last": self.last}

    @property
    def is_overdue(self) -> bool:
        """Past its due day; ages since recognition do not tell."""
        return self.basis == "overdue" and self.first is not None


@dataclass(frozen=True, slots=True)
class AgeCell:
    """An amount of one line in one column, and the query of the invoice list that shows its invoices."""

    bucket: AgeBucket
    amount: Decimal
    query: str


@dataclass(frozen=True, slots=True)
class AgeLine:
    """What one account (owner, team, grade, everybody) owed in one currency. `amounts` follow the buckets.

    `key` is the id of what was grouped by, or the grade; None altogether, or where a row has none. `overdue` is 0 for
    ages since recognition. `unapplied` (money and credits that settle nothing yet) is not taken off.
    """

    key: int | str | None
    label: str
    currency: str
    amounts: tuple[Decimal, ...]
    total: Decimal
    overdue: Decimal
    disputed: Decimal
    unapplied: Decimal
    query: str
    buckets: tuple[AgeBucket, ...]

    @property
    def cells(self) -> list[AgeCell]:
        """The line's columns."""
        pairs = zip(self.buckets, self.amounts, strict=True)
        return [AgeCell(bucket, amount, f"{self.query}&bucket={bucket.place}") for bucket, amount in pairs]

    @property
    def balance(self) -> Decimal:
        """What is owed once everything unapplied is taken off: the balance of the statement of account."""
        return self.total - self.unapplied

    @property
    def overdue_share(self) -> Decimal | None:
        """Percent of the open amount that is past due."""
        return self.overdue / self.total * 100 if self.total else None


@dataclass(frozen=True)
class Ageing:
    """The report: `totals` has one line a currency over everything; `lines` is one page of groups, `after` the next one."""

    on: date
    basis: AgeBasis
    group: AgeGroup
    buckets: tuple[AgeBucket, ...]
    lines: Sequence[AgeLine]
    totals: Sequence[AgeLine]
    after: str = ""


def age_buckets(basis: AgeBasis, edges: Sequence[int]) -> tuple[AgeBucket, ...]:
    """The columns of a report, youngest first."""
    if basis == "age":
        bounds = [(year, year + 1 if year < AGE_YEARS else None) for year in range(AGE_YEARS + 1)]
        return tuple(AgeBucket(place, basis, first, last) for place, (first, last) in enumerate(bounds))
    starts = [1, *(edge + 1 for edge in edges)]
    overdue = [
        AgeBucket(place, basis, first, last)
        for place, (first, last) in enumerate(zip(starts, [*edges, None], strict=True), start=1)
    ]
    return (AgeBucket(0, basis, None, 0), *overdue)


def ageing(
    by: Actor,
    *,
    on: date,
    basis: AgeBasis = "overdue",
    group: AgeGroup = "account",
    currency: str | None = None,
    selection: Selection = EVERYTHING,
    limit: int = PAGE,
    after: str = "",
    alone: bool = False,
    digest: Digest | None = None,
) -> Ageing:
    """The open amounts of a day by age; two statements whatever the size of the ledger.

    `alone` leaves out what stands beside them, disputed and unapplied. A `digest` of the same day and selection spares
    the second statement of what it tells: by grade, or altogether and alone.

    Lines come currency by currency, the largest first, `limit` at a time; `after` is the cursor of the page before.
    Owner and team are today's; the grade is that of the day.
    """
    edges = receivables_rule().ageing_edges
    buckets, cuts = age_buckets(basis, edges), cuts_of(basis, on, edges)
    order = Order(("currency", f"minus_total_by_{group}", "id"))
    place = read_cursor(after, order)
    told: Iterable[tuple[Any, ...]]
    if digest and (group == "grade" or (group == "none" and alone)):
        told = digest.aged(basis, group, currency)
    else:
        asked = AgeSums(by, on, basis, cuts, group, currency, selection, alone)
        told = (asked.by_account(limit + 1, place) if group == "account" else asked.by_few()).rows()
    sums: dict[tuple[bool, Any, str], list[Decimal]] = {}
    labels: dict[Any, str | None] = {}
    for is_total, key, label, code, column, amount in told:
        sums.setdefault((is_total, key, code), [ZERO] * (len(buckets) + 2))[column] += amount
        labels[key] = label
        if group != "account":
            sums.setdefault((True, None, code), [ZERO] * (len(buckets) + 2))[column] += amount
    address = {"open_on": on.isoformat(), "basis": basis, **selection.parameters()}
    totals: list[AgeLine] = []
    lines: list[AgeLine] = []
    for (is_total, key, code), figures in sums.items():
        if not any(figures):
            continue
        mine = {} if is_total else _of_line(group, key)
        amounts = tuple(figures[: len(buckets)])
        line = AgeLine(
            key=key,
            label="" if is_total else _label(group, key, labels[key]),
            currency=code,
            amounts=amounts,
            total=sum(amounts, ZERO),
            overdue=sum((amount for one, amount in zip(buckets, amounts, strict=True) if one.is_overdue), ZERO),
            disputed=figures[-2],
            unapplied=figures[-1],
            query=urlencode({**address, **mine, "currency": code}),
            buckets=buckets,
        )
        (totals if is_total else lines).append(line)
    totals.sort(key=lambda line: line.currency)
    lines.sort(key=_key_of)
    if place and group != "account":
        lines = [line for line in lines if _key_of(line) > (place[0], Decimal(place[1]), place[2])]
    more, lines = len(lines) > limit, lines[:limit]
    cursor = write_cursor(dict(zip(order.fields, _key_of(lines[-1]), strict=True)), order) if more else ""
    return Ageing(on, basis, group, buckets, lines if group != "none" else totals, totals, cursor)


def _of_line(group: AgeGroup, key: Any) -> dict[str, Any]:
    """The words of the invoice list for one line: of a team its own accounts, without those of the teams below it."""
    if group == "team":
        return {"own_team": "null" if key is None else key}
    return {group: key}


def _label(group: AgeGroup, key: Any, label: str | None) -> str:
    if group == "grade":
        return str(Grade(key).label)
    return label or _("without a team")


def _key_of(line: AgeLine) -> tuple[str, Decimal, Any]:
    return line.currency, -line.total, 0 if line.key is None else line.key


# ------------------------------------------------------------------ the rows behind a figure


def open_at(rows: InvoiceQuerySet, on: date) -> InvoiceQuerySet:
    """Those of the invoices that were open at the end of this day, each with what was open then as `open_then`."""
    since = Allocation.objects.filter(invoice=OuterRef("pk"), on__gt=on, part=Part.PRINCIPAL).order_by()
    settled = since.values("invoice").annotate(together=Sum("amount")).values("together")
    return (
        rows.filter(Q(open_amount__gt=0) | Exists(since), issued_on__lte=on)
        .annotate(open_then=F("open_amount") + Coalesce(Subquery(settled), Value(ZERO)))
        .filter(open_then__gt=0)
    )


def aged_invoices(
    by: Actor,
    *,
    on: date,
    basis: AgeBasis = "overdue",
    bucket: int | None = None,
    currency: str | None = None,
    selection: Selection = EVERYTHING,
    grades: Sequence[Grade] = (),
) -> InvoiceQuerySet:
    """The invoices behind a line or cell of `ageing`, with `open_then`: the same words as in its query.

    (`open_on`, `basis`, `bucket`, `currency`, `account`, `owner`, `team`, `grade`.) With `grades`, those of any of them.
    """
    rows = Invoice.objects.visible_to(by)
    if selection.account_id is not None:
        rows = rows.filter(account=selection.account_id)
    if selection.owner_id is not None:
        rows = rows.filter(account__owner=selection.owner_id)
    if selection.team_id is not None:
        rows = rows.filter(account__team__path__contains=f"/{selection.team_id}/")
    if currency:
        rows = rows.filter(currency=currency)
    if wanted := [*grades, *([selection.grade] if selection.grade else [])]:
        later = GradeChange.objects.filter(invoice=OuterRef("pk"), on__gt=on).order_by("id")
        rows = rows.annotate(grade_then=Coalesce(Subquery(later.values("from_grade")[:1]), F("grade")))
        rows = rows.filter(Q(grade_then__in=wanted))
    if bucket is not None:
        cuts = cuts_of(basis, on, receivables_rule().ageing_edges)
        first, last = span(cuts, min(max(bucket, 0), len(cuts)))
        column = "recognised_on" if basis == "age" else "due_on"
        rows = rows.filter(**{f"{column}__gte": first} if first else {}, **{f"{column}__lte": last} if last else {})
    return open_at(rows, on)
