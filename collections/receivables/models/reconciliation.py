"""Our ledger beside finance's list."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from receivables.choices import Difference
from receivables.models.base import Posted, currency, money
from receivables.models.invoice import Invoice


class Reconciliation(Posted):
    """One comparison of our open items with finance's list of a day (C1): what agrees and what does not."""

    on = models.DateField(_("as of"))
    file_name = models.CharField(max_length=200)
    currency = currency()
    lines_there = models.PositiveIntegerField(default=0)
    agreeing = models.PositiveIntegerField(default=0)
    total_here = money(_("open here"))
    total_there = money(_("open in finance's list"))

    class Meta(Posted.Meta):
        pass

    def __str__(self) -> str:
        return f"{self.on} {self.file_name}"


class ReconciliationLine(models.Model):
    """One difference. `cleared_note` says how it was explained."""

    reconciliation = models.ForeignKey(Reconciliation, models.CASCADE, related_name="lines")
    difference = models.CharField(max_length=13, choices=Difference.choices)
    number = models.CharField(_("invoice number"), max_length=60)
    customer = models.CharField(_("customer"), max_length=200, blank=True)
    invoice = models.ForeignKey(Invoice, models.PROTECT, null=True, related_name="+")
    ours = money(_("here"), null=True)
    theirs = money(_("there"), null=True)
    cleared_note = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering: ClassVar = ["difference", "number", "id"]
        indexes: ClassVar = [
            models.Index(fields=["reconciliation", "difference", "number"], name="reconciliation_lines")
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.ours} / {self.theirs}"
