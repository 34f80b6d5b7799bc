"""The working calendar."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class DayStatus(models.TextChoices):
    """Whether the government has announced the day."""

    OFFICIAL = "official", _("Official")
    PROVISIONAL = "provisional", _("Provisional")


class WorkDay(models.Model):
    """A day on which the calendar differs from Monday to Friday: a public holiday or a make-up working day.

    `provisional` means taken from the law's fixed holidays before the government announced that year's make-up days.
    """

    date = models.DateField(_("day"), unique=True)
    is_workday = models.BooleanField(_("working day"))
    name = models.CharField(_("name"), max_length=100)
    source = models.CharField(_("source"), max_length=200, blank=True)
    status = models.CharField(_("status"), max_length=12, choices=DayStatus.choices, default=DayStatus.OFFICIAL)

    class Meta:
        ordering: ClassVar = ["date"]

    def __str__(self) -> str:
        return f"{self.date} {self.name}"
