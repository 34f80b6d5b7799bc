"""The statement of account as it is sent: movements, open items with their age, and money that is matched to nothing yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from core.users import Actor
from receivables.queries.positions import Selection, Sql, open_positions, unapplied_positions
from receivables.queries.statement import Statement, account_currencies, statement

ZERO = Decimal(0)
PERIOD = timedelta(days=90)
"""How far back a statement looks unless told otherwise."""


@dataclass(frozen=True, slots=True)
class OpenItem:
    """What was open of an invoice at the end of the period, with interest and costs claimed on it."""

    number: str
    order: str
    issued_on: date
    due_on: date
    days: int
    amount: Decimal
    claimed: Decimal

    @property
    def open_amount(self) -> Decimal:
        return self.amount + self.claimed


@dataclass(frozen=True)
class AccountStatement:
    """One account in one currency. Open items less `unapplied` money are the closing balance, to the cent."""

    statement: Statement
    items: list[OpenItem]
    unapplied: Decimal

    @property
    def open_total(self) -> Decimal:
        """What the open items come to."""
        return sum((item.open_amount for item in self.items), ZERO)

    @property
    def overdue(self) -> Decimal:
        """The part of it that is past due."""
        return sum((item.open_amount for item in self.items if item.days > 0), ZERO)

    @property
    def payable(self) -> Decimal:
        """What is asked for: overdue items less their money that is matched to nothing; never below zero."""
        return max(self.overdue - self.unapplied, ZERO)


def account_statement(by: Actor, account_id: int, currency: str, start: date, end: date) -> AccountStatement:
    """The statement from `start` to `end` of an account the person sees; five statements. NotFound otherwise."""
    found = statement(by, account_id, currency, start, end)
    selection = Selection(account_id=account_id)
    spare = unapplied_positions(by, end, selection, currency)
    [(unapplied,)] = Sql(f"select coalesce(sum(amount), 0) from ({spare.text}) u", spare.values).rows()  # noqa: S608
    return AccountStatement(found, _items(by, selection, currency, end), unapplied)


def statement_currency(by: Actor, account_id: int) -> str:
    """The currency of most of the account's invoices; empty when there never was one."""
    return next(iter(account_currencies(by, account_id)), "")


def _items(by: Actor, selection: Selection, currency: str, end: date) -> list[OpenItem]:
    positions = open_positions(by, end, selection, currency)
    values = {**positions.values, "account": selection.account_id, "currency": currency, "end": end}
    text = ITEMS.format(positions=positions.text)
    return [
        OpenItem(number, order, issued_on, due_on, (end - due_on).days, amount, claimed)
        for number, order, issued_on, due_on, amount, claimed in Sql(text, values).rows()
    ]


ITEMS = """
    with principal as (
        select invoice_id, sum(amount) as amount from ({positions}) p group by invoice_id
    ), claims as (
        select c.invoice_id, sum(c.amount) - coalesce(sum(settled.amount), 0) as amount
        from receivables_charge c
        join receivables_invoice i on i.id = c.invoice_id
        left join lateral (
            select sum(a.amount) as amount from receivables_allocation a
            where a.charge_id = c.id and a."on" <= %(end)s
        ) settled on true
        where i.account_id = %(account)s and i.currency = %(currency)s and c."on" <= %(end)s
        group by c.invoice_id
    )
    select i.number, i.purchase_order, i.issued_on, i.due_on, coalesce(p.amount, 0), coalesce(c.amount, 0)
    from receivables_invoice i
    left join principal p on p.invoice_id = i.id
    left join claims c on c.invoice_id = i.id
    where i.id in (select invoice_id from principal union select invoice_id from claims)
      and coalesce(p.amount, 0) + coalesce(c.amount, 0) <> 0
    order by i.due_on, i.id
"""
