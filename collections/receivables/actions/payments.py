"""Money that comes in: entering it, finding out whose it is, saying what it settles, taking it back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.queries import get_account
from core import audit
from core.errors import Conflict, DomainError
from core.money import CURRENCIES, format_money
from core.permissions import require
from core.users import Actor, as_row
from receivables import events
from receivables.actions.posting import (
    allocate_rest,
    clean_amount,
    clean_day,
    in_money,
    live_allocations,
    required,
    take_back,
    told,
    undo,
)
from receivables.choices import AllocationRule, Flow, Method
from receivables.models import Allocation, CreditNote, Payment, Reversal
from receivables.queries import (
    get_allocation,
    get_credit_note,
    get_payment,
    locked_invoices,
    open_debts,
    similar_payments,
)


@transaction.atomic
def record_payment(
    *,
    by: Actor,
    account_id: int | None,
    amount: Decimal,
    currency: str,
    received_on: date,
    method: Method = Method.TRANSFER,
    reference: str = "",
    payer: str = "",
    payer_account: str = "",
    designation: str = "",
    import_key: str | None = None,
    allocate: bool = False,
    rule: AllocationRule | None = None,
    designated: Mapping[int, Decimal] | None = None,
    anyway: bool = True,
) -> Payment:
    """Enter a receipt. Without an account it waits until somebody finds out whose it is (`assign_payment`).

    With `designated` (invoice id → amount) or `allocate` it settles invoices at once, as `allocate_payment` does.
    Raises DomainError for an amount that is none, a day to come or an unknown currency, and unless it is to be recorded
    `anyway` for one that looks recorded already (`queries.similar_payments`).
    """
    require(by, "receivables.record")
    account = get_account(by, account_id) if account_id else None
    if currency not in CURRENCIES:
        raise DomainError(_("This currency is not known here."), field="currency")
    amount = clean_amount(amount)
    received_on = clean_day(received_on, field="received_on")
    if not anyway:
        _refuse_similar(by, account_id, amount, currency, received_on, reference)
    payment = Payment.objects.create(
        account=account, method=method, reference=reference.strip(), payer=payer.strip(),
        payer_account=payer_account.strip(), designation=designation.strip(), currency=currency, amount=amount,
        unallocated=amount, received_on=received_on, import_key=import_key,
        by=as_row(by),
    )  # fmt: skip
    audit.record(
        events.PAYMENT_RECORDED,
        by=by, on=payment, account_id=account_id, money=in_money(amount, currency), amount=amount, currency=currency,
        received_on=received_on, payment=str(payment),
    )  # fmt: skip
    if allocate or designated:
        allocate_payment(by=by, payment_id=payment.pk, rule=rule, designated=designated)
        payment.refresh_from_db()
    return payment


@transaction.atomic
def assign_payment(*, by: Actor, payment_id: int, account_id: int) -> Payment:
    """Say whose a receipt is that came without a known payer. Once: afterwards it can only be reversed.

    Conflict (409) when somebody has said so already.
    """
    require(by, "receivables.record")
    account = get_account(by, account_id)
    payment = get_payment(by, payment_id, lock=True)
    if payment.account_id is not None:
        raise Conflict(_("This payment has a customer already."), current=payment)
    _refuse_reversed(payment)
    payment.account = account
    payment.save(update_fields=["account"])
    audit.record(
        events.PAYMENT_ASSIGNED,
        by=by, on=payment, account_id=account.pk, account=str(account), money=in_money(payment.amount, payment.currency),
    )  # fmt: skip
    return payment


@transaction.atomic
def allocate_payment(
    *,
    by: Actor,
    payment_id: int,
    rule: AllocationRule | None = None,
    designated: Mapping[int, Decimal] | None = None,
    on: date | None = None,
    seen: Decimal | None = None,
) -> list[Allocation]:
    """Settle invoices with what is left of a receipt, by the first rule that speaks (see `queries.proposal`).

    `designated` names invoices and amounts for the customer; `rule` insists on one rule. It counts from the day the
    money was received unless `on` says a later one. `seen` is the rest the user saw: Conflict (409) when it is no longer
    that. What fits no open invoice stays unallocated; DomainError when nothing fits, or more is named than there is.
    """
    require(by, "receivables.allocate")
    found = get_payment(by, payment_id)
    if found.account_id is None:
        raise DomainError(_("Say first who paid."), code="no_account")
    if found.flow == Flow.REFUND:
        raise DomainError(_("A refund settles no invoice."), code="refund")
    debts = open_debts(by, found.account_id, found.currency, only=designated, lock=True)
    payment = get_payment(by, payment_id, lock=True)
    _refuse_reversed(payment)
    if payment.unallocated <= 0:
        raise Conflict(_("Nothing is left of this payment."), current=payment, code="nothing_left")
    rows, words = allocate_rest(
        by, payment, debts, since=payment.received_on, on=on, seen=seen, rule=rule, designated=designated,
        words=payment.designation,
    )  # fmt: skip
    audit.record(
        events.PAYMENT_ALLOCATED, by=by, on=payment, account_id=payment.account_id, payment=str(payment), **words
    )
    return rows


@transaction.atomic
def reverse_payment(*, by: Actor, payment_id: int, reason: str, on: date | None = None) -> Reversal:
    """Take a payment back, once and whole: what it settled is open again. Of a refund: what it paid back is there again.

    Conflict (409) when it was reversed before; DomainError without a reason or when part of it was refunded.
    """
    require(by, "receivables.reverse")
    reason = required(reason, _("Say why it is reversed."))
    found = get_payment(by, payment_id)
    if found.flow == Flow.REFUND:
        from receivables.actions.refunds import reverse_refund

        return reverse_refund(by=by, payment_id=payment_id, reason=reason, on=on)
    invoices = locked_invoices(by, {row.invoice_id for row in live_allocations(found)})
    payment = get_payment(by, payment_id, lock=True)
    _refuse_reversed(payment)
    on = clean_day(on, not_before=payment.received_on)
    on, undone = take_back(by, payment, invoices, on)
    reversal = Reversal.objects.create(payment=payment, on=on, reason=reason, by=as_row(by))
    audit.record(
        events.PAYMENT_REVERSED,
        by=by, on=payment, account_id=payment.account_id, payment=str(payment), reason=reason, on_day=on,
        **{**told(undone, payment.currency), "money": in_money(payment.amount, payment.currency), "amount": payment.amount},
    )  # fmt: skip
    return reversal


@transaction.atomic
def reverse_allocation(*, by: Actor, allocation_id: int, reason: str, on: date | None = None) -> Allocation:
    """Take one line back: the invoice is open again by it, and the payment or credit note has it to give once more.

    Conflict (409) when somebody took it back already. A write-off is reversed as a whole (`reverse_write_off`).
    """
    require(by, "receivables.reverse")
    reason = required(reason, _("Say why it is reversed."))
    found = get_allocation(by, allocation_id)
    if found.write_off_id:
        raise DomainError(_("A write-off is reversed as a whole."), code="write_off")
    if found.reverses_id:
        raise DomainError(_("This line is a reversal itself."), code="is_reversal")
    invoices = locked_invoices(by, [found.invoice_id])
    source = _locked_source(by, found)
    row = Allocation.objects.select_related("charge", "invoice").get(pk=allocation_id)
    if Allocation.objects.filter(reverses=row).exists():
        raise Conflict(_("Somebody else took this back already."), current=source, code="reversed")
    on = clean_day(on, not_before=row.on if on else None)
    undone = undo(by, [row], invoices, max(on, row.on))
    source.unallocated += row.amount
    source.save(update_fields=["unallocated"])
    audit.record(
        events.ALLOCATION_REVERSED,
        by=by, on=source, account_id=row.invoice.account_id, number=row.invoice.number, reason=reason, on_day=undone[0].on,
        **told(undone, source.currency),
    )  # fmt: skip
    return undone[0]


def _refuse_similar(
    by: Actor, account_id: int | None, amount: Decimal, currency: str, received_on: date, reference: str
) -> None:
    """Raise DomainError where the same money seems to be here; `details` name the payments that look like it."""
    similar = similar_payments(
        by, account_id=account_id, amount=amount, currency=currency, received_on=received_on, reference=reference
    )
    if similar:
        raise DomainError(
            _("It looks recorded already: %(payment)s, %(money)s, received on %(day)s.")
            % {
                "payment": similar[0],
                "money": format_money(amount, currency),
                "day": date_format(similar[0].received_on, "SHORT_DATE_FORMAT"),
            },
            field="anyway",
            code="similar",
            details={"payments": [payment.pk for payment in similar]},
        )


def _locked_source(by: Actor, row: Allocation) -> Payment | CreditNote:
    if row.credit_note_id:
        return get_credit_note(by, row.credit_note_id, lock=True)
    return get_payment(by, row.payment_id or 0, lock=True)


def _refuse_reversed(payment: Payment) -> None:
    if payment.reversed_on:
        raise Conflict(_("This payment was reversed."), current=payment, code="reversed")
