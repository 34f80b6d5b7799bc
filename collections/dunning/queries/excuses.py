"""What customers say instead of paying, with our answers."""

from __future__ import annotations

from django.db.models import QuerySet

from core.errors import NotFound
from core.permissions import allowed
from core.users import Actor
from dunning.models import Excuse

READERS = ("dunning.collect", "dunning.set_ladder")


def visible_excuses(by: Actor) -> QuerySet[Excuse]:
    """The excuses in use, by reason: for whoever calls, and whoever keeps the list."""
    rows = (
        Excuse.objects.filter(is_active=True) if any(allowed(by, verb) for verb in READERS) else Excuse.objects.none()
    )
    return rows.order_by("cause", "id")


def retired_excuses(by: Actor) -> QuerySet[Excuse]:
    """Those that were taken out."""
    rows = Excuse.objects.filter(is_active=False) if allowed(by, "dunning.set_ladder") else Excuse.objects.none()
    return rows.order_by("cause", "id")


def get_excuse(by: Actor, excuse_id: int, *, lock: bool = False) -> Excuse:
    """One excuse in use."""
    rows = visible_excuses(by)
    found = (rows.select_for_update() if lock else rows).filter(pk=excuse_id).first()
    if found is None:
        raise NotFound
    return found
