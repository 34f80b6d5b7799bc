"""Money paid back to a customer: it is drawn from what he has unallocated with us, and from nothing else."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from accounts.queries import get_account
from core import audit
from core.errors import Conflict, DomainError
from core.permissions import require
from core.users import Actor, as_row
from receivables import events
from receivables.actions.posting import ZERO, clean_amount, clean_day, in_money, last_undone, required
from receivables.choices import Flow, Method
from receivables.models import CreditNote, Payment, RefundLine, Reversal
from receivables.queries import get_payment, visible_credit_notes, visible_payments


@transaction.atomic
def record_refund(
    *,
    by: Actor,
    account_id: int,
    amount: Decimal,
    currency: str,
    paid_on: date,
    method: Method = Method.TRANSFER,
    reference: str = "",
    payer: str = "",
    payer_account: str = "",
    note: str = "",
    import_key: str | None = None,
) -> Payment:
    """Enter money paid back. It uses up the customer's unallocated receipts, then his credit notes, the oldest first.

    DomainError when he has less than that unallocated in this currency by that day.
    """
    require(by, "receivables.record")
    account = get_account(by, account_id)
    amount, paid_on = clean_amount(amount), clean_day(paid_on, field="paid_on")
    sources = _sources(by, account_id, currency, paid_on)
    if sum((source.unallocated for source in sources), ZERO) < amount:
        raise DomainError(_("The customer has less than that unallocated."), field="amount", code="too_much")
    refund = Payment.objects.create(
        flow=Flow.REFUND, account=account, method=method, reference=reference.strip(), payer=payer.strip(),
        payer_account=payer_account.strip(), designation=note.strip(), currency=currency, amount=amount, unallocated=ZERO,
        received_on=paid_on, import_key=import_key, by=as_row(by),
    )  # fmt: skip
    left, rows = amount, []
    for source in sources:
        given = min(left, source.unallocated)
        if given:
            on = max(paid_on, last_undone(source) or paid_on)
            rows.append(RefundLine(refund=refund, amount=given, on=on, by=as_row(by), **_named(source)))
            _change(source, -given)
            left -= given
    RefundLine.objects.bulk_create(rows)
    audit.record(
        events.REFUND_RECORDED,
        by=by, on=refund, account_id=account.pk, money=in_money(amount, currency), amount=amount, currency=currency,
        received_on=paid_on,
    )  # fmt: skip
    return refund


@transaction.atomic
def reverse_refund(*, by: Actor, payment_id: int, reason: str, on: date | None = None) -> Reversal:
    """Take a refund back: what it was drawn from has its money again. Conflict (409) when it was reversed before."""
    require(by, "receivables.reverse")
    reason = required(reason, _("Say why it is reversed."))
    refund = get_payment(by, payment_id, lock=True)
    if refund.flow != Flow.REFUND:
        raise DomainError(_("This is not a refund."), code="not_a_refund")
    if refund.reversed_on:
        raise Conflict(_("This payment was reversed."), current=refund, code="reversed")
    on = clean_day(on, not_before=refund.received_on)
    rows = list(RefundLine.objects.filter(refund=refund, reverses=None).select_related("payment", "credit_note"))
    for row in sorted(rows, key=lambda row: (row.payment_id or 0, row.credit_note_id or 0)):
        _change(row.payment or row.credit_note, row.amount)
    RefundLine.objects.bulk_create(
        RefundLine(
            refund=refund, payment_id=row.payment_id, credit_note_id=row.credit_note_id, amount=-row.amount, on=max(on, row.on),
            reverses=row, by=as_row(by),
        )
        for row in rows
    )  # fmt: skip
    refund.reversed_on = on
    refund.save(update_fields=["reversed_on"])
    reversal = Reversal.objects.create(payment=refund, on=on, reason=reason, by=as_row(by))
    audit.record(
        events.REFUND_REVERSED,
        by=by, on=refund, account_id=refund.account_id, money=in_money(refund.amount, refund.currency),
        amount=refund.amount, currency=refund.currency, reason=reason,
    )  # fmt: skip
    return reversal


def _sources(by: Actor, account_id: int, currency: str, paid_on: date) -> list[Payment | CreditNote]:
    """Receipts and credit notes with something left by that day, locked in the order of their ids, the oldest first."""
    wanted = {"account_id": account_id, "currency": currency, "unallocated__gt": 0}
    receipts = (
        visible_payments(by).filter(received_on__lte=paid_on, **wanted).order_by("pk").select_for_update(no_key=True)
    )
    notes = (
        visible_credit_notes(by).filter(issued_on__lte=paid_on, **wanted).order_by("pk").select_for_update(no_key=True)
    )
    return [
        *sorted(receipts, key=lambda row: (row.received_on, row.pk)),
        *sorted(notes, key=lambda row: (row.issued_on, row.pk)),
    ]


def _named(source: Payment | CreditNote) -> dict[str, Payment | CreditNote]:
    return {"payment": source} if isinstance(source, Payment) else {"credit_note": source}


def _change(source: Payment | CreditNote | None, amount: Decimal) -> None:
    if source is not None:
        type(source).objects.filter(pk=source.pk).update(unallocated=F("unallocated") + amount)
