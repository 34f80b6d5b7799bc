"""How old the open money is, on any day, by account, owner, team, grade or altogether (C2). Currencies stand apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Literal
from urllib.parse import urlencode

from django.db.models import Exists, F, OuterRef, Q, Subquery, Sum, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from core.keyset import Order, read_cursor, write_cursor
from core.users import Actor
from core.workdays import today
from receivables.choices import Grade, Part
from receivables.models import Allocation, GradeChange, Invoice
from receivables.models.invoice import InvoiceQuerySet
from receivables.queries.facts import receivables_rule
from receivables.queries.positions import (
    EVERYTHING,
    LEADING_ACCOUNTS,
    LOOSE_ACCOUNTS,
    Selection,
    Sql,
    disputed_positions,
    kept_positions,
    of_accounts,
    settled_since,
    still_open,
    unapplied_positions,
)
from receivables.rules.ageing import AGE_YEARS, age_cuts, due_cuts, span

Basis = Literal["overdue", "age"]
Group = Literal["account", "owner", "team", "grade", "none"]
PAGE = 50
ZERO = Decimal(0)


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
    alone: bool = False,
) -> Ageing:
    """The open amounts of a day by age; two statements whatever the size of the ledger.

    `alone` leaves out what stands beside them, disputed and unapplied.

    Lines come currency by currency, the largest first, `limit` at a time; `after` is the cursor of the page before.
    Owner and team are today's; the grade is that of the day.
    """
    edges = receivables_rule().ageing_edges
    buckets, cuts = age_buckets(basis, edges), cuts_of(basis, on, edges)
    asked = _Asked(by, on, basis, cuts, group, currency, selection, alone)
    order = Order(("currency", f"minus_total_by_{group}", "id"))
    place = read_cursor(after, order)
    found = asked.by_account(limit + 1, place) if group == "account" else asked.by_few()
    sums: dict[tuple[bool, Any, str], list[Decimal]] = {}
    labels: dict[Any, str | None] = {}
    for is_total, key, label, code, column, amount in found.rows():
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


def _of_line(group: Group, key: Any) -> dict[str, Any]:
    """The words of the invoice list for one line: of a team its own accounts, without those of the teams below it."""
    if group == "team":
        return {"own_team": "null" if key is None else key}
    return {group: key}


def _label(group: Group, key: Any, label: str | None) -> str:
    if group == "grade":
        return str(Grade(key).label)
    return label or _("without a team")


def _key_of(line: AgeLine) -> tuple[str, Decimal, Any]:
    return line.currency, -line.total, 0 if line.key is None else line.key


RECENT = timedelta(days=60)
"""Of later days than this the kept sums tell who is near a page; before, more has been settled than is open still."""
LEAD = 4
"""So many times the accounts of a page are looked at to guess where the page of a past day ends."""

NEAR_ACCOUNTS = """
    codes as materialized (select distinct currency from receivables_opensum where issued_on is not null{only}),
    foremost as materialized (
        select k.account_id from codes c cross join lateral (
            select account_id from receivables_opensum
            where account_id is not null and is_folded and currency = c.currency{behind}
            order by open_amount desc, account_id limit %(lead)s
        ) k
    ),
    bar as materialized (
        select {code} as code, sum(cents) as cents from (
            select {keys}, {cents} as cents from still where account_id = any (array(select account_id from foremost))
            union all select {keys}, {cents} from since where account_id in (select account_id from foremost)
        ) g group by {keys} having sum(cents) <> 0{beyond}
        order by {code} collate "C", sum(cents) desc, account_id offset %(limit)s - 1 limit 1
    ),
    near as materialized (
        select k.account_id from bar join receivables_opensum k on k.currency = bar.code and k.open_amount >= bar.cents * 0.0075
        where k.account_id is not null and k.is_folded
        union select account_id from (
            select account_id, currency, sum({cents}) as cents from since group by account_id, currency
        ) s join bar on s.currency = bar.code and s.cents >= bar.cents * 0.25
        union select account_id from receivables_opensum where account_id is not null and not is_folded
        union select account_id from beside
        union select k.account_id from codes c join receivables_opensum k on k.currency = c.currency
            where k.account_id is not null and c.currency collate "C" < coalesce((select code from bar), '~')
        union select account_id from since where currency collate "C" < coalesce((select code from bar), '~')
    ),
"""
"""Who may be on a page of a past day. The accounts that owe most now make a page already, and its end is a bar: who stands
above it owes three quarters of it now or has settled a quarter since, because nobody owed more then than both together. Who owes
in a currency before the bar's stands above it anyhow, and everybody does where the leading ones make no page."""

KEYS: dict[str, tuple[str, str, str]] = {
    # what a line is grouped by, what it is joined from, where its label comes from
    "owner": ("c.owner_id", "join accounts_account c on c.id = p.account_id", "select full_name from core_user where id = l.key"),
    "team": ("c.team_id", "join accounts_account c on c.id = p.account_id", "select name from core_team where id = l.key"),
    "grade": ("p.grade", "", "select null"),
    "none": ("null::bigint", "", "select null"),
}  # fmt: skip


@dataclass(frozen=True)
class _Asked:
    """A report as SQL. Rows: (is it of the totals, key, label, currency, column, amount).

    The columns are the buckets, then disputed, then unapplied.
    """

    by: Actor
    on: date
    basis: Basis
    cuts: Sequence[date]
    group: Group
    currency: str | None
    selection: Selection
    alone: bool = False

    @property
    def _given(self) -> tuple[Actor, date, Selection, str | None]:
        return self.by, self.on, self.selection, self.currency

    def aged(self, owed: Sql) -> Sql:
        """Rows (account_id, currency, grade, column_no, amount) of what is open, from its positions."""
        day = "recognised_on" if self.basis == "age" else "due_on"
        text = (
            f"select account_id, currency, grade, {len(self.cuts)} - width_bucket({day}, %(cuts)s::date[]) as column_no, amount"
            f" from ({owed.text}) o"
        )
        return Sql(text, {**owed.values, "cuts": list(self.cuts)})

    def beside(self) -> Sql:
        """Rows of the same kind of what is disputed and unapplied; none of a grade, since that is no invoice's."""
        if self.alone or self.group == "grade" or self.selection.grade is not None:
            return Sql(
                "select null::bigint as account_id, null as currency, null as grade, 0 as column_no, 0 as amount where false",
                {},
            )
        first = len(self.cuts) + 1
        disputed, unapplied = disputed_positions(*self._given), unapplied_positions(*self._given)
        text = (
            "select account_id, currency, null as grade, column_no, sum(amount) as amount from ("
            f"select account_id, currency, {first} as column_no, amount from ({disputed.text}) d union all"
            f" select account_id, currency, {first + 1}, amount from ({unapplied.text}) u) b"
            " group by 1, 2, 4 having sum(amount) <> 0"
        )
        return Sql(text, {**disputed.values, **unapplied.values})

    def whole(self) -> Sql | None:
        """What is open now along the days of this report, where the kept sums tell it."""
        if self.group in {"owner", "team"}:
            return None
        if self.group == "grade" or self.selection.grade is not None:
            return None if self.basis == "age" else kept_positions(*self._given, along="due")
        return kept_positions(*self._given, along="issue")

    def by_few(self) -> Sql:
        """Lines of which there are never many: one pass over everything open, or over its sums."""
        graded = self.group == "grade"
        still = self.aged(self.whole() or still_open(*self._given, graded=graded))
        since, beside = self.aged(settled_since(*self._given, graded=graded)), self.beside()
        key, joined, label = KEYS[self.group]
        text = (
            f"select false, key, ({label}), currency, column_no, amount from ("
            f"select {key} as key, p.currency, p.column_no, sum(p.amount) as amount"
            f" from ({still.text} union all {since.text} union all {beside.text}) p {joined} group by 1, 2, 3) l"
        )
        return Sql(text, {**still.values, **since.values, **beside.values})

    def by_account(self, limit: int, place: tuple[Any, ...] | None) -> Sql:
        """Lines of which there may be very many: first which ones are on this page, then their columns alone.

        What was settled since is looked for once and held, and what one's scope leaves of the ledger. All that is open is
        too much to hold: it is read in passing to find the page, and for the page's lines. The totals are read from the
        kept sums where these tell them. Today the page is found in them, too; of an earlier day they tell who is near it.
        """
        still, since, beside = (
            self.aged(still_open(*self._given)),
            self.aged(settled_since(*self._given)),
            self.beside(),
        )
        whole, accounts = self.whole(), kept_positions(*self._given, along="account")
        steps, totals = "", self.aged(whole).text if whole else "table still"
        held = "materialized" if of_accounts(self.by, self.selection).text else "not materialized"
        # A currency that was asked for is no key to group by: comparing words takes longer than adding up.
        code, keys = ("%(currency)s", "account_id") if self.currency else ("currency", "account_id, currency")
        # In cents, as whole numbers: sums of a hundred thousand customers take a third of the memory.
        cents, total = "(amount * 100)::bigint", "sum(cents)"
        # In the order of the index by customer: a table of sums that is filled at random waits for memory.
        each, those = "select account_id, currency, amount from still order by account_id offset 0", ""
        beyond = (
            f' and ({code} collate "C", -{total}, account_id) > (%(c0)s, %(c1)s::numeric * 100, %(c2)s)'
            if place
            else ""
        )
        if accounts:
            each = accounts.text
            if self.currency:
                behind = " and (-open_amount, account_id) > (%(c1)s::numeric, %(c2)s)" if place else ""
                steps, each = f"loose as materialized ({LOOSE_ACCOUNTS}),", LEADING_ACCOUNTS.format(beyond=behind)
        elif (
            whole
            and today() - self.on <= RECENT
            and kept_positions(self.by, today(), self.selection, self.currency, along="account")
        ):
            behind = " and (c.currency <> %(c0)s or -open_amount >= %(c1)s::numeric)" if place else ""
            only = " and currency = %(currency)s" if self.currency else ""
            steps = NEAR_ACCOUNTS.format(only=only, behind=behind, keys=keys, cents=cents, beyond=beyond, code=code)
            each = "select account_id, currency, amount from still where account_id = any (array(select account_id from near))"
            those = " where account_id in (select account_id from near)"
        text = f"""
            with beside as materialized ({beside.text}), still as {held} ({still.text}), since as materialized ({since.text}),
            {steps}
            page as materialized (
                select {keys} from (
                    select {keys}, {cents} as cents, false as more from ({each}) e
                    union all select {keys}, {cents}, false from since{those}
                    union all select {keys}, 0, true from beside
                ) p group by {keys} having ({total} <> 0 or bool_or(more)){beyond}
                order by {code} collate "C", {total} desc, account_id limit %(limit)s
            )
            select true, null::bigint, null, {code}, column_no, sum(amount) from (
                select currency, column_no, amount from ({totals}) t
                union all select currency, column_no, amount from since
                union all select currency, column_no, amount from beside
            ) p group by {"5" if self.currency else "4, 5"}
            union all
            select false, l.account_id, (select name from accounts_account where id = l.account_id), {code}, l.column_no, l.amount
            from (
                select {keys}, column_no, sum(amount) as amount from (
                    select account_id, currency, column_no, amount from still
                    where account_id = any (array(select account_id from page))
                    union all select account_id, s.currency, column_no, amount from since s join page using ({keys})
                    union all select account_id, b.currency, column_no, amount from beside b join page using ({keys})
                ) p group by {keys}, column_no
            ) l join page using ({keys})
        """
        values = {**(whole.values if whole else {}), **still.values, **since.values, **beside.values}
        values |= {"limit": limit, "lead": LEAD * limit}
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
