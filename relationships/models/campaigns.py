"""A team goes to see many customers for one reason (V2)."""

from __future__ import annotations

from typing import Any, ClassVar

import pghistory
from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from core.models import Team, Versioned
from core.scope import IdsOfPerson, ScopedQuerySet, among

RUNNING = Q(closed_at__isnull=True)


class VisitCampaignQuerySet(ScopedQuerySet["VisitCampaign"]):
    """A campaign is visible to who leads it, to who goes to one of its accounts, and to who leads its team."""

    def shared_with(self, user: Any) -> Q:
        return Q(led_by=user) | among("id", CAMPAIGNS_OF(user))

    def running(self) -> VisitCampaignQuerySet:
        """Those nobody has closed."""
        return self.filter(RUNNING)


@pghistory.track(
    pghistory.UpdateEvent(level=pghistory.Statement, row=pghistory.Old),
    pghistory.DeleteEvent(level=pghistory.Statement),
    exclude=["updated_at"],
)
class VisitCampaign(Versioned):
    """A round of visits of one team: these accounts, for one purpose, within these days (V2).

    A manager opens it, chooses the accounts and who goes to each (CampaignTarget) and closes it. An account is done when
    it has been visited `visits_each` times. What counts: recorded visits at the account within the days that name the
    campaign or have its purpose.
    """

    name = models.CharField(_("name"), max_length=120)
    purpose = models.CharField(_("purpose"), max_length=200)
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    visits_each = models.PositiveSmallIntegerField(
        _("visits per account"), default=1, validators=[MinValueValidator(1), MaxValueValidator(20)]
    )
    team = models.ForeignKey(Team, models.PROTECT, related_name="+", verbose_name=_("team"))
    led_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)
    closed_at = models.DateTimeField(null=True, editable=False)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False)
    conclusion = models.CharField(max_length=300, blank=True, editable=False)

    objects = VisitCampaignQuerySet.as_manager()

    class Meta:
        verbose_name = _("visit campaign")
        verbose_name_plural = _("visit campaigns")
        ordering: ClassVar = ["-starts_on", "-id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="campaign_days_in_order"),
            models.CheckConstraint(condition=~Q(name="") & ~Q(purpose=""), name="campaign_says_what_for"),
        ]
        indexes: ClassVar = [models.Index(fields=["-starts_on", "-id"], name="campaign_newest")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("visits:campaign", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.closed_at is None


class CampaignTarget(models.Model):
    """An account that a campaign wants visited, and who goes there. Taken off again, the row is gone."""

    campaign = models.ForeignKey(VisitCampaign, models.CASCADE, related_name="targets")
    account = models.ForeignKey(Account, models.PROTECT, related_name="campaign_targets")
    rep = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="campaign_targets", verbose_name=_("who goes there")
    )

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["campaign", "account"], name="campaign_target_account_once")
        ]

    def __str__(self) -> str:
        return f"{self.campaign}: {self.account}"


CAMPAIGNS_OF = IdsOfPerson(lambda user_id: CampaignTarget.objects.filter(rep=user_id).values("campaign"))
"""Campaigns in which this person goes to an account."""
