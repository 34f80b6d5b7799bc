"""What an administrator changed of a rule."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import Versioned


class RuleSetting(Versioned):
    """One rule as the administrator wants it: on or off, its time of day, whether it climbs. No row: as declared in code."""

    rule = models.CharField(max_length=60, unique=True)
    is_on = models.BooleanField(_("on"), default=True)
    at = models.TimeField(_("time of day"), null=True, blank=True, help_text=_("Empty: as delivered."))
    climbs = models.BooleanField(_("goes up to the manager when nobody acts"), default=True)

    class Meta:
        ordering: ClassVar = ["rule"]

    def __str__(self) -> str:
        return self.rule
