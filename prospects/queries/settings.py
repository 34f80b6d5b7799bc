"""The board's settings, read when asked for: which criteria are hard, norms per team, the two clocks."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

from prospects.choices import Criterion, Stage
from prospects.models import BoardRule, CriterionSetting, CycleNorm
from prospects.rules.criteria import CRITERIA, HARD_AS_SHIPPED
from prospects.rules.cycle import Norms


class BoardSettings:
    """Settings for the length of one request or job. Each part costs one statement, the first time it is read."""

    @cached_property
    def hard(self) -> frozenset[tuple[Stage, Criterion]]:
        """(class, criterion) pairs that stop a move: as shipped, less and plus what the company set (P2)."""
        hard = set(HARD_AS_SHIPPED)
        for stage, criterion, is_hard in CriterionSetting.objects.values_list("stage", "criterion", "is_hard"):
            pair = (Stage(stage), Criterion(criterion))
            if pair[1] in CRITERIA[pair[0]]:
                (hard.add if is_hard else hard.discard)(pair)
        return frozenset(hard)

    @cached_property
    def norms(self) -> Norms:
        """Days per class, for the company and for teams that have their own (P5)."""
        company: dict[Stage, int] = {}
        teams: dict[int, dict[Stage, int]] = {}
        rows: Iterable[tuple[int | None, int, int]] = CycleNorm.objects.values_list("team_id", "stage", "days")
        for team_id, stage, days in rows:
            (company if team_id is None else teams.setdefault(team_id, {}))[Stage(stage)] = days
        return Norms(company, teams)

    @cached_property
    def rule(self) -> BoardRule:
        """The two clocks; the shipped ones until somebody sets others."""
        return BoardRule.objects.first() or BoardRule()


def board_settings() -> BoardSettings:
    """The settings in force."""
    return BoardSettings()
