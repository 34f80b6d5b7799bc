"""Giving up a debt in the books: asked for by one person, decided by another, within the limit of his role (assurance §2.10)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.errors import Conflict, DomainError
from core.permissions import require
from core.users import Actor, as_row
from receivables import events
from receivables.actions.posting import ZERO, clean_amount, clean_day, in_money, live_allocations, post, required, undo
from receivables.choices import AllocationReason, AllocationRule, Decision, Part, WriteOffReason
from receivables.models import Invoice, Reversal, WriteOff
from receivables.queries import get_invoice, get_write_off, locked_invoices, write_off_limit
from receivables.queries.proposal import ProposedLine


@transaction.atomic
def request_write_off(*, by: Actor, invoice_id: int, amount: Decimal, reason: WriteOffReason, note: str) -> WriteOff:
    """Ask that so much of an invoice be given up. Nothing changes until somebody else approves it.

    DomainError without evidence, or for more than is open and not asked for already.
    """
    require(by, "receivables.request_write_off")
    invoice = get_invoice(by, invoice_id, lock=True)
    amount = clean_amount(amount)
    note = required(note, _("Give the evidence."), field="note")
    waiting = invoice.write_offs.filter(decision=Decision.WAITING).aggregate(sum=Sum("amount"))["sum"] or ZERO
    if amount > invoice.open_amount - waiting:
        raise DomainError(
            _("Of %(invoice)s only %(open)s is open.") % {"invoice": invoice, "open": invoice.open_amount - waiting},
            field="amount", code="too_much",
        )  # fmt: skip
    write_off = WriteOff.objects.create(invoice=invoice, amount=amount, reason=reason, note=note, by=as_row(by))
    audit.record(
        events.WRITE_OFF_REQUESTED,
        by=by, on=write_off, account_id=invoice.account_id, number=invoice.number,
        money=in_money(amount, invoice.currency), amount=amount, currency=invoice.currency,
        reason=WriteOffReason(reason).label, invoice=invoice.pk,
    )  # fmt: skip
    return write_off


@transaction.atomic
def decide_write_off(
    *, by: Actor, write_off_id: int, approve: bool, because: str = "", on: date | None = None
) -> WriteOff:
    """Approve or refuse a write-off. Approved, it lowers the invoice from `on`; the claim itself goes on.

    Nobody decides on his own request, nor above the limit of his role (DomainError); a refusal needs its reason.
    Conflict (409) when it is decided already, or the invoice has less open than was asked for.
    """
    require(by, "receivables.approve_write_off")
    invoice = get_invoice(by, get_write_off(by, write_off_id).invoice_id, lock=True)
    write_off = get_write_off(by, write_off_id, lock=True)
    if write_off.decision != Decision.WAITING:
        raise Conflict(_("Somebody else has decided this."), current=write_off, code="decided")
    if write_off.by_id is not None and write_off.by_id == by.pk:
        raise DomainError(_("You asked for it, so somebody else decides."), code="own_request")
    if approve:
        _check_limit(by, write_off, invoice)
        on = clean_day(on, not_before=invoice.issued_on)
        if write_off.amount > invoice.open_amount:
            raise Conflict(_("Less than that is open now."), current=write_off, code="too_much")
    else:
        because, on = required(because, _("Say why not."), field="because"), None
    write_off.decision = Decision.APPROVED if approve else Decision.REFUSED
    write_off.decided_by, write_off.decided_at, write_off.decided_because = as_row(by), timezone.now(), because.strip()
    if on:
        line = ProposedLine(
            invoice, Part.PRINCIPAL, write_off.amount, AllocationRule.DESIGNATED, AllocationReason.DESIGNATED
        )
        write_off.on = post(by, write_off, [line], on)[0].on
    write_off.save(update_fields=["decision", "decided_by", "decided_at", "decided_because", "on"])
    audit.record(
        events.WRITE_OFF_DECIDED,
        by=by, on=write_off, account_id=invoice.account_id, number=invoice.number,
        money=in_money(write_off.amount, invoice.currency), amount=write_off.amount, currency=invoice.currency,
        decision=write_off.decision.label, approved=approve, because=because, invoice=invoice.pk,
    )  # fmt: skip
    return write_off


@transaction.atomic
def reverse_write_off(*, by: Actor, write_off_id: int, reason: str, on: date | None = None) -> Reversal:
    """Take an approved write-off back, say because money can be had after all: the invoice is open again.

    Conflict (409) when it was reversed before; DomainError without a reason or when it was never approved.
    """
    require(by, "receivables.reverse")
    reason = required(reason, _("Say why it is reversed."))
    invoices = locked_invoices(by, [get_write_off(by, write_off_id).invoice_id])
    write_off = get_write_off(by, write_off_id, lock=True)
    if write_off.decision != Decision.APPROVED or write_off.on is None:
        raise DomainError(_("Only an approved write-off can be reversed."), code="not_approved")
    if write_off.reversed_on:
        raise Conflict(_("This write-off was reversed."), current=write_off, code="reversed")
    on = clean_day(on, not_before=write_off.on)
    undo(by, live_allocations(write_off), invoices, on)
    write_off.reversed_on = on
    write_off.save(update_fields=["reversed_on"])
    reversal = Reversal.objects.create(write_off=write_off, on=on, reason=reason, by=as_row(by))
    invoice = invoices[write_off.invoice_id]
    audit.record(
        events.WRITE_OFF_REVERSED,
        by=by, on=write_off, account_id=invoice.account_id, number=invoice.number,
        money=in_money(write_off.amount, invoice.currency), amount=write_off.amount, currency=invoice.currency,
        reason=reason, invoice=invoice.pk,
    )  # fmt: skip
    return reversal


def _check_limit(by: Actor, write_off: WriteOff, invoice: Invoice) -> None:
    if by.is_system:
        return
    limit = write_off_limit(by, invoice.currency)
    if limit is None or write_off.amount > limit:
        raise DomainError(
            _("This is above what your role may approve (%(limit)s).")
            % {"limit": in_money(limit or ZERO, invoice.currency)},
            code="over_limit", details={"limit": str(limit or ZERO)},
        )  # fmt: skip
