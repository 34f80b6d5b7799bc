"""How sure the money is: grades, causes, holds on supply. History is rows."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from receivables.choices import Cause, Grade
from receivables.models.base import OfAccountQuerySet, OfInvoiceQuerySet, Posted, never_changed, poster
from receivables.models.invoice import Invoice


class GradeChange(Posted):
    """An invoice got another grade (C3): by rule with its reasons, or by a person who confirmed or overruled it."""

    invoice = models.ForeignKey(Invoice, models.PROTECT, related_name="grade_changes", db_index=False)
    from_grade = models.CharField(max_length=8, choices=Grade.choices)
    to_grade = models.CharField(max_length=8, choices=Grade.choices)
    proposed = models.CharField(max_length=8, choices=Grade.choices)
    reasons = ArrayField(models.CharField(max_length=24), default=list)
    note = models.CharField(_("reason"), max_length=500, blank=True)
    on = models.DateField()
    by = poster(db_index=False)

    objects = OfInvoiceQuerySet["GradeChange"].as_manager()

    class Meta(Posted.Meta):
        indexes: ClassVar = [
            models.Index(fields=["invoice", "-id"], name="grade_change_of_invoice"),
            models.Index(fields=["on", "invoice", "id"], include=["from_grade"], name="grade_change_by_day"),
        ]
        triggers: ClassVar = never_changed("grade_change_is_only_added")

    def __str__(self) -> str:
        return f"{self.from_grade} → {self.to_grade}"


class CauseFinding(Posted):
    """Why this customer does not pay, as found by somebody (C4). The newest one that has not ended is the current cause."""

    account = models.ForeignKey(Account, models.PROTECT, related_name="cause_findings")
    cause = models.CharField(_("cause"), max_length=10, choices=Cause.choices)
    note = models.TextField(_("how we know"), blank=True)
    on = models.DateField()
    ended_on = models.DateField(null=True)

    objects = OfAccountQuerySet["CauseFinding"].as_manager()

    class Meta(Posted.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account"], name="one_cause_at_a_time", condition=Q(ended_on__isnull=True)),
        ]
        indexes: ClassVar = [models.Index(fields=["account", "-id"], name="cause_of_account")]

    def __str__(self) -> str:
        return self.get_cause_display()


class SupplyHold(Posted):
    """No further supply to this customer until it is lifted. Sales sees it before promising anything."""

    account = models.ForeignKey(Account, models.PROTECT, related_name="supply_holds")
    reason = models.CharField(_("reason"), max_length=300)
    on = models.DateField(_("since"))
    lifted_on = models.DateField(_("lifted"), null=True)
    lifted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    lifted_because = models.CharField(max_length=300, blank=True)

    objects = OfAccountQuerySet["SupplyHold"].as_manager()

    class Meta(Posted.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account"], name="one_hold_at_a_time", condition=Q(lifted_on__isnull=True)),
        ]

    def __str__(self) -> str:
        return self.reason
