"""Which rungs of the ladder invoices have newly reached, for all customers in one statement (C11, assurance §2.8)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby

from django.conf import settings
from django.db import connection
from django.db.models.expressions import RawSQL

from dunning.choices import LeftOut, StepChannel
from dunning.models import DunningRule
from receivables.queries.positions import Sql

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class ReachedLine:
    """An invoice to be named: what may be asked of it, and the rung it has reached itself."""

    invoice_id: int
    number: str
    due_on: date
    step_id: int
    amount: Decimal


@dataclass(frozen=True)
class Reached:
    """One customer in one currency at the highest rung that any of his invoices has newly reached."""

    account_id: int
    currency: str
    step_id: int
    lines: Sequence[ReachedLine]

    @property
    def amount(self) -> Decimal:
        return sum((line.amount for line in self.lines), ZERO)


def reached_rungs(on: date, rule: DunningRule, account_ids: Sequence[int] | None = None) -> Iterator[Reached]:
    """Who is to be written to or called on the day `on`, of these accounts or of all; one statement.

    Inside a transaction, as it was when the first of them is asked for. There may be a hundred thousand, so they are held
    by the database and handed over in passing.

    Only open and undisputed amounts with their papers in order. Left out: who is not to be contacted or held, who has
    promised, has a message on its way, was touched within the gap, or owes less than the smallest amount once his money that
    is matched to no invoice yet is taken off.
    """
    values = {
        "on": on,
        "zone": settings.TIME_ZONE,
        "gap": rule.touch_gap_days,
        "smallest": rule.smallest_amount,
        "ours": LeftOut.values,
        "accounts": list(account_ids or ()),
        "everybody": account_ids is None,
    }
    with connection.cursor() as cursor:
        cursor.execute("set local cursor_tuple_fraction = 1")  # all rows are wanted, not the first ones soon
    with connection.chunked_cursor() as rows:
        rows.execute(REACHED, values)
        for (account_id, currency, step_id), group in groupby(rows, key=lambda row: (row[0], row[1], row[2])):
            yield Reached(account_id, currency, step_id, [ReachedLine(*row[3:]) for row in group])


def spare_money(account_id: int, currency: str) -> Decimal:
    """Receipts and credits of the customer that settle nothing yet."""
    text = f"select {SPARE.format(account='%(account)s', currency='%(currency)s')}"
    [(amount,)] = Sql(text, {"account": account_id, "currency": currency}).rows()
    return Decimal(amount)


def invoices_lacking_papers(on: date) -> RawSQL:
    """Ids of the invoices on the ladder that are left out until their papers are right."""
    return RawSQL(LACKING.replace("%(on)s", "%s"), [on])  # noqa: S611  our own text; the value is a parameter


_LACKS = "(i.papers in ('incomplete', 'complete') or i.missing_papers <> '{}')"
_ON_LADDER = """
    i.open_amount > i.disputed_amount
    and i.due_on <= %(on)s::date - (select min(days) from dunning_ladderstep where is_active)
"""
LACKING = f"select i.id from receivables_invoice i where {_ON_LADDER} and {_LACKS}"  # noqa: S608  our own text

SPARE = """(
    coalesce((select sum(p.unallocated) from receivables_payment p
              where p.account_id = {account} and p.currency = {currency} and p.unallocated > 0), 0)
    + coalesce((select sum(n.unallocated) from receivables_creditnote n
                where n.account_id = {account} and n.currency = {currency} and n.unallocated > 0), 0)
)"""
"""Money of the customer that settles nothing yet: who has paid is not asked again because nobody has matched it."""

# A rung is taken when a message named the invoice at it or above (one that a person left out counts too); a call, when
# somebody called after the day it was reached. The lawyer's turn comes only after a formal demand.
REACHED = f"""
with steps as (
    select id, days, channel, is_formal, channel in ('{StepChannel.CALL.value}', '{StepChannel.LEGAL.value}') as is_call
    from dunning_ladderstep where is_active
), asked as (
    select i.id, i.account_id, i.currency, i.number, i.due_on, i.open_amount - i.disputed_amount as amount,
           %(on)s::date - i.due_on as days
    from receivables_invoice i
    where {_ON_LADDER} and not {_LACKS} and (%(everybody)s or i.account_id = any(%(accounts)s::bigint[]))
), taken as (
    select l.invoice_id, max(s.days) as days, bool_or(s.is_formal) as formally
    from dunning_messageline l
    join asked on asked.id = l.invoice_id
    join dunning_message m on m.id = l.message_id
    join dunning_ladderstep s on s.id = l.step_id
    where m.state <> 'skipped' or m.skipped_because <> all(%(ours)s::text[])
    group by l.invoice_id
), called as (
    select account_id, max((called_at at time zone %(zone)s)::date) as last_on from dunning_collectioncall group by account_id
), rungs as (
    select a.*, s.id as step_id, s.days as step_days, s.is_call,
           case when s.is_call then coalesce(called.last_on >= a.due_on + s.days, false)
                else coalesce(t.days >= s.days, false) end as is_taken
    from asked a
    left join taken t on t.invoice_id = a.id
    left join called on called.account_id = a.account_id
    join lateral (
        select * from steps
        where steps.days <= a.days
          and (steps.channel <> '{StepChannel.LEGAL.value}' or coalesce(t.formally, false)
               or not exists (select 1 from steps where is_formal))
        order by steps.days desc, steps.id desc limit 1
    ) s on true
), tops as (
    select distinct on (account_id, currency) account_id, currency, step_id, step_days, is_call
    from rungs where not is_taken order by account_id, currency, step_days desc, step_id desc
), chosen as (
    select t.*, {SPARE.format(account="t.account_id", currency="t.currency")} as spare
    from tops t left join dunning_case c on c.account_id = t.account_id
    where not coalesce(c.cease_contact, false)
      and (c.paused_until is null or c.paused_until <= %(on)s)
      and (t.is_call or c.last_touch_at is null or (c.last_touch_at at time zone %(zone)s)::date <= %(on)s::date - %(gap)s::int)
      and not exists (select 1 from dunning_promise p
                      where p.account_id = t.account_id and p.currency = t.currency and p.state = 'open')
      and not exists (select 1 from dunning_message m
                      where m.account_id = t.account_id and m.currency = t.currency and m.kind in ('reminder', 'demand')
                        and (m.state in ('proposed', 'approved', 'sending', 'failed')
                             or m."on" = %(on)s and m.state <> 'skipped'))
), lines as (
    select c.account_id, c.currency, c.step_id as top_id, r.id, r.number, r.due_on, r.step_id, r.amount,
           sum(r.amount) over (partition by c.account_id, c.currency) - c.spare as total
    from chosen c
    join rungs r on r.account_id = c.account_id and r.currency = c.currency and (r.days > 0) = (c.step_days > 0)
)
select account_id, currency, top_id, id, number, due_on, step_id, amount from lines
where total > 0 and total >= %(smallest)s order by account_id, currency, due_on, id
"""  # noqa: S608  our own text; values are parameters
