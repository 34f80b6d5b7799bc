"""How often a customer wants to hear from us."""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.choices import Tier

RHYTHM = (
    "too_close_days", "fading_days", "vip_days", "large_days", "medium_days", "small_days", "prospect_days",
)  # fmt: skip


class ContactRule(models.Model):
    """The company's rhythm, one row: the good interval of follow-ups (R9) and the longest silence per tier (R11), in days,
    how many meetings a seller's week should hold (P7), and how long a personal profile outlives the last position (L1).

    No row: the shipped figures.
    """

    too_close_days = models.PositiveSmallIntegerField(_("too close under (days)"), default=7)
    fading_days = models.PositiveSmallIntegerField(_("fading over (days)"), default=21)
    vip_days = models.PositiveSmallIntegerField(_("VIP: at least every (days)"), default=7)
    large_days = models.PositiveSmallIntegerField(_("large: at least every (days)"), default=30)
    medium_days = models.PositiveSmallIntegerField(_("medium: at least every (days)"), default=30)
    small_days = models.PositiveSmallIntegerField(_("small: at least every (days)"), default=90)
    prospect_days = models.PositiveSmallIntegerField(_("not yet buying: at least every (days)"), default=90)
    meetings_a_week = models.PositiveSmallIntegerField(_("meetings a week"), default=5)
    profile_months = models.PositiveSmallIntegerField(
        _("keep birthdays after the last position (months)"), default=24, db_default=24
    )
    only = models.BooleanField(default=True, unique=True, editable=False)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(only=True), name="contact_rule_is_one_row"),
            models.CheckConstraint(condition=Q(too_close_days__lt=F("fading_days")), name="contact_rule_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.too_close_days}/{self.fading_days}"

    def cadence(self, tier: str) -> timedelta:
        """The longest silence an account of this tier should meet with."""
        return timedelta(days=getattr(self, f"{Tier(tier).value}_days"))
