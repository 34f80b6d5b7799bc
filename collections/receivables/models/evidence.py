"""What is known of a debtor beside his ledger, as the grades and the clock of the right to sue need it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from receivables.choices import DebtorFactKind, InterruptionKind
from receivables.models.base import OfAccountQuerySet, Posted, never_changed, said_once
from receivables.models.invoice import Invoice


class DebtorFact(Posted):
    """Something that bears on whether this customer can or will pay: a petition, a closure, nobody to be reached (C3).

    Found by somebody or noted by the program; it holds until it has ended. Never edited.
    """

    account = models.ForeignKey(Account, models.PROTECT, related_name="debtor_facts")
    kind = models.CharField(_("fact"), max_length=18, choices=DebtorFactKind.choices)
    on = models.DateField(_("since"))
    note = models.CharField(_("how we know"), max_length=500)
    ended_on = models.DateField(_("until"), null=True)
    ended_because = models.CharField(max_length=300, blank=True)

    objects = OfAccountQuerySet["DebtorFact"].as_manager()

    class Meta(Posted.Meta):
        verbose_name = _("fact about a debtor")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["account", "kind"], name="debtor_fact_once_at_a_time", condition=Q(ended_on__isnull=True)
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["account", "-id"], name="debtor_fact_of_account")]
        triggers: ClassVar = [
            *never_changed("debtor_fact_is_only_added", "account", "kind", "on", "note"),
            said_once("debtor_fact_ends_once", "ended_on"),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()


class Interruption(Posted):
    """What restarts the three years of the right to sue, with its evidence (C14, assurance §2.5): of one invoice, or of
    all the customer owed on that day. Part payments need none: the ledger tells them. Never edited.
    """

    account = models.ForeignKey(Account, models.PROTECT, related_name="interruptions")
    invoice = models.ForeignKey(Invoice, models.PROTECT, null=True, blank=True, related_name="interruptions")
    kind = models.CharField(_("what"), max_length=10, choices=InterruptionKind.choices)
    on = models.DateField(_("arrived"))
    evidence = models.CharField(_("evidence"), max_length=500)
    import_key = models.CharField(max_length=80, null=True, editable=False, unique=True)

    objects = OfAccountQuerySet["Interruption"].as_manager()

    class Meta(Posted.Meta):
        verbose_name = _("interruption of limitation")
        indexes: ClassVar = [
            models.Index(fields=["account", "-on"], name="interruption_of_account"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(evidence=""), name="interruption_has_evidence"),
        ]
        triggers: ClassVar = never_changed("interruption_is_only_added")

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.on}"


class BrokenPromises(models.Model):
    """How many promises to pay this customer broke in the last twelve months. Counted and written by the app above."""

    account = models.OneToOneField(Account, models.PROTECT, primary_key=True, related_name="broken_promises")
    count = models.PositiveSmallIntegerField(_("broken promises"))
    counted_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("broken promises")

    def __str__(self) -> str:
        return f"{self.account_id}: {self.count}"
