"""Settings of the board: norms of the sales cycle, hard and soft criteria, the two clocks."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from core import audit
from core.errors import DomainError, NotFound
from core.models import Role, Team
from core.permissions import require
from core.users import Actor
from prospects import events
from prospects.choices import OPEN_STAGES, Criterion, Stage
from prospects.models import BoardRule, CriterionSetting, CycleNorm
from prospects.rules.criteria import CRITERIA


@transaction.atomic
def set_norms(*, by: Actor, team_id: int | None, days: Mapping[Stage, int | None]) -> None:
    """Set how many days each class should take, for a team or (without team) the company; None takes the team's own away.

    A manager sets those of his teams, the company's are the administrator's. Raises DomainError for less than one day.
    """
    require(by, "prospects.set_norms")
    team = _team(by, team_id)
    before = dict(CycleNorm.objects.filter(team=team).values_list("stage", "days"))
    for stage, value in days.items():
        if stage not in OPEN_STAGES:
            raise DomainError(_("Only the classes E to A have a norm."), field="stage")
        if value is None:
            CycleNorm.objects.filter(team=team, stage=stage).delete()
        elif 1 <= value <= 3650:
            CycleNorm.objects.update_or_create(team=team, stage=stage, defaults={"days": value})
        else:
            raise DomainError(_("A norm is one day or more."), field=f"days_{Stage(stage).letter}")
    after = dict(CycleNorm.objects.filter(team=team).values_list("stage", "days"))
    if before != after:
        audit.record(
            events.NORMS_SET, by=by, on=team or CycleNorm(pk=0), before=_letters(before), after=_letters(after)
        )


def _team(by: Actor, team_id: int | None) -> Team | None:
    if team_id is None:
        require(by, "settings.manage")
        return None
    if by.role == Role.MANAGER and team_id not in by.team_ids:
        raise NotFound
    team = Team.objects.select_for_update(no_key=True).filter(pk=team_id).first()
    if team is None:
        raise NotFound
    return team


def _letters(days: Mapping[int, int]) -> dict[str, int]:
    return {Stage(stage).letter: value for stage, value in days.items()}


@transaction.atomic
def set_criteria(*, by: Actor, hard: Mapping[tuple[Stage, Criterion], bool]) -> None:
    """Say of each (class, criterion) whether it stops a move (hard) or is only asked for (soft)."""
    require(by, "settings.manage")
    before = _hardness()
    for (stage, criterion), is_hard in hard.items():
        if criterion not in CRITERIA[Stage(stage)]:
            raise DomainError(_("This class does not ask for that."), field="criterion")
        CriterionSetting.objects.update_or_create(stage=stage, criterion=criterion, defaults={"is_hard": is_hard})
    after = _hardness()
    if before != after:
        audit.record(events.CRITERIA_SET, by=by, on=CriterionSetting(pk=0), before=before, after=after)


def _hardness() -> dict[str, bool]:
    rows = CriterionSetting.objects.values_list("stage", "criterion", "is_hard")
    return {f"{Stage(stage).letter} {criterion}": is_hard for stage, criterion, is_hard in rows}


@transaction.atomic
def set_board_rule(*, by: Actor, fall_back_after_days: int, review_every_days: int) -> BoardRule:
    """Set the days until a slipping card falls back (P3) and the days between reviews (P4)."""
    require(by, "settings.manage")
    if not 1 <= fall_back_after_days <= 365:
        raise DomainError(_("From one day to a year."), field="fall_back_after_days")
    if not 1 <= review_every_days <= 90:
        raise DomainError(_("From one day to ninety."), field="review_every_days")
    rule, _created = BoardRule.objects.select_for_update().get_or_create(only=True)
    before = {"fall_back_after_days": rule.fall_back_after_days, "review_every_days": rule.review_every_days}
    after = {"fall_back_after_days": fall_back_after_days, "review_every_days": review_every_days}
    if before != after:
        rule.fall_back_after_days, rule.review_every_days = fall_back_after_days, review_every_days
        rule.save()
        audit.record(events.BOARD_RULE_SET, by=by, on=rule, before=before, after=after)
    return rule
