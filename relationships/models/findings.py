"""What was heard at an account: findings of visits, and landmines (R4, R7)."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import SHARED_ACCOUNTS, Account
from core.models import Versioned
from core.scope import ScopedQuerySet, among, one_of
from relationships.choices import FindingKind
from relationships.models.visits import Visit


class HeardQuerySet(ScopedQuerySet[Any]):
    """Visible to whoever sees the account."""

    def shared_with(self, user: Any) -> Q:
        return among("account_id", SHARED_ACCOUNTS(user))

    def of_teams(self, team_ids: list[int]) -> Q:
        return one_of("account__team_id", team_ids)


class Finding(models.Model):
    """One thing heard at an account: competitor news, an objection, a complaint, a need. Never edited; `visit` is where."""

    account = models.ForeignKey(Account, models.PROTECT, related_name="findings")
    visit = models.ForeignKey(Visit, models.CASCADE, null=True, related_name="findings")
    kind = models.CharField(_("kind"), max_length=12, choices=FindingKind.choices)
    text = models.CharField(_("what was heard"), max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    objects = HeardQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-at", "-id"]
        constraints: ClassVar = [models.CheckConstraint(condition=~Q(text=""), name="finding_says_something")]
        indexes: ClassVar = [models.Index(fields=["account", "-at", "-id"], name="finding_of_account")]

    def __str__(self) -> str:
        return self.text

    @property
    def icon(self) -> str:
        """The drawing of its kind."""
        return FindingKind(self.kind).icon


class Landmine(Versioned):
    """What a colleague must know before he says something there (R4): "Wang and Zhang do not get on".

    Shared with whoever sees the account, with author and date. One that is cleared keeps who cleared it and why.
    """

    account = models.ForeignKey(Account, models.PROTECT, related_name="landmines")
    text = models.CharField(_("landmine"), max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    cleared_at = models.DateTimeField(null=True)
    cleared_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    cleared_because = models.CharField(max_length=200, blank=True)

    objects = HeardQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-at", "-id"]
        constraints: ClassVar = [models.CheckConstraint(condition=~Q(text=""), name="landmine_says_something")]
        indexes: ClassVar = [
            models.Index(
                fields=["account", "-at", "-id"], name="landmine_of_account", condition=Q(cleared_at__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return self.text
