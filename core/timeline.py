"""What a record's time line shows: happenings of several kinds, newest first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from heapq import merge
from itertools import islice
from typing import Any

from core import audit
from core.models import AuditEvent

PAGE = 15


@dataclass(frozen=True)
class Happening:
    """One line: when, what, who. `tone` is good, warn or bad where the line has a meaning of its own."""

    at: datetime
    title: str
    text: str = ""
    by: str = ""
    icon: str = "point"
    tone: str = ""


@dataclass(frozen=True)
class TimeLine:
    """A page of happenings; `older` is the instant before which the next page begins, None at the end."""

    happenings: list[Happening]
    older: datetime | None


def of_events(events: Iterable[AuditEvent]) -> list[Happening]:
    """Audit events in words."""
    return [
        Happening(
            at=event.at,
            title=audit.sentence(event),
            by=str(event.actor) if event.actor else "",
            icon=audit.icon(event),
        )
        for event in events
    ]


def page(*sources: Iterable[Happening], limit: int = PAGE) -> TimeLine:
    """One page out of several lists, each newest first and each fetched with limit + 1."""
    together = merge(*sources, key=_instant, reverse=True)
    cut = list(islice(together, limit + 1))
    shown = cut[:limit]
    return TimeLine(shown, shown[-1].at if len(cut) > limit else None)


def _instant(happening: Happening) -> Any:
    return happening.at
