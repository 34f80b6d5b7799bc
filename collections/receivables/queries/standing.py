"""How an account stands with its money today, in a few statements: for its record, its prospects, whoever calls."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from django.db.models import Case, Count, IntegerField, Max, Min, Q, Sum, Value, When

from accounts.models import Account
from accounts.queries import get_account, is_visible
from core.users import Actor
from receivables.choices import Grade
from receivables.models import CauseFinding, CreditNote, DebtorFact, Invoice, Payment, SupplyHold
from receivables.queries.facts import current_cause, current_hold, visible_invoices
from receivables.queries.grades import debtor_facts

ZERO = Decimal(0)
NEWEST = 6


@dataclass(frozen=True)
class CurrencyStanding:
    """What an account owes in one currency. `unapplied` is money and credits that settle nothing yet, not taken off."""

    currency: str
    open_amount: Decimal = ZERO
    overdue: Decimal = ZERO
    disputed: Decimal = ZERO
    unapplied: Decimal = ZERO
    invoices: int = 0
    overdue_invoices: int = 0
    oldest_due_on: date | None = None
    worst: Grade | None = None

    def days_late(self, on: date) -> int:
        """Of the oldest open invoice; 0 while none is past due."""
        return max(0, (on - self.oldest_due_on).days) if self.oldest_due_on else 0


@dataclass(frozen=True)
class AccountStanding:
    """An account's money, currency by currency; the hold on supply, the cause, what was found out about it."""

    account: Account
    currencies: Sequence[CurrencyStanding]
    hold: SupplyHold | None
    cause: CauseFinding | None
    facts: Sequence[DebtorFact]
    newest: Sequence[Invoice]

    @property
    def is_overdue(self) -> bool:
        """Anything past due, in any currency."""
        return any(line.overdue for line in self.currencies)


def account_standing(by: Actor, account_id: int, *, on: date) -> AccountStanding:
    """Everything about an account's money the person sees. NotFound otherwise. Seven statements."""
    account = get_account(by, account_id)
    newest = visible_invoices(by).filter(account=account).order_by("-issued_on", "-id")[:NEWEST]
    return AccountStanding(
        account=account,
        currencies=currency_standings(account.pk, on=on, unapplied=True),
        hold=current_hold(account),
        cause=current_cause(account),
        facts=debtor_facts(account.pk),
        newest=list(newest),
    )


def currency_standings(account_id: int, *, on: date, unapplied: bool = False) -> list[CurrencyStanding]:
    """What is open by currency, the most invoices first; for callers that have checked who may see the account."""
    late = Q(due_on__lt=on)
    rank = Case(*(When(grade=grade, then=Value(grade.rank)) for grade in Grade), output_field=IntegerField())
    rows = (
        Invoice.objects.filter(account=account_id, open_amount__gt=0)
        .values("currency")
        .annotate(
            total=Sum("open_amount"),
            overdue=Sum("open_amount", filter=late),
            disputed=Sum("disputed_amount"),
            count=Count("pk"),
            overdue_count=Count("pk", filter=late),
            oldest=Min("due_on"),
            worst=Max(rank),
        )
        .order_by("-count", "currency")
    )
    found = {
        row["currency"]: CurrencyStanding(
            currency=row["currency"],
            open_amount=row["total"],
            overdue=row["overdue"] or ZERO,
            disputed=row["disputed"],
            invoices=row["count"],
            overdue_invoices=row["overdue_count"],
            oldest_due_on=row["oldest"],
            worst=list(Grade)[row["worst"]],
        )
        for row in rows
    }
    if unapplied:
        for currency, amount in _unapplied(account_id).items():
            found[currency] = replace(found.get(currency, CurrencyStanding(currency)), unapplied=amount)
    return list(found.values())


def _unapplied(account_id: int) -> dict[str, Decimal]:
    """Receipts and credit notes that settle nothing yet, by currency."""
    receipts = (
        Payment.objects.filter(account=account_id, unallocated__gt=0).order_by().values_list("currency", "unallocated")
    )
    notes = CreditNote.objects.filter(account=account_id, unallocated__gt=0).order_by()
    together: dict[str, Decimal] = {}
    for currency, amount in receipts.union(notes.values_list("currency", "unallocated"), all=True):
        together[currency] = together.get(currency, ZERO) + amount
    return together


@dataclass(frozen=True)
class SalesWarning:
    """What sales should know of a customer's money before promising him anything.

    A hold is told to everybody who deals with him; its reason and the amounts only to who sees the account.
    """

    overdue: Sequence[CurrencyStanding]
    hold: SupplyHold | None
    sees_account: bool

    def __bool__(self) -> bool:
        return bool(self.hold or self.overdue)


def sales_warning(by: Actor, account_id: int, *, on: date) -> SalesWarning:
    """Hold and overdue money of an account a person deals with; three statements at most."""
    sees = is_visible(by, account_id)
    lines = currency_standings(account_id, on=on) if sees else []
    return SalesWarning([line for line in lines if line.overdue], current_hold(account_id), sees)
