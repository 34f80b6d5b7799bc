"""Debts as they arise: invoices and opening balances, their papers, and what is claimed beside them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from accounts.models import Account
from accounts.queries import get_account
from core import audit
from core.errors import DomainError
from core.money import CURRENCIES
from core.permissions import require
from core.users import Actor, as_row
from receivables import events
from receivables.actions.posting import clean_amount, clean_day, in_money, required
from receivables.choices import ChargeKind, InvoiceKind, Paper, Papers, Part
from receivables.models import Allocation, Charge, Contract, Invoice
from receivables.queries import get_contract, get_invoice, receivables_rule
from receivables.rules import interest

ZERO = Decimal(0)


@transaction.atomic
def record_invoice(
    *,
    by: Actor,
    account_id: int,
    number: str,
    amount: Decimal,
    currency: str,
    issued_on: date,
    due_on: date | None = None,
    recognised_on: date | None = None,
    contract_id: int | None = None,
    kind: InvoiceKind = InvoiceKind.INVOICE,
    purchase_order: str = "",
    papers: Papers = Papers.RECEIVED,
    missing_papers: Iterable[Paper] = (),
    expected_on: date | None = None,
    note: str = "",
) -> Invoice:
    """Enter a debt. It never changes afterwards: a mistake is credited.

    Without a due date the terms of the contract count, else the customer's, else those of the settings. DomainError
    when the number is taken, the contract is another customer's or in another currency, or a day makes no sense.
    """
    require(by, "receivables.record")
    account = get_account(by, account_id)
    contract = get_contract(by, contract_id) if contract_id else None
    number = required(number, _("An invoice needs a number."), field="number")
    amount, issued_on = clean_amount(amount), clean_day(issued_on, field="issued_on")
    _check_terms(account, contract, currency)
    due_on = due_on or issued_on + timedelta(days=_terms_of(account, contract))
    if due_on < issued_on:
        raise DomainError(_("It cannot be due before it was issued."), field="due_on")
    missing = _clean_papers(papers, missing_papers)
    invoice = Invoice(
        account=account, contract=contract, number=number, currency=currency, amount=amount, open_amount=amount,
        issued_on=issued_on, due_on=due_on, recognised_on=recognised_on or issued_on, kind=kind, papers=papers,
        missing_papers=missing, purchase_order=purchase_order.strip(), expected_on=expected_on, note=note.strip(),
        by=as_row(by),
    )  # fmt: skip
    try:
        with transaction.atomic():
            invoice.save()
    except IntegrityError as error:
        if "invoice_number_once" not in str(error):
            raise
        raise DomainError(_("There is an invoice with this number."), field="number", code="duplicate") from error
    audit.record(
        events.INVOICE_RECORDED,
        by=by, on=invoice, account_id=account.pk, number=number, money=in_money(amount, currency), amount=amount,
        currency=currency, due_on=due_on,
    )  # fmt: skip
    return invoice


@transaction.atomic
def set_papers(
    *,
    by: Actor,
    invoice_id: int,
    papers: Papers,
    missing_papers: Iterable[Paper] = (),
    purchase_order: str | None = None,
    note: str | None = None,
    expected_on: date | None = None,
) -> Invoice:
    """Say how far the papers have come and which are missing (C5), the customer's order number, when money is expected.

    Text not given stays as it is; `expected_on` is set to what is given, nothing included.
    """
    require(by, "receivables.record")
    invoice = get_invoice(by, invoice_id, lock=True)
    values = {
        "papers": papers,
        "missing_papers": _clean_papers(papers, missing_papers),
        "purchase_order": invoice.purchase_order if purchase_order is None else purchase_order.strip(),
        "note": invoice.note if note is None else note.strip(),
        "expected_on": expected_on,
    }
    changed = [name for name, value in values.items() if getattr(invoice, name) != value]
    if changed:
        before = {name: getattr(invoice, name) for name in changed}
        for name in changed:
            setattr(invoice, name, values[name])
        invoice.save(update_fields=changed)
        audit.record(
            events.PAPERS_SET,
            by=by, on=invoice, account_id=invoice.account_id, number=invoice.number, papers=Papers(papers).label,
            before=before, after={name: values[name] for name in changed},
        )  # fmt: skip
    return invoice


@transaction.atomic
def add_charge(
    *,
    by: Actor,
    invoice_id: int,
    amount: Decimal,
    on: date | None = None,
    reason: str,
    kind: ChargeKind = ChargeKind.COSTS,
) -> Charge:
    """Claim costs (court, lawyer, postage) beside an invoice; payments settle them before its principal."""
    require(by, "receivables.record")
    invoice = get_invoice(by, invoice_id, lock=True)
    reason = required(reason, _("Say what the costs are for."))
    return _add_charge(by, invoice, kind, clean_amount(amount), clean_day(on, not_before=invoice.issued_on), reason)


@transaction.atomic
def claim_interest(*, by: Actor, invoice_id: int, on: date | None = None, reason: str = "") -> Charge:
    """Claim the late interest that has run up to `on`, less what was claimed before.

    By day segments of the principal really outstanding, at the contract's rate or the setting's (assurance §2.7).
    DomainError when none has run since the last claim.
    """
    require(by, "receivables.record")
    invoice = get_invoice(by, invoice_id, lock=True)
    on = clean_day(on)
    claimed = invoice.charges.filter(kind=ChargeKind.INTEREST).aggregate(sum=Sum("amount"))["sum"] or ZERO
    amount = interest_until(invoice, on) - claimed
    if amount <= 0:
        raise DomainError(_("No more interest has run until that day."), field="on", code="nothing_to_claim")
    return _add_charge(by, invoice, ChargeKind.INTEREST, amount, on, reason.strip())


def interest_until(invoice: Invoice, on: date) -> Decimal:
    """Late interest of an invoice from its due day until `on`, claimed or not."""
    if on <= invoice.due_on:
        return ZERO
    rule = receivables_rule()
    per_day = invoice.contract.interest_per_day if invoice.contract else None
    rate = interest.daily_rate(rule.interest_per_day if per_day is None else per_day, basis=rule.interest_basis)
    paid = Allocation.objects.filter(invoice=invoice, part=Part.PRINCIPAL, on__lte=on).values_list("on", "amount")
    parts = interest.segments(invoice.amount, invoice.due_on, on, reductions=list(paid), rates=[(invoice.due_on, rate)])
    return interest.interest(parts, basis=rule.interest_basis)


def _add_charge(by: Actor, invoice: Invoice, kind: ChargeKind, amount: Decimal, on: date, reason: str) -> Charge:
    charge = Charge.objects.create(
        invoice=invoice, kind=kind, amount=amount, open_amount=amount, on=on, reason=reason, by=as_row(by)
    )
    audit.record(
        events.CHARGE_ADDED,
        by=by, on=invoice, account_id=invoice.account_id, number=invoice.number, kind=ChargeKind(kind).label,
        money=in_money(amount, invoice.currency), reason=reason,
    )  # fmt: skip
    return charge


def _check_terms(account: Account, contract: Contract | None, currency: str) -> None:
    if currency not in CURRENCIES:
        raise DomainError(_("This currency is not known here."), field="currency")
    if contract and contract.account_id != account.pk:
        raise DomainError(_("The contract is another customer’s."), field="contract")
    if contract and contract.currency != currency:
        raise DomainError(_("The contract is in another currency."), field="currency", code="other_currency")


def _terms_of(account: Account, contract: Contract | None) -> int:
    if contract and contract.terms_days is not None:
        return contract.terms_days
    if account.payment_terms_days is not None:
        return account.payment_terms_days
    return receivables_rule().terms_days


def _clean_papers(papers: Papers, missing: Iterable[Paper]) -> list[str]:
    """The missing papers, each once. Papers that are complete miss none."""
    found = list(dict.fromkeys(Paper(paper).value for paper in missing))
    if found and papers != Papers.INCOMPLETE:
        raise DomainError(_("Papers of which one is missing are incomplete."), field="papers")
    return found
