"""What the cards on the board still lack for the class above: one statement for all that are shown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from types import SimpleNamespace
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef

from core.workdays import today
from prospects.choices import Criterion, Stage
from prospects.models import CriterionTick, Prospect
from prospects.queries.board import Card
from prospects.queries.settings import BoardSettings
from prospects.rules import criteria


@dataclass(frozen=True, slots=True)
class Standing:
    """A card beyond its own columns: when it was opened, and per criterion of the class above whether it holds."""

    opened_on: date
    dots: tuple[bool, ...]


def card_standings(cards: Iterable[Card], settings: BoardSettings) -> dict[int, Standing]:
    """The standings of these cards by their ids; A's way to S has no dots, since one criterion of four is enough."""
    ticks = CriterionTick.objects.filter(prospect=OuterRef("pk"), withdrawn_at=None).values("criterion")
    rows = (
        Prospect.objects.filter(pk__in=[card.id for card in cards])
        .annotate(ticked=ArraySubquery(ticks))
        .values(
            "id",
            "stage",
            "opened_on",
            "first_meeting_on",
            "decision_on",
            "start_on",
            "next_step",
            "next_step_on",
            "ticked",
        )
    )
    on, hard = today(), settings.hard
    return {row["id"]: Standing(row["opened_on"], _dots(row, hard, on)) for row in rows}


def _dots(row: dict[str, Any], hard: criteria.Hardness, on: date) -> tuple[bool, ...]:
    following = Stage(row["stage"]).next_up
    if following is None or following in criteria.ONE_OF:
        return ()
    facts = SimpleNamespace(**row)
    ticked = {Criterion(code) for code in row["ticked"]}
    return tuple(check.is_met for check in criteria.checklist(following, facts, ticked, hard, on))
