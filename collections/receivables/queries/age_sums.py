"""The sums of an ageing as SQL: by account, by what there is little of, or several reports of a page in one pass."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

from core.users import Actor
from core.workdays import today
from receivables.queries.positions import (
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
from receivables.rules.ageing import age_cuts, due_cuts

AgeBasis = Literal["overdue", "age"]
AgeGroup = Literal["account", "owner", "team", "grade", "none"]


def cuts_of(basis: AgeBasis, on: date, edges: Sequence[int]) -> list[date]:
    """The days between the columns, oldest first."""
    return age_cuts(on) if basis == "age" else due_cuts(on, edges)


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
class AgeSums:
    """A report as SQL. Rows: (is it of the totals, key, label, currency, column, amount).

    The columns are the buckets, then disputed, then unapplied.
    """

    by: Actor
    on: date
    basis: AgeBasis
    cuts: Sequence[date]
    group: AgeGroup
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
