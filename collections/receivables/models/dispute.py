"""What a customer does not accept."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from receivables.choices import DisputeOutcome, DisputeReason
from receivables.models.base import OfInvoiceQuerySet, Posted, money, never_changed, said_once
from receivables.models.invoice import Invoice


class Dispute(Posted):
    """A part of an invoice the customer disputes. Dunning stops for this amount only; the rest goes on (assurance §0.5)."""

    invoice = models.ForeignKey(Invoice, models.PROTECT, related_name="disputes")
    amount = money(_("disputed amount"))
    reason = models.CharField(_("reason"), max_length=12, choices=DisputeReason.choices)
    note = models.TextField(_("what the customer says"), blank=True)
    opened_on = models.DateField(_("since"))
    resolved_on = models.DateField(_("resolved"), null=True)
    outcome = models.CharField(_("outcome"), max_length=6, choices=DisputeOutcome.choices, blank=True)
    resolution = models.TextField(_("how it ended"), blank=True)
    resolved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    objects = OfInvoiceQuerySet["Dispute"].as_manager()

    class Meta(Posted.Meta):
        verbose_name = _("dispute")
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="dispute_amount_positive"),
            models.CheckConstraint(
                condition=Q(resolved_on__isnull=True, outcome="") | (Q(resolved_on__isnull=False) & ~Q(outcome="")),
                name="dispute_resolved_has_an_outcome",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["invoice"], name="dispute_open_of_invoice", condition=Q(resolved_on__isnull=True)),
        ]
        triggers: ClassVar = [
            *never_changed("dispute_is_only_added", "invoice", "amount", "reason", "opened_on"),
            said_once("dispute_is_resolved_once", "resolved_on"),
        ]

    def __str__(self) -> str:
        return f"{self.get_reason_display()} {self.amount}"
