"""What was tried."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from reminders.choices import Result
from reminders.models.occurrence import Occurrence


class Delivery(models.Model):
    """One attempt to tell one occurrence, and what came of it. Only added. At most one of a round succeeds: the database

    itself refuses a second. `message_id` is what the mail or the chat carried; items of a digest share it.
    """

    occurrence = models.ForeignKey(Occurrence, models.CASCADE, related_name="deliveries")
    round = models.PositiveSmallIntegerField()
    attempt = models.PositiveSmallIntegerField(default=1)
    at = models.DateTimeField(_("at"))
    result = models.CharField(_("result"), max_length=8, choices=Result.choices)
    message_id = models.CharField(max_length=120, blank=True)
    error = models.CharField(_("error"), max_length=400, blank=True)
    next_try_at = models.DateTimeField(_("next try"), null=True)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["occurrence", "round"], name="delivered_once_a_round", condition=Q(result=Result.SENT)
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["occurrence", "id"], name="delivery_of_occurrence"),
            models.Index(fields=["-at"], name="delivery_failed", condition=~Q(result=Result.SENT)),  # ledger, health
        ]

    def __str__(self) -> str:
        return f"{self.occurrence_id} {self.round}.{self.attempt}: {self.result}"
