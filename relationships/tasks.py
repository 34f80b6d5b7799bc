"""What runs by itself: forgetting personal facts of people who left long ago (L1)."""

from datetime import date, time

from django.utils.translation import gettext_lazy as _

from core.tick import daily
from relationships import actions


@daily("relationships.forget_profiles", _("Forgetting birthdays in time"), at=time(4, 10))
def forget_profiles(on: date) -> None:
    """Erase the profiles of people who have had no position for longer than the setting says."""
    actions.forget_profiles(on=on)
