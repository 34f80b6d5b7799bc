"""The board's settings, read when asked for: which criteria are hard, norms per team, the two clocks."""

from __future__ import annotations

from functools import cached_property

from django.db.models import CharField, IntegerField, Value
from django.db.models.functions import Cast, Coalesce

from prospects.choices import Criterion, Stage
from prospects.models import BoardRule, CriterionSetting, CycleNorm
from prospects.rules.criteria import CRITERIA, HARD_AS_SHIPPED
from prospects.rules.cycle import Norms


class BoardSettings:
    """Settings for the length of one request or job: one statement, when the first of them is asked for."""

    @cached_property
    def _rows(self) -> dict[str, list[tuple[int, str, int]]]:
        """All three tables as (number, word, number), by what they set."""
        criteria = CriterionSetting.objects.values_list(
            Value("criterion"), "stage", "criterion", Cast("is_hard", IntegerField())
        )
        norms = CycleNorm.objects.values_list(
            Value("norm"), "stage", Coalesce(Cast("team_id", CharField()), Value("")), "days"
        )
        rules = BoardRule.objects.values_list(Value("rule"), "fall_back_after_days", Value(""), "review_every_days")
        found: dict[str, list[tuple[int, str, int]]] = {"criterion": [], "norm": [], "rule": []}
        for kind, *row in criteria.order_by().union(norms.order_by(), rules.order_by(), all=True):
            found[kind].append(tuple(row))
        return found

    @cached_property
    def hard(self) -> frozenset[tuple[Stage, Criterion]]:
        """(class, criterion) pairs that stop a move: as shipped, less and plus what the company set (P2)."""
        hard = set(HARD_AS_SHIPPED)
        for stage, criterion, is_hard in self._rows["criterion"]:
            pair = (Stage(stage), Criterion(criterion))
            if pair[1] in CRITERIA[pair[0]]:
                (hard.add if is_hard else hard.discard)(pair)
        return frozenset(hard)

    @cached_property
    def norms(self) -> Norms:
        """Days per class, for the company and for teams that have their own (P5)."""
        company: dict[Stage, int] = {}
        teams: dict[int, dict[Stage, int]] = {}
        for stage, team_id, days in self._rows["norm"]:
            (teams.setdefault(int(team_id), {}) if team_id else company)[Stage(stage)] = days
        return Norms(company, teams)

    @cached_property
    def rule(self) -> BoardRule:
        """The two clocks; the shipped ones until somebody sets others."""
        for fall_back_after_days, _word, review_every_days in self._rows["rule"]:
            return BoardRule(fall_back_after_days=fall_back_after_days, review_every_days=review_every_days)
        return BoardRule()


def board_settings() -> BoardSettings:
    """The settings in force."""
    return BoardSettings()
