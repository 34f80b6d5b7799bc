"""The statement of one account from one day to another: opening balance, every movement, closing balance (I8)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from accounts.models import Account
from accounts.queries import get_account
from core.users import Actor
from receivables.queries.positions import Sql

ZERO = Decimal(0)


class MovementKind(StrEnum):
    """What moved the balance."""

    INVOICE = "invoice"
    OPENING = "opening"
    CHARGE = "charge"
    PAYMENT = "payment"
    REFUND = "refund"
    CREDIT_NOTE = "credit_note"
    WRITE_OFF = "write_off"
    PAYMENT_REVERSED = "payment_reversed"
    REFUND_REVERSED = "refund_reversed"
    CREDIT_NOTE_REVERSED = "credit_note_reversed"
    WRITE_OFF_REVERSED = "write_off_reversed"


@dataclass(frozen=True, slots=True)
class Movement:
    """One line: what the customer owes more (positive) or less (negative) from this day on, and the balance after it.

    `id` is the row of the invoice, payment or credit note the line is about; charges and write-offs lead to their invoice.
    """

    on: date
    kind: MovementKind
    id: int
    number: str
    due_on: date | None
    amount: Decimal
    balance: Decimal

    @property
    def debit(self) -> Decimal | None:
        """What he owes more."""
        return self.amount if self.amount > 0 else None

    @property
    def credit(self) -> Decimal | None:
        """What he owes less."""
        return -self.amount if self.amount < 0 else None


@dataclass(frozen=True)
class Statement:
    """One account in one currency: opening + Σ movements = closing, which is the opening of the day after `end`.

    The balance is everything invoiced and claimed beside, less receipts, credits and write-offs, allocated or not.
    """

    account: Account
    currency: str
    start: date
    end: date
    opening: Decimal
    movements: Sequence[Movement]

    @property
    def closing(self) -> Decimal:
        """The balance at the end of the last day."""
        return self.movements[-1].balance if self.movements else self.opening

    @property
    def debits(self) -> Decimal:
        """Everything owed more in the period."""
        return sum((line.amount for line in self.movements if line.amount > 0), ZERO)

    @property
    def credits(self) -> Decimal:
        """Everything owed less in the period."""
        return -sum((line.amount for line in self.movements if line.amount < 0), ZERO)


def statement(by: Actor, account_id: int, currency: str, start: date, end: date) -> Statement:
    """The movements of an account the person sees, from `start` to `end`, both included. NotFound otherwise.

    Two statements. A statement that ends before it starts has no movements.
    """
    account = get_account(by, account_id)
    values = {"account": account.pk, "currency": currency, "start": start, "end": end}
    opening, balance, lines = ZERO, ZERO, []
    for before, on, kind, row, number, due_on, amount in Sql(STATEMENT, values).rows():
        balance += amount
        if before:
            opening = balance
        else:
            lines.append(Movement(on, MovementKind(kind), row, number, due_on, amount, balance))
    return Statement(account, currency, start, end, opening, lines)


def account_currencies(by: Actor, account_id: int) -> list[str]:
    """The currencies this account was ever invoiced in or paid in, most invoices first."""
    get_account(by, account_id)
    text = (
        "select currency from (select currency, count(*) n from receivables_invoice where account_id = %(account)s group by 1"
        " union all select currency, 0 from receivables_payment where account_id = %(account)s group by 1"
        " union all select currency, 0 from receivables_creditnote where account_id = %(account)s group by 1) s"
        " group by currency order by max(n) desc, currency"
    )
    return [row[0] for row in Sql(text, {"account": account_id}).rows()]


OF_ACCOUNT = "where x.account_id = %(account)s and x.currency = %(currency)s"
OF_INVOICE = f"join receivables_invoice i on i.id = x.invoice_id {OF_ACCOUNT.replace('x.', 'i.')}"
STATEMENT = f"""
    with moves (on_day, place, kind, row_id, number, due_on, amount, tie) as materialized (
        select x.issued_on, 1, x.kind, x.id, x.number, x.due_on, x.amount, x.id from receivables_invoice x {OF_ACCOUNT}
        union all
        select x."on", 2, 'charge', i.id, i.number, null, x.amount, x.id from receivables_charge x {OF_INVOICE}
        union all
        select x.issued_on, 3, 'credit_note', x.id, x.number, null, -x.amount, x.id
        from receivables_creditnote x {OF_ACCOUNT}
        union all
        select x.received_on, 4, case x.flow when 'receipt' then 'payment' else 'refund' end, x.id, x.reference, null,
            case x.flow when 'receipt' then -x.amount else x.amount end, x.id
        from receivables_payment x {OF_ACCOUNT}
        union all
        select x."on", 5, 'write_off', i.id, i.number, null, -x.amount, x.id
        from receivables_writeoff x {OF_INVOICE} and x.decision = 'approved'
        union all
        select x.reversed_on, 6, case x.flow when 'receipt' then 'payment_reversed' else 'refund_reversed' end, x.id,
            x.reference, null, case x.flow when 'receipt' then x.amount else -x.amount end, x.id
        from receivables_payment x {OF_ACCOUNT} and x.reversed_on is not null
        union all
        select x.reversed_on, 7, 'credit_note_reversed', x.id, x.number, null, x.amount, x.id
        from receivables_creditnote x {OF_ACCOUNT} and x.reversed_on is not null
        union all
        select x.reversed_on, 8, 'write_off_reversed', i.id, i.number, null, x.amount, x.id
        from receivables_writeoff x {OF_INVOICE} and x.reversed_on is not null
    )
    select true, null::date, null, null::bigint, null, null::date, coalesce(sum(amount), 0)
    from moves where on_day < %(start)s
    union all
    (select false, on_day, kind, row_id, number, due_on, amount from moves
     where on_day between %(start)s and %(end)s order by on_day, place, tie)
"""
