"""Rules of visits: how soon they are written up (R7), whether the interval to the next contact is good (R9)."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

WRITTEN_AT_ONCE = timedelta(hours=24)
"""R7: a record made within a day of the meeting is still fresh."""


def is_fresh(lag: timedelta) -> bool:
    """Whether a visit was written up soon enough."""
    return lag <= WRITTEN_AT_ONCE


class Interval(models.TextChoices):
    """R9: how the last contact lies to a day: too soon for another one, just right, or fading from memory."""

    NONE = "none", _("No contact yet")
    TOO_CLOSE = "too_close", _("Too close")
    GOOD = "good", _("Good interval")
    FADING = "fading", _("Fading")

    @property
    def tone(self) -> str:
        """The colour it is shown in."""
        return {"too_close": "warn", "good": "good", "fading": "bad"}.get(self.value, "")


def interval(last_on: date | None, on: date, *, too_close_days: int, fading_days: int) -> Interval:
    """Under `too_close_days` since the last contact too close, over `fading_days` fading (shipped: 7 and 21)."""
    if last_on is None:
        return Interval.NONE
    days = (on - last_on).days
    if days < too_close_days:
        return Interval.TOO_CLOSE
    return Interval.FADING if days > fading_days else Interval.GOOD
