"""The rows of the ledger, one by one and as lists. The user comes first; what he may not see does not exist.

`lock=True` locks the row for a change. Several rows are locked in one order everywhere, so that two people never wait
for each other: invoices by id, then the payment, credit note or write-off.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any, TypeVar

from django.db.models import F, Model, QuerySet

from accounts.models import Account
from core.errors import NotFound
from core.scope import SEES_ALL
from core.users import Actor
from receivables.models import (
    Allocation,
    CauseFinding,
    Charge,
    Contract,
    CreditNote,
    DebtorFact,
    Dispute,
    Invoice,
    Payment,
    ProvisionRun,
    ReceivablesRule,
    SupplyHold,
    WriteOff,
    WriteOffLimit,
)
from receivables.models.base import OfAccountQuerySet, OfInvoiceQuerySet
from receivables.models.invoice import InvoiceQuerySet

M = TypeVar("M", bound=Model)


def visible_contracts(by: Actor) -> OfAccountQuerySet[Contract]:
    """The contracts of accounts this person sees."""
    return Contract.objects.visible_to(by)


def visible_invoices(by: Actor) -> InvoiceQuerySet:
    """The invoices of accounts this person sees, settled ones too."""
    return Invoice.objects.visible_to(by)


MOST_TO_CHOOSE = 100


def disputable_invoices(by: Actor, account_id: int) -> list[Invoice]:
    """What is open at a customer and not wholly disputed, the longest due first; no more than one can choose from."""
    rows = visible_invoices(by).still_open().filter(account=account_id, disputed_amount__lt=F("open_amount"))
    return list(rows.order_by("due_on", "id")[:MOST_TO_CHOOSE])


def visible_charges(by: Actor) -> OfInvoiceQuerySet[Charge]:
    """Interest and costs claimed on invoices this person sees."""
    return Charge.objects.visible_to(by)


def visible_payments(by: Actor) -> OfAccountQuerySet[Payment]:
    """Payments of accounts this person sees; those nobody knows the payer of, for who sees all accounts."""
    return Payment.objects.visible_to(by)


def visible_credit_notes(by: Actor) -> OfAccountQuerySet[CreditNote]:
    """Credit notes of accounts this person sees."""
    return CreditNote.objects.visible_to(by)


def visible_allocations(by: Actor) -> OfInvoiceQuerySet[Allocation]:
    """Allocations to invoices this person sees."""
    return Allocation.objects.visible_to(by)


def visible_write_offs(by: Actor) -> OfInvoiceQuerySet[WriteOff]:
    """Write-offs of invoices this person sees, asked for and decided."""
    return WriteOff.objects.visible_to(by)


def visible_disputes(by: Actor) -> OfInvoiceQuerySet[Dispute]:
    """Disputes about invoices this person sees."""
    return Dispute.objects.visible_to(by)


def visible_causes(by: Actor) -> OfAccountQuerySet[CauseFinding]:
    """Causes found for accounts this person sees, ended ones too."""
    return CauseFinding.objects.visible_to(by)


def visible_holds(by: Actor) -> OfAccountQuerySet[SupplyHold]:
    """Holds on supplying accounts this person sees, lifted ones too."""
    return SupplyHold.objects.visible_to(by)


def get_contract(by: Actor, contract_id: int, *, lock: bool = False) -> Contract:
    """One contract with its account. NotFound if it is not there for this person."""
    return _one(visible_contracts(by), contract_id, lock, "account")


def get_invoice(by: Actor, invoice_id: int, *, lock: bool = False) -> Invoice:
    """One invoice with its account and contract."""
    return _one(visible_invoices(by), invoice_id, lock, "account", "contract")


def get_payment(by: Actor, payment_id: int, *, lock: bool = False) -> Payment:
    """One payment with its account, if it has one."""
    return _one(visible_payments(by), payment_id, lock, "account")


def get_credit_note(by: Actor, credit_note_id: int, *, lock: bool = False) -> CreditNote:
    """One credit note with its account."""
    return _one(visible_credit_notes(by), credit_note_id, lock, "account")


def get_allocation(by: Actor, allocation_id: int, *, lock: bool = False) -> Allocation:
    """One allocation with its invoice."""
    return _one(visible_allocations(by), allocation_id, lock, "invoice")


def get_write_off(by: Actor, write_off_id: int, *, lock: bool = False) -> WriteOff:
    """One write-off with its invoice and account."""
    return _one(visible_write_offs(by), write_off_id, lock, "invoice__account", "by")


def get_dispute(by: Actor, dispute_id: int, *, lock: bool = False) -> Dispute:
    """One dispute with its invoice and account."""
    return _one(visible_disputes(by), dispute_id, lock, "invoice__account", "by")


def get_debtor_fact(by: Actor, fact_id: int, *, lock: bool = False) -> DebtorFact:
    """One fact about a debtor with its account."""
    return _one(DebtorFact.objects.visible_to(by), fact_id, lock, "account")


def get_cause(by: Actor, finding_id: int) -> CauseFinding:
    """One finding of a cause."""
    return _one(visible_causes(by), finding_id, False, "account")


def get_hold(by: Actor, hold_id: int) -> SupplyHold:
    """One hold on supply."""
    return _one(visible_holds(by), hold_id, False, "account")


def get_provision_run(by: Actor, run_id: int, *, lock: bool = False) -> ProvisionRun:
    """One provision, for those who see the whole ledger."""
    rows = ProvisionRun.objects.all() if by.is_system or by.role in SEES_ALL else ProvisionRun.objects.none()
    return _one(rows, run_id, lock, "by", "approved_by")


def locked_invoices(by: Actor, ids: Iterable[int]) -> dict[int, Invoice]:
    """These invoices, locked in the order of their ids. NotFound if one of them is not there for this person."""
    wanted = set(ids)
    rows = visible_invoices(by).filter(pk__in=wanted).order_by("pk")
    found = {row.pk: row for row in rows.select_for_update(no_key=True, of=("self",)).select_related("contract")}
    if len(found) < len(wanted):
        raise NotFound
    return found


# ------------------------------------------------------------------ what holds for an account now


def current_cause(account: Account | int) -> CauseFinding | None:
    """Why this customer does not pay, as far as anybody has found out (C4)."""
    found: CauseFinding | None = (
        CauseFinding.objects.filter(account=account, ended_on=None).select_related("by").first()
    )
    return found


def current_hold(account: Account | int) -> SupplyHold | None:
    """The hold on supplying this customer, if there is one."""
    found: SupplyHold | None = SupplyHold.objects.filter(account=account, lifted_on=None).select_related("by").first()
    return found


# ------------------------------------------------------------------ settings


def receivables_rule(*, lock: bool = False) -> ReceivablesRule:
    """The one row of settings."""
    rows = ReceivablesRule.objects.select_for_update() if lock else ReceivablesRule.objects.all()
    return rows.get(pk=1)


def write_off_limit(by: Actor, currency: str) -> Decimal | None:
    """Up to which amount this person's role may approve a write-off; None: none at all."""
    return WriteOffLimit.objects.filter(role=by.role or "", currency=currency).values_list("amount", flat=True).first()


def write_off_limits() -> list[WriteOffLimit]:
    """All limits, by role and currency."""
    return list(WriteOffLimit.objects.order_by("currency", "amount", "role"))


def _one(rows: QuerySet[M, Any], pk: int, lock: bool, *related: str) -> M:
    rows = rows.select_for_update(no_key=True, of=("self",)) if lock else rows
    found: M | None = rows.select_related(*related).filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found
