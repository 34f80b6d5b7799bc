"""What nobody will ask for again."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction

from core.permissions import require
from core.users import SYSTEM, Actor
from reminders.models import Occurrence

KEPT = timedelta(days=400)


@transaction.atomic
def forget_old(*, by: Actor = SYSTEM, on: date) -> int:
    """Delete occurrences that have been over for more than 400 days, with their deliveries; returns how many."""
    require(by, "reminders.manage")
    old = Occurrence.objects.filter(ended_at__date__lt=on - KEPT)
    Occurrence.objects.filter(came_from__in=old.values("pk")).update(came_from=None)
    return old.delete()[1].get("reminders.Occurrence", 0)
