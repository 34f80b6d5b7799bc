"""What was agreed about paying."""

from __future__ import annotations

from typing import ClassVar

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from core.models import Versioned
from receivables.choices import AllocationRule
from receivables.models.base import OfAccountQuerySet, currency, money


class Contract(Versioned):
    """A contract with a customer: its number, its worth, its terms of payment (C1).

    `allocation_rule` is what was agreed about the order of settling (empty: the statutory one). `interest_per_day` is
    the agreed share of the principal for each day late (0.0005 is 0.05 %); empty: the setting. `security` says what
    covers the debt; an invoice under a secured contract is settled after the unsecured ones (Civil Code 560).
    """

    account = models.ForeignKey(Account, models.PROTECT, related_name="contracts", verbose_name=_("account"))
    number = models.CharField(_("contract number"), max_length=60)
    name = models.CharField(_("name"), max_length=200, blank=True)
    signed_on = models.DateField(_("signed"), null=True, blank=True)
    ends_on = models.DateField(_("ends"), null=True, blank=True)
    amount = money(_("amount"), null=True, blank=True, validators=[MinValueValidator(0)])
    currency = currency()
    terms_days = models.PositiveSmallIntegerField(_("payment terms (days)"), null=True, blank=True)
    terms = models.TextField(_("terms of payment"), blank=True)
    allocation_rule = models.CharField(
        _("payments settle"), max_length=12, choices=AllocationRule.choices, default=AllocationRule.STATUTE
    )
    interest_per_day = models.DecimalField(
        _("interest per day late"), max_digits=9, decimal_places=7, null=True, blank=True
    )
    security = models.CharField(_("security"), max_length=200, blank=True)
    guarantor = models.CharField(_("guarantor"), max_length=200, blank=True)
    our_sme_declared = models.BooleanField(_("we declared ourselves a small or medium firm"), default=False)

    objects = OfAccountQuerySet["Contract"].as_manager()

    class Meta:
        verbose_name = _("contract")
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["number"], name="contract_number_once"),
            models.CheckConstraint(condition=~Q(number=""), name="contract_has_a_number"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["account", "-id"], name="contract_of_account"),
            models.Index(fields=["ends_on"], name="contract_that_ends", condition=Q(ends_on__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("receivables:contract", args=[self.pk])
