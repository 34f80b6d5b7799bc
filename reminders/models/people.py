"""How a person wants to be told."""

from __future__ import annotations

from datetime import time
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.models import Versioned
from reminders.choices import Channel


class Receiver(Versioned):
    """A person's quiet hours, in his own time zone, and whether small things come bundled. No row: as the defaults here.

    Quiet hours hold back what rings: mail, chat, push. The bell makes no sound and is always up to date.
    """

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="receiver")
    quiet_from = models.TimeField(_("quiet from"), default=time(21, 0))
    quiet_to = models.TimeField(_("quiet until"), default=time(8, 0))
    rests_on_days_off = models.BooleanField(_("quiet on days off"), default=True)
    bundles = models.BooleanField(_("bundle small things into one morning message"), default=True)

    class Meta:
        ordering: ClassVar = ["user"]

    def __str__(self) -> str:
        return str(self.user)


class Preference(models.Model):
    """One person's choice: this rule by this channel, yes or no. No row: as the rule is declared."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="reminder_preferences")
    rule = models.CharField(max_length=60)
    channel = models.CharField(max_length=10, choices=Channel.choices)
    is_on = models.BooleanField()

    class Meta:
        ordering: ClassVar = ["user", "rule", "channel"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "rule", "channel"], name="preference_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.rule} {self.channel}: {self.is_on}"


class Absence(models.Model):
    """Somebody is away from one day to another, both included, and a colleague stands in. Ended early: `until` moves."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="absences")
    stand_in = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("who stands in")
    )
    starts_on = models.DateField(_("from"))
    until = models.DateField(_("until"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["-starts_on", "-id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(until__gte=F("starts_on")), name="absence_ends_after_it_began"),
            models.CheckConstraint(condition=~Q(stand_in=F("user")), name="absence_somebody_else_stands_in"),
        ]
        indexes: ClassVar = [models.Index(fields=["until", "starts_on"], name="absence_by_day")]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.starts_on} – {self.until}"
