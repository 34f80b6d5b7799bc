"""What a customer does not accept: opening and resolving it, for an amount. Dunning stops for that amount only."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from core import audit
from core.errors import Conflict, DomainError
from core.permissions import require
from core.users import Actor, as_row
from receivables import events
from receivables.actions.posting import ZERO, clean_amount, clean_day, in_money, open_disputes, required
from receivables.choices import DisputeOutcome, DisputeReason
from receivables.models import Dispute, Invoice
from receivables.queries import get_dispute, get_invoice


@transaction.atomic
def open_dispute(
    *,
    by: Actor,
    invoice_id: int,
    amount: Decimal | None = None,
    reason: DisputeReason,
    note: str = "",
    on: date | None = None,
) -> Dispute:
    """Note that the customer disputes so much of an invoice, all that is open unless said otherwise.

    DomainError for more than is open and not disputed already.
    """
    require(by, "receivables.dispute")
    invoice = get_invoice(by, invoice_id, lock=True)
    free = invoice.open_amount - open_disputes([invoice.pk]).get(invoice.pk, ZERO)
    amount = free if amount is None else clean_amount(amount)
    if amount > free or free <= 0:
        raise DomainError(
            _("Of %(invoice)s only %(open)s is open and not disputed.") % {"invoice": invoice, "open": max(free, ZERO)},
            field="amount", code="too_much",
        )  # fmt: skip
    dispute = Dispute.objects.create(
        invoice=invoice, amount=amount, reason=reason, note=note.strip(),
        opened_on=clean_day(on, not_before=invoice.issued_on), by=as_row(by),
    )  # fmt: skip
    _store(invoice)
    audit.record(
        events.DISPUTE_OPENED,
        by=by, on=dispute, account_id=invoice.account_id, number=invoice.number, invoice=invoice.pk,
        money=in_money(amount, invoice.currency), amount=amount, currency=invoice.currency,
        reason=DisputeReason(reason).label, note=dispute.note,
    )  # fmt: skip
    return dispute


@transaction.atomic
def resolve_dispute(
    *, by: Actor, dispute_id: int, outcome: DisputeOutcome, resolution: str, on: date | None = None
) -> Dispute:
    """Close a dispute: who was right, and how it ended. Credits and payments that follow are entered on their own.

    Conflict (409) when somebody has closed it already.
    """
    require(by, "receivables.dispute")
    resolution = required(resolution, _("Say how it ended."), field="resolution")
    invoice = get_invoice(by, get_dispute(by, dispute_id).invoice_id, lock=True)
    dispute = get_dispute(by, dispute_id, lock=True)
    if dispute.resolved_on:
        raise Conflict(_("Somebody else has closed this dispute."), current=dispute, code="resolved")
    dispute.resolved_on = clean_day(on, not_before=dispute.opened_on)
    dispute.outcome, dispute.resolution, dispute.resolved_by = outcome, resolution, as_row(by)
    dispute.save(update_fields=["resolved_on", "outcome", "resolution", "resolved_by"])
    _store(invoice)
    audit.record(
        events.DISPUTE_RESOLVED,
        by=by, on=dispute, account_id=invoice.account_id, number=invoice.number, invoice=invoice.pk,
        money=in_money(dispute.amount, invoice.currency), amount=dispute.amount, currency=invoice.currency,
        outcome=DisputeOutcome(outcome).label, resolution=resolution,
    )  # fmt: skip
    return dispute


def _store(invoice: Invoice) -> None:
    """Keep the disputed amount: the sum of the open disputes, never more than is open."""
    disputed = open_disputes([invoice.pk]).get(invoice.pk, ZERO)
    invoice.disputed_amount = min(disputed, invoice.open_amount)
    invoice.save(update_fields=["disputed_amount"])
