"""Figures that cannot be made afterwards, and the rates they use."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from receivables.choices import ProvisionBasis
from receivables.models.base import Posted, currency, money, never_changed


class ReceivableSnapshot(models.Model):
    """Totals at the end of a day, of one owner's customers in one currency (C13). Written once; the base of all trends.

    `buckets` are the open amounts by days past due, first the not due one, with the edges of that day in `edges`
    (in days). `sold` and `received` are what was invoiced and what came in on the day itself.
    """

    on = models.DateField()
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    team = models.ForeignKey("core.Team", models.PROTECT, null=True, related_name="+")
    currency = currency()
    open_amount = money(_("open"))
    overdue_amount = money(_("overdue"))
    disputed_amount = money(_("disputed"))
    unallocated = money(_("not allocated"))
    invoices = models.PositiveIntegerField()
    sold = money(_("invoiced"))
    received = money(_("received"))
    edges = ArrayField(models.PositiveSmallIntegerField())
    buckets = ArrayField(models.DecimalField(max_digits=18, decimal_places=2))

    class Meta:
        ordering: ClassVar = ["-on", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["on", "currency", "owner"], name="receivable_snapshot_once"),
        ]
        triggers: ClassVar = never_changed("receivable_snapshot_is_only_added")

    def __str__(self) -> str:
        return f"{self.on} {self.currency}"


class ProvisionRate(Posted):
    """The share of an amount that is provided for from a day on. `step` is the bucket's number, or the grade's rank."""

    basis = models.CharField(max_length=8, choices=ProvisionBasis.choices)
    step = models.PositiveSmallIntegerField()
    rate = models.DecimalField(_("rate"), max_digits=6, decimal_places=5)
    effective_on = models.DateField(_("from"))

    class Meta(Posted.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["basis", "step", "effective_on"], name="provision_rate_once_a_day"),
            models.CheckConstraint(condition=Q(rate__gte=0, rate__lte=1), name="provision_rate_is_a_share"),
        ]

    def __str__(self) -> str:
        return f"{self.basis} {self.step}: {self.rate}"


class ProvisionRun(Posted):
    """A provision matrix as it was worked out: inputs, rates, result. Never edited; approved by another than who made it."""

    on = models.DateField()
    basis = models.CharField(max_length=8, choices=ProvisionBasis.choices)
    currency = currency()
    lines = models.JSONField()  # [{"step", "label", "amount", "rate", "provision"}], amounts and rates as text
    total = money(_("provision"))
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)

    class Meta(Posted.Meta):
        triggers: ClassVar = never_changed("provision_run_is_only_added", "on", "basis", "currency", "lines", "total")

    def __str__(self) -> str:
        return f"{self.on} {self.currency} {self.total}"
