"""Which visits were about which prospect (R9)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from prospects.models.board import Prospect
from relationships.models import Visit


class FollowUp(models.Model):
    """A visit is, or is to be, about a prospect. `number` counts the contacts made: 1 the first, 2 the first follow-up.

    It is empty while the visit is planned, and stays so when it is called off. Way and reason are the visit's kind and
    purpose.
    """

    prospect = models.ForeignKey(Prospect, models.CASCADE, related_name="follow_ups")
    visit = models.ForeignKey(Visit, models.CASCADE, related_name="follow_ups")
    number = models.PositiveSmallIntegerField(null=True)

    class Meta:
        ordering: ClassVar = ["prospect", "number", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["visit", "prospect"], name="follow_up_once_a_visit"),
            models.UniqueConstraint(
                fields=["prospect", "number"], name="follow_up_number_once", condition=Q(number__isnull=False)
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["prospect", "-id"], name="follow_up_of_prospect")]

    def __str__(self) -> str:
        return f"{self.prospect_id}: {self.number or '–'}"
