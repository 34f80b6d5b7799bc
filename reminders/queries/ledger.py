"""What the administrator sees: every occurrence with what came of it, and whether all of it goes well."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Min, OuterRef, Subquery

from core.models import User
from reminders.choices import WAITING_STATES, Channel, Result, State
from reminders.models import Delivery, Occurrence, OccurrenceQuerySet
from reminders.queries.clock import database_now
from reminders.queries.occurrences import visible_occurrences

LATE = timedelta(minutes=5)
"""Something due for longer than this means that nobody tells it."""
LATELY = timedelta(hours=24)


def ledger_rows(user: User) -> OccurrenceQuerySet:
    """All occurrences with the words of their last failure."""
    last = Delivery.objects.filter(occurrence=OuterRef("pk")).order_by("-id")
    return visible_occurrences(user).annotate(
        error=Subquery(last.values("error")[:1]), message=Subquery(last.values("message_id")[:1])
    )


@dataclass(frozen=True)
class Health:
    """How it stands now. Ages in seconds."""

    now: datetime
    waiting: dict[str, int]
    oldest_due: dict[str, float]
    parked: int
    failed_lately: int

    @property
    def lateness(self) -> float:
        """How long the one that has waited longest has been due."""
        return max(self.oldest_due.values(), default=0.0)

    @property
    def is_late(self) -> bool:
        return self.lateness > LATE.total_seconds()


def health() -> Health:
    """Read from partial indexes: what is due by channel, the oldest of it, what was given up, what failed in a day."""
    now = database_now()
    due = Occurrence.objects.filter(state__in=WAITING_STATES, free_at__lte=now).order_by()
    found = due.values("channel").annotate(rows=Count("id"), oldest=Min("free_at"))
    waiting = {row["channel"]: row["rows"] for row in found}
    oldest = {row["channel"]: (now - row["oldest"]).total_seconds() for row in found}
    failed = Delivery.objects.filter(at__gte=now - LATELY).exclude(result=Result.SENT).order_by()
    return Health(
        now=now,
        waiting={channel.value: waiting.get(channel.value, 0) for channel in Channel},
        oldest_due={channel.value: oldest.get(channel.value, 0.0) for channel in Channel},
        parked=Occurrence.objects.filter(state=State.PARKED).count(),
        failed_lately=failed.count(),
    )


def attempts_of(occurrence: Occurrence) -> list[Delivery]:
    """What was tried for it and its siblings, oldest first."""
    siblings = Occurrence.objects.siblings_of(occurrence).values("pk")
    return list(Delivery.objects.filter(occurrence__in=siblings).select_related("occurrence").order_by("at", "id"))


def siblings_of(occurrence: Occurrence) -> list[Occurrence]:
    """The same fact for the same person, by every channel."""
    return list(Occurrence.objects.siblings_of(occurrence).select_related("recipient").order_by("id"))
