"""What was open on any day, as SQL: the rows that ageing and figures are sums of.

Backwards from today: what is open now, plus what was settled after the day. So a report costs what is open and what has
happened since, not the age of the ledger, and postings made later change no report of an earlier day (I11).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import count
from typing import Any, Literal

from django.db import connection
from django.db.models import QuerySet

from accounts.models import AccountQuerySet
from accounts.queries import visible_account_parts, visible_accounts
from core.models import Team
from core.scope import among
from core.users import Actor
from core.workdays import today
from receivables.choices import Grade


@dataclass(frozen=True)
class Selection:
    """Whose receivables: one account, an owner's customers, those of a team and the teams below it, one risk grade."""

    account_id: int | None = None
    owner_id: int | None = None
    team_id: int | None = None
    grade: Grade | None = None

    def parameters(self) -> dict[str, Any]:
        """As the address says it."""
        named = {"account": self.account_id, "owner": self.owner_id, "team": self.team_id, "grade": self.grade}
        return {name: str(value) for name, value in named.items() if value is not None}


EVERYTHING = Selection()


@dataclass(frozen=True)
class Sql:
    """A piece of SQL with its named values."""

    text: str
    values: Mapping[str, Any]

    def rows(self) -> list[tuple[Any, ...]]:
        """Run it."""
        with connection.cursor() as cursor:
            cursor.execute(self.text, dict(self.values))
            return list(cursor.fetchall())


def selected_accounts(by: Actor, selection: Selection = EVERYTHING) -> AccountQuerySet:
    """The accounts of the selection that this person sees, whatever their receivables."""
    return _narrowed(visible_accounts(by), selection)


def selected_parts(by: Actor, selection: Selection) -> list[AccountQuerySet]:
    """The same accounts in parts, each of which an index serves."""
    return [_narrowed(rows, selection) for rows in visible_account_parts(by)]


def _narrowed(rows: AccountQuerySet, selection: Selection) -> AccountQuerySet:
    if selection.account_id is not None:
        rows = rows.filter(pk=selection.account_id)
    if selection.owner_id is not None:
        rows = rows.filter(owner=selection.owner_id)
    if selection.team_id is not None:
        below = Team.objects.filter(path__contains=f"/{selection.team_id}/")
        rows = rows.filter(among("team_id", below.values("pk")))
    return rows


def named_sql(rows: QuerySet[Any, Any], prefix: str) -> Sql:
    """A query set as SQL whose values have names, to stand inside a larger statement."""
    text, values = rows.query.sql_with_params()
    numbers = count()
    text = re.sub(r"(?<!%)%s", lambda _found: f"%({prefix}{next(numbers)})s", text)
    return Sql(text, {f"{prefix}{number}": value for number, value in enumerate(values)})


def of_accounts(by: Actor, selection: Selection, column: str = "account_id", *, few: bool = False) -> Sql:
    """`and <column> in (…)`: scope and selection as a condition; nothing where everything is meant.

    With `few` the rows asked about are few, and each has its account looked up; else the accounts are gathered first.
    """
    parts = [selected_accounts(by, selection)] if few else selected_parts(by, selection)
    if not parts[0].query.has_filters():  # who sees everything needs no join to find out
        return Sql("", {})
    named = [named_sql(rows.order_by().values("pk"), f"scope{len(parts)}_{n}_") for n, rows in enumerate(parts)]
    accounts = " union all ".join(part.text for part in named)
    return Sql(f" and {column} in ({accounts})", {name: value for part in named for name, value in part.values.items()})


def open_positions(
    by: Actor, on: date, selection: Selection = EVERYTHING, currency: str | None = None, *, graded: bool = False
) -> Sql:
    """Rows (account_id, currency, invoice_id, issued_on, due_on, recognised_on, grade, amount) whose sums are what was open that day.

    An invoice may have several rows. `grade` is that of the day, and null unless `graded` or a grade is selected.
    """
    still = still_open(by, on, selection, currency, graded=graded)
    since = settled_since(by, on, selection, currency, graded=graded)
    return Sql(f"{still.text} union all {since.text}", {**still.values, **since.values})


def still_open(
    by: Actor, on: date, selection: Selection = EVERYTHING, currency: str | None = None, *, graded: bool = False
) -> Sql:
    """Of `open_positions` those rows that are open now."""
    return _half(
        by, on, selection, currency, graded, "receivables_invoice", "f.open_amount", "f.open_amount > 0", key="f.id",
        stored="f.grade",
    )  # fmt: skip


def settled_since(
    by: Actor, on: date, selection: Selection = EVERYTHING, currency: str | None = None, *, graded: bool = False
) -> Sql:
    """Of `open_positions` those rows that were settled after the day."""
    return _half(
        by, on, selection, currency, graded, "receivables_allocation", "f.amount",
        "f.\"on\" > %(on)s and f.part = 'principal'", key="f.invoice_id", stored="i.grade",
        joined=" join receivables_invoice i on i.id = f.invoice_id",
    )  # fmt: skip


def _half(
    by: Actor, on: date, selection: Selection, currency: str | None, graded: bool, table: str, amount: str, when: str,
    *, key: str, stored: str, joined: str = "",
) -> Sql:  # fmt: skip
    scope = of_accounts(by, selection, "f.account_id")
    where = f"{when} and f.issued_on <= %(on)s{scope.text}" + (" and f.currency = %(currency)s" if currency else "")
    grade, changes = "null::varchar", ""
    if graded or selection.grade is not None:
        grade = f"coalesce(g.from_grade, {stored})"
        changes = f"{joined} left join ({LATER_GRADES}) g on g.invoice_id = {key}"
        where += f" and {grade} = %(grade)s" if selection.grade else ""
    text = (
        f"select f.account_id, f.currency, {key} as invoice_id, f.issued_on, f.due_on, f.recognised_on, {grade} as grade,"
        f" {amount} as amount from {table} f{changes} where {where}"
    )
    return Sql(
        text, {**scope.values, "on": on, "currency": currency, "grade": selection.grade and str(selection.grade)}
    )


def kept_positions(
    by: Actor, on: date, selection: Selection = EVERYTHING, currency: str | None = None, *, along: Along
) -> Sql | None:
    """The same as `still_open` from the kept sums: everybody's. None for whom and when they do not tell.

    `along` says what the rows know beside currency and amount: due day, day of expected payment and grade ("due"), days of
    issue, due and recognition ("issue"), or the account. Those that know the day of issue tell of any day, the others of
    today, when nothing has been settled since.
    """
    everybodys = replace(selection, grade=None) == EVERYTHING and not of_accounts(by, selection).text
    tells = on <= today() if along == "issue" else on == today()
    if not everybodys or not tells or (selection.grade is not None and along != "due"):
        return None
    only = (" and currency = %(currency)s" if currency else "") + (" and grade = %(grade)s" if selection.grade else "")
    then = " and issued_on <= %(on)s" if along == "issue" else ""
    text = (
        "select account_id, currency, null::bigint as invoice_id, issued_on, due_on, recognised_on, grade, expected_on,"
        f" open_amount as amount, disputed_amount, invoices from receivables_opensum where {KEPT[along]} is not null{then}{only}"
    )
    return Sql(text, {"on": on, "currency": currency, "grade": selection.grade and str(selection.grade)})


Along = Literal["due", "issue", "account"]
KEPT: dict[Along, str] = {"due": "grade", "issue": "issued_on", "account": "account_id"}
"""The column that only rows of this kind have (`models.OpenSum`)."""

LEADING_ACCOUNTS = """
    select account_id, currency, open_amount as amount from receivables_opensum
    where account_id is not null and currency = %(currency)s and account_id = any (array(
        select account_id from loose union all (
            select account_id from receivables_opensum
            where account_id is not null and is_folded and currency = %(currency)s
                and account_id <> all (array(select account_id from loose)){beyond}
            order by open_amount desc, account_id limit %(limit)s)))
"""
LOOSE_ACCOUNTS = """
    select account_id from receivables_opensum where account_id is not null and not is_folded and currency = %(currency)s
    union select account_id from beside
"""
"""The kept sums of those who may owe most: the largest by index, and whoever's sum has changed since sums were folded."""

LATER_GRADES = (
    "select distinct on (invoice_id) invoice_id, from_grade from receivables_gradechange"
    ' where "on" > %(on)s order by invoice_id, id'
)
"""The first change after the day tells the grade an invoice had."""


def unapplied_positions(by: Actor, on: date, selection: Selection = EVERYTHING, currency: str | None = None) -> Sql:
    """Rows (account_id, currency, amount): receipts and credits that settled nothing on that day, less what was refunded."""
    scope = of_accounts(by, selection, "s.account_id", few=True)
    parts = """
        select account_id, currency, unallocated as amount from receivables_payment
        where unallocated > 0 and account_id is not null and received_on <= %(on)s
        union all
        select account_id, currency, unallocated from receivables_creditnote where unallocated > 0 and issued_on <= %(on)s
        union all -- what has happened since to what had come by then, taken back
        select account_id, currency, amount from receivables_allocation
        where "on" > %(on)s and source_on <= %(on)s and "on" > source_on
        union all
        select r.account_id, r.currency, l.amount from receivables_refundline l
        join receivables_payment r on r.id = l.refund_id
        left join receivables_payment p on p.id = l.payment_id
        left join receivables_creditnote c on c.id = l.credit_note_id
        where l."on" > %(on)s and coalesce(p.received_on, c.issued_on) <= %(on)s
        union all
        select account_id, currency, amount from receivables_payment
        where reversed_on > %(on)s and received_on <= %(on)s and flow = 'receipt' and account_id is not null
        union all
        select account_id, currency, amount from receivables_creditnote where reversed_on > %(on)s and issued_on <= %(on)s
    """
    only = scope.text + (" and s.currency = %(currency)s" if currency else "")
    text = f"select account_id, currency, amount from ({parts}) s where true{only}"
    return Sql(text, {**scope.values, "on": on, "currency": currency})


def disputed_positions(by: Actor, on: date, selection: Selection = EVERYTHING, currency: str | None = None) -> Sql:
    """Rows (account_id, currency, amount): what was in dispute on that day."""
    scope = of_accounts(by, selection, "i.account_id", few=True)
    only = scope.text + (" and i.currency = %(currency)s" if currency else "")
    text = (
        "select i.account_id, i.currency, d.amount from receivables_dispute d"
        " join receivables_invoice i on i.id = d.invoice_id"
        f" where d.opened_on <= %(on)s and (d.resolved_on is null or d.resolved_on > %(on)s){only}"
    )
    return Sql(text, {**scope.values, "on": on, "currency": currency})
