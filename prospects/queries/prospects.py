"""One prospect and lists of them. The user comes first; what he may not see does not exist."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils import timezone

from core.errors import NotFound
from core.permissions import allowed
from core.users import Actor
from core.workdays import today
from prospects.choices import ChangeKind, Criterion, SlipReason, Stage
from prospects.models import (
    Closing,
    CriterionTick,
    Prospect,
    ProspectQuerySet,
    ReviewVerdict,
    StageChange,
)
from prospects.queries.settings import BoardSettings, board_settings
from prospects.rules import criteria, cycle, review, slipping
from prospects.rules.criteria import Check
from prospects.rules.cycle import Clocks


def visible_prospects(by: Actor) -> ProspectQuerySet:
    """The prospects this person sees, open and closed."""
    return Prospect.objects.visible_to(by)


def get_prospect(by: Actor, prospect_id: int, *, lock: bool = False) -> Prospect:
    """One prospect the person sees, with account, contact, owner and team. NotFound otherwise."""
    rows = visible_prospects(by)
    rows = rows.select_for_update(no_key=True, of=("self",)) if lock else rows
    prospect = rows.select_related("account", "contact", "owner", "team").filter(pk=prospect_id).first()
    if prospect is None:
        raise NotFound
    return prospect


def is_visible(by: Actor, prospect_id: int) -> bool:
    """Whether the person (still) sees the prospect."""
    return visible_prospects(by).filter(pk=prospect_id).exists()


def active_ticks(prospect: Prospect) -> list[CriterionTick]:
    """The criteria confirmed and not withdrawn, with who and when."""
    return list(CriterionTick.objects.filter(prospect=prospect, withdrawn_at=None).select_related("by"))


def ticked_criteria(prospect: Prospect) -> set[Criterion]:
    """Just which criteria are confirmed."""
    rows = CriterionTick.objects.filter(prospect=prospect, withdrawn_at=None)
    return {Criterion(code) for code in rows.values_list("criterion", flat=True)}


def waived_criteria(prospect_ids: Iterable[int]) -> dict[int, set[Criterion]]:
    """Per prospect the criteria that were missing when it entered its present class: they cannot stop being true (P3).

    An imported prospect came without ticks, so nothing of its class is held against it.
    """
    latest = (
        StageChange.objects.filter(prospect__in=list(prospect_ids))
        .order_by("prospect_id", "-at", "-id")
        .distinct("prospect_id")
    )
    return {
        prospect_id: set(criteria.CRITERIA[Stage(stage)])
        if kind == ChangeKind.IMPORTED
        else {Criterion(code) for code in missing}
        for prospect_id, stage, kind, missing in latest.values_list("prospect_id", "to_stage", "kind", "missing")
    }


# ------------------------------------------------------------------ moving


@dataclass(frozen=True)
class MoveSheet:
    """What the side sheet asks before a prospect enters a class: only what is missing."""

    prospect: Prospect
    to: Stage
    checks: list[Check]
    lacking_next_step: tuple[str, ...]
    may_override: bool

    @property
    def goes_up(self) -> bool:
        return self.to > self.prospect.stage

    @property
    def missing(self) -> list[Check]:
        """Criteria to ask for, hard and soft; going down asks for none."""
        return [check for check in self.checks if not check.is_met]

    @property
    def stops(self) -> bool:
        """Whether a hard criterion is missing."""
        return bool(criteria.stopping(self.missing))

    @property
    def needs_nothing(self) -> bool:
        """The move may be made at once, without a question."""
        return self.goes_up and not self.missing and not self.lacking_next_step


def move_sheet(by: Actor, prospect_id: int, to: Stage) -> MoveSheet:
    """What is missing before the prospect can enter the class; four statements."""
    prospect = get_prospect(by, prospect_id)
    on = today()
    checks = (
        criteria.missing(to, prospect, ticked_criteria(prospect), board_settings().hard, on)
        if to > prospect.stage
        else []
    )
    return MoveSheet(
        prospect,
        to,
        checks,
        criteria.lacking_next_step(prospect, on) if criteria.needs_next_step(to) else (),
        allowed(by, "prospects.override"),
    )


# ------------------------------------------------------------------ the record


@dataclass(frozen=True)
class ClassLine:
    """One criterion on the record: how it stands and, where ticked, the tick with its evidence."""

    check: Check
    tick: CriterionTick | None


@dataclass(frozen=True)
class ProspectRecord:
    """A prospect with everything its page shows."""

    prospect: Prospect
    lines: dict[Stage, list[ClassLine]]
    changes: list[StageChange]
    closings: list[Closing]
    verdicts: list[ReviewVerdict]
    clocks: Clocks
    norm_days: int | None
    slip_reason: SlipReason | None
    falls_back_on: date | None
    review_due_on: date
    is_stuck: bool
    following: Stage | None
    missing: list[Check] = field(default_factory=list)

    @property
    def is_beyond_norm(self) -> bool:
        return cycle.is_beyond(self.clocks.current, self.norm_days)


def prospect_record(by: Actor, prospect_id: int) -> ProspectRecord:
    """The prospect, its criteria per class with evidence, class history, both clocks, closings and reviews; 9 statements."""
    prospect = get_prospect(by, prospect_id)
    settings, on = board_settings(), today()
    all_ticks = list(CriterionTick.objects.filter(prospect=prospect).select_related("by"))
    ticks = {Criterion(tick.criterion): tick for tick in all_ticks if tick.withdrawn_at is None}
    stage = Stage(prospect.stage)
    lines = {
        klass: [
            ClassLine(check, ticks.get(check.criterion))
            for check in criteria.checklist(klass, prospect, ticks, settings.hard, on)
        ]
        for klass in Stage
    }
    changes = list(prospect.stage_changes.select_related("by")[:200])
    verdicts = list(prospect.verdicts.select_related("by")[:50])
    following = stage.next_up if prospect.is_open else None
    return ProspectRecord(
        prospect=prospect,
        lines=lines,
        changes=changes,
        closings=list(prospect.closings.select_related("by", "reopened_by")),
        verdicts=verdicts,
        clocks=cycle.clocks(stage, prospect.entered_stage_on, prospect.closed_on or on, changes),
        norm_days=settings.norms.days(stage, prospect.team.path if prospect.team else ""),
        slip_reason=SlipReason(prospect.slip_reason) if prospect.slip_reason else None,
        falls_back_on=falls_back_on(prospect, settings),
        review_due_on=review.due_on(
            prospect.opened_on, _day(prospect.last_reviewed_at), settings.rule.review_every_days
        ),
        is_stuck=review.is_stuck(said(verdicts), met_on(all_ticks)),
        following=following,
        missing=criteria.missing(following, prospect, ticks, settings.hard, on) if following else [],
    )


def falls_back_on(prospect: Prospect, settings: BoardSettings) -> date | None:
    """The day the slipping card falls back by itself."""
    if prospect.slipping_since is None:
        return None
    return slipping.falls_back_on(prospect.slipping_since, settings.rule.fall_back_after_days)


def said(verdicts: Iterable[ReviewVerdict]) -> list[tuple[date, Any, int]]:
    """Verdicts as the review rule reads them."""
    return [(_day(verdict.at) or date.min, verdict.verdict, verdict.stage) for verdict in verdicts]


def met_on(ticks: Iterable[CriterionTick]) -> list[date]:
    """Days on which a meeting took place, as far as the ticks tell."""
    return [tick.on for tick in ticks if tick.criterion == Criterion.FIRST_MEETING_HELD]


def _day(at: Any) -> date | None:
    return timezone.localtime(at).date() if at else None


def account_prospects(by: Actor, account_id: int, limit: int = 25) -> list[Prospect]:
    """The account's prospects the person sees: open ones first, by class, then the latest closed."""
    rows = visible_prospects(by).filter(account=account_id).select_related("owner")
    opened = rows.still_open().order_by("-stage", "next_step_on", "id")[:limit]
    found = list(opened)
    if len(found) < limit:
        found += rows.filter(closed_on__isnull=False).order_by("-closed_on", "-id")[: limit - len(found)]
    return found
