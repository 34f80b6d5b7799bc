"""The weekly review (P4): whose cards are due, one card with what changed since it was last looked at, discipline per rep."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db.models import Count, F

from core.models import User
from core.users import Actor
from core.workdays import today
from prospects.models import CriterionTick, Prospect, ReviewVerdict, StageChange
from prospects.queries import conditions
from prospects.queries.board import EVERYTHING, Selection, open_prospects, selected_prospects
from prospects.queries.cards import Card, card_of
from prospects.queries.people import with_owner_names
from prospects.queries.prospects import get_prospect, met_on, said
from prospects.queries.settings import BoardSettings, board_settings
from prospects.rules import review

LONGEST = 2_000
WATCHED = (
    "name", "account_id", "owner_id", "amount", "currency", "own_estimate", "first_meeting_on", "decision_on",
    "start_on", "expected_close_on", "next_step", "next_step_on",
)  # fmt: skip
"""Fields whose change since the last review is shown; class changes and ticks are rows of their own."""


@dataclass(frozen=True)
class ReviewQueue:
    """The cards to go through, in order: nearest to closing first."""

    ids: Sequence[int]
    due: int
    open: int

    @property
    def reviewed(self) -> int:
        """Open cards whose review is not due."""
        return self.open - self.due

    def neighbours(self, prospect_id: int) -> tuple[int | None, int | None]:
        """The cards before and after this one."""
        if prospect_id not in self.ids:
            return None, self.ids[0] if self.ids else None
        place = self.ids.index(prospect_id)
        before = self.ids[place - 1] if place else None
        return before, self.ids[place + 1] if place + 1 < len(self.ids) else None


def review_queue(by: Actor, selection: Selection = EVERYTHING, *, all_open: bool = False) -> ReviewQueue:
    """The selection's cards whose review is due, or all open ones: A before B before C …; three statements."""
    on, settings = today(), board_settings()
    rows = open_prospects(by, selection, on)
    due = conditions.review_due(settings, on)
    wanted = rows if all_open else rows.filter(due)
    ids = wanted.order_by("-stage", F("next_step_on").asc(nulls_first=True), "id").values_list("id", flat=True)
    counts = rows.order_by().aggregate(open=Count("id"), due=Count("id", filter=due))
    return ReviewQueue(list(ids[:LONGEST]), counts["due"], counts["open"])


@dataclass(frozen=True)
class FieldChange:
    """One field then and now, with its name as the form says it."""

    field: str
    label: Any
    before: Any
    after: Any


@dataclass(frozen=True)
class ReviewCard:
    """One card in the review: how it stands and what happened since the last verdict (or since it was opened)."""

    card: Card
    prospect: Prospect
    since: datetime
    is_first_review: bool
    fields: Sequence[FieldChange]
    stage_changes: Sequence[StageChange]
    ticks: Sequence[CriterionTick]
    verdicts: Sequence[ReviewVerdict]
    is_stuck: bool

    @property
    def is_unchanged(self) -> bool:
        return not (self.fields or self.stage_changes or self.ticks)


def review_card(by: Actor, prospect_id: int) -> ReviewCard:
    """One card with everything new on it; seven statements. NotFound for a card the person does not see."""
    prospect = get_prospect(by, prospect_id)
    since = prospect.last_reviewed_at or prospect.created_at
    ticks = list(CriterionTick.objects.filter(prospect=prospect).select_related("by", "withdrawn_by"))
    verdicts = list(prospect.verdicts.select_related("by")[:10])
    return ReviewCard(
        card=card_of(prospect, board_settings(), today()),
        prospect=prospect,
        since=since,
        is_first_review=prospect.last_reviewed_at is None,
        fields=_changed_fields(prospect, since),
        stage_changes=list(prospect.stage_changes.filter(at__gt=since, from_stage__isnull=False).select_related("by")),
        ticks=[tick for tick in ticks if _is_news(tick, since)],
        verdicts=verdicts,
        is_stuck=review.is_stuck(said(verdicts), met_on(ticks)),
    )


def _is_news(tick: CriterionTick, since: datetime) -> bool:
    return tick.at > since or bool(tick.withdrawn_at and tick.withdrawn_at > since)


def _changed_fields(prospect: Prospect, since: datetime) -> list[FieldChange]:
    """Fields that differ from what they were at `since`: the oldest history row after it holds the values until then."""
    history: Any = apps.get_model("prospects", "ProspectEvent")
    rows = history.objects.filter(pgh_obj=prospect.pk, pgh_created_at__gt=since).order_by("pgh_id")
    then = rows.values(*WATCHED).first()
    if then is None:
        return []
    labels = {field.attname: field.verbose_name for field in Prospect._meta.concrete_fields}
    return [
        FieldChange(name, labels[name], then[name], getattr(prospect, name))
        for name in WATCHED
        if then[name] != getattr(prospect, name)
    ]


# ------------------------------------------------------------------ discipline


@dataclass(frozen=True)
class Discipline:
    """How many of a rep's open cards were reviewed in time. `owner` carries id and name only."""

    owner: User
    open: int
    in_time: int

    @property
    def due(self) -> int:
        return self.open - self.in_time

    @property
    def share(self) -> float:
        """From 0 to 1."""
        return self.in_time / self.open if self.open else 1.0


def review_discipline(
    by: Actor, selection: Selection = EVERYTHING, settings: BoardSettings | None = None
) -> list[Discipline]:
    """Per owner of open cards the share reviewed in time, the worst first; one statement and the settings."""
    on = today()
    due = conditions.review_due(settings or board_settings(), on)
    grouped = (
        open_prospects(by, selection, on)
        .order_by()
        .values_list("owner_id")
        .annotate(open=Count("id"), due=Count("id", filter=due))
    )
    return worst_first(with_owner_names(grouped))


def worst_first(lines: Iterable[tuple[str, int, int, int]]) -> list[Discipline]:
    """Of (name, owner, open, due) the discipline of each, the worst first."""
    found = [Discipline(User(pk=owner, full_name=name), total, total - late) for name, owner, total, late in lines]
    return sorted(found, key=lambda line: (line.share, -line.open, line.owner.full_name))


def stuck_prospects(by: Actor, selection: Selection = EVERYTHING) -> list[int]:
    """Ids of open cards on which "same" was said three times running at one class without a meeting; three statements."""
    rows = selected_prospects(by, selection).still_open()
    verdicts: dict[int, list[ReviewVerdict]] = {}
    for verdict in ReviewVerdict.objects.filter(prospect__in=rows.values("pk"), stage=F("prospect__stage")):
        verdicts.setdefault(verdict.prospect_id, []).append(verdict)
    candidates = [pk for pk, lines in verdicts.items() if review.is_stuck(said(lines), ())]
    ticks: dict[int, list[CriterionTick]] = {}
    for tick in CriterionTick.objects.filter(prospect__in=candidates):
        ticks.setdefault(tick.prospect_id, []).append(tick)
    return [pk for pk in candidates if review.is_stuck(said(verdicts[pk]), met_on(ticks.get(pk, ())))]
