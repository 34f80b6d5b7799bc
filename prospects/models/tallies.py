"""What people counted by hand of their own day (P7)."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from prospects.choices import Counter


class Tally(models.Model):
    """Where one counter of a person's day stood after the last tap: so many dials, conversations, appointments (P7).

    Calls and meetings that are written up count by themselves; a day's figure is the larger of the two, so that a call
    tapped first and logged afterwards is one call. Only the person himself taps. It is his own count and says nothing of
    any customer, so there is no trail of every tap.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="tallies")
    on = models.DateField()
    counter = models.CharField(max_length=12, choices=Counter.choices)
    count = models.PositiveSmallIntegerField()

    class Meta:
        ordering: ClassVar = ["user", "on", "counter"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "on", "counter"], name="tally_once_a_day", include=["count"]),
            models.CheckConstraint(condition=Q(counter__in=Counter.values), name="tally_counter_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.on}: {self.get_counter_display()} {self.count}"
