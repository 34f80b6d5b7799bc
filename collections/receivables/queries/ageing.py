"""How old the open money is, on any day, by account, owner, team, grade or altogether (C2). Currencies stand apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal
from urllib.parse import urlencode

from django.db.models import Exists, F, OuterRef, Q, Subquery, Sum, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from core.keyset import Order, read_cursor, write_cursor
from core.users import Actor
from receivables.choices import Grade, Part
from receivables.models import Allocation, GradeChange, Invoice
from receivables.models.invoice import InvoiceQuerySet
from receivables.queries.facts import receivables_rule
from receivables.queries.positions import (
    EVERYTHING,
    Selection,
    Sql,
    disputed_positions,
    open_positions,
    unapplied_positions,
)
from receivables.rules.ageing import AGE_YEARS, age_cuts, due_cuts, span

Basis = Literal["overdue", "age"]
Group = Literal["account", "owner", "team", "grade", "none"]
PAGE = 50
ZERO = Decimal(0)
ORDER = Order(("currency", "minus_total", "id"))


@dataclass(frozen=True, slots=True)
class AgeBucket:
    """One column: days past due from `first` to `last`, or years since recognition. `first` is None for what is not due."""

    place: int
    basis: Basis
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
    basis: Basis
    group: Group
    buckets: tuple[AgeBucket, ...]
    lines: Sequence[AgeLine]
    totals: Sequence[AgeLine]
    after: str = ""


def age_buckets(basis: Basis, edges: Sequence[int]) -> tuple[AgeBucket, ...]:
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


def cuts_of(basis: Basis, on: date, edges: Sequence[int]) -> list[date]:
    """The days between the columns, oldest first."""
    return age_cuts(on) if basis == "age" else due_cuts(on, edges)


def ageing(
    by: Actor,
    *,
    on: date,
    basis: Basis = "overdue",
    group: Group = "account",
    currency: str | None = None,
    selection: Selection = EVERYTHING,
    limit: int = PAGE,
    after: str = "",
) -> Ageing:
    """The open amounts of a day by age; two statements whatever the size of the ledger.

    Lines come currency by currency, the largest first, `limit` at a time; `after` is the cursor of the page before.
    Owner and team are today's; the grade is that of the day.
    """
    edges = receivables_rule().ageing_edges
    buckets = age_buckets(basis, edges)
    address = {"open_on": on.isoformat(), "basis": basis, **selection.parameters()}
    found = _statement(by, on, basis, edges, group, currency, selection, limit, after).rows()
    totals: list[AgeLine] = []
    lines: list[AgeLine] = []
    for is_total, key, label, code, *figures in found:
        amounts = tuple(figures[: len(buckets)])
        total, disputed, unapplied = figures[len(buckets) :]
        mine: dict[str, Any] = {} if is_total or group == "none" else {group: "" if key is None else key}
        line = AgeLine(
            key=None if is_total else key,
            label="" if is_total else _label(group, key, label),
            currency=code,
            amounts=amounts,
            total=total,
            overdue=sum((amount for one, amount in zip(buckets, amounts, strict=True) if one.is_overdue), ZERO),
            disputed=disputed,
            unapplied=unapplied,
            query=urlencode({**address, **mine, "currency": code}),
            buckets=buckets,
        )
        (totals if is_total else lines).append(line)
    more = len(lines) > limit
    lines = lines[:limit]
    cursor = write_cursor(_place(lines[-1]), ORDER) if more else ""
    return Ageing(on, basis, group, buckets, lines if group != "none" else totals, totals, cursor)


def _label(group: Group, key: Any, label: str | None) -> str:
    if group == "grade":
        return str(Grade(key).label)
    return label or _("without a team")


def _place(line: AgeLine) -> dict[str, Any]:
    return {"currency": line.currency, "minus_total": -line.total, "id": str(line.key or "")}


GROUPS: dict[str, tuple[str, str, str]] = {
    # key of a line, what it is joined from, its label
    "account": ("p.account_id", "", "(select name from accounts_account where id = l.key)"),
    "owner": ("c.owner_id", "join accounts_account c on c.id = p.account_id", "(select full_name from core_user where id = l.key)"),
    "team": ("c.team_id", "join accounts_account c on c.id = p.account_id", "(select name from core_team where id = l.key)"),
    "grade": ("p.grade", "", "null"),
    "none": ("null::bigint", "", "null"),
}  # fmt: skip


def _statement(
    by: Actor, on: date, basis: Basis, edges: Sequence[int], group: Group, currency: str | None,
    selection: Selection, limit: int, after: str,
) -> Sql:  # fmt: skip
    cuts = cuts_of(basis, on, edges)
    column = "recognised_on" if basis == "age" else "due_on"
    owed = open_positions(by, on, selection, currency, graded=group == "grade")
    unapplied = unapplied_positions(by, on, selection, currency)
    disputed = disputed_positions(by, on, selection, currency)
    key, joined, label = GROUPS[group]
    per_account = group != "grade" and selection.grade is None  # money without an invoice has no grade
    beside = (
        " union all select account_id, currency, null, null, 0, 0, amount from (" + unapplied.text + ") u"
        " union all select account_id, currency, null, null, 0, amount, 0 from (" + disputed.text + ") d"
    )
    sums = ", ".join(f"sum(p.amount) filter (where p.place = {place}) as b{place}" for place in range(len(cuts) + 1))
    names = ", ".join(f"coalesce(b{place}, 0)" for place in range(len(cuts) + 1))
    added = ", ".join(f"coalesce(sum(b{place}), 0)" for place in range(len(cuts) + 1))
    place = read_cursor(after, ORDER)
    beyond = "where (currency, -total, coalesce(key::text, '')) > (%(c0)s, %(c1)s::numeric, %(c2)s)" if place else ""
    wanted = "" if group == "none" else (
        f" union all (select false, key, {label}, currency, {names}, total, disputed, unapplied from lines l {beyond}"
        " order by currency, -total, coalesce(key::text, '') limit %(limit)s)"
    )  # fmt: skip
    text = f"""
        with lines as materialized (
            select {key} as key, p.currency, {sums}, sum(p.amount) as total, sum(p.disputed) as disputed,
                sum(p.unapplied) as unapplied
            from (
                select account_id, currency, grade, {len(cuts)} - width_bucket({column}, %(cuts)s::date[]) as place,
                    amount, 0 as disputed, 0 as unapplied from ({owed.text}) o
                {beside if per_account else ""}
            ) p {joined}
            group by 1, 2
            having sum(p.amount) <> 0 or sum(p.disputed) <> 0 or sum(p.unapplied) <> 0
        )
        select true, null, null, currency, {added}, sum(total), sum(disputed), sum(unapplied) from lines group by currency
        {wanted}
    """
    values = {**owed.values, **unapplied.values, **disputed.values, "cuts": cuts, "limit": limit + 1}
    return Sql(text, {**values, **{f"c{number}": value for number, value in enumerate(place or ())}})


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
    basis: Basis = "overdue",
    bucket: int | None = None,
    currency: str | None = None,
    selection: Selection = EVERYTHING,
) -> InvoiceQuerySet:
    """The invoices behind a line or cell of `ageing`, with `open_then`: the same words as in its query.

    (`open_on`, `basis`, `bucket`, `currency`, `account`, `owner`, `team`, `grade`.)
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
    if selection.grade is not None:
        later = GradeChange.objects.filter(invoice=OuterRef("pk"), on__gt=on).order_by("id")
        rows = rows.annotate(grade_then=Coalesce(Subquery(later.values("from_grade")[:1]), F("grade")))
        rows = rows.filter(Q(grade_then=selection.grade))
    if bucket is not None:
        cuts = cuts_of(basis, on, receivables_rule().ageing_edges)
        first, last = span(cuts, min(max(bucket, 0), len(cuts)))
        column = "recognised_on" if basis == "age" else "due_on"
        rows = rows.filter(**{f"{column}__gte": first} if first else {}, **{f"{column}__lte": last} if last else {})
    return open_at(rows, on)
