"""The board's settings, read when asked for: which criteria are hard, norms per team, the two clocks, the interval of
contact.
"""

from __future__ import annotations

from functools import cached_property

from django.db import connection

from prospects.choices import Criterion, Stage
from prospects.models import BoardRule
from prospects.rules.criteria import CRITERIA, HARD_AS_SHIPPED
from prospects.rules.cycle import Norms
from relationships.models import ContactRule

_ALL = """
    select 'criterion', stage, criterion, is_hard::int from prospects_criterionsetting
    union all select 'norm', stage, coalesce(team_id::text, ''), days from prospects_cyclenorm
    union all select 'rule', fall_back_after_days, '', review_every_days from prospects_boardrule
    union all select 'contact', too_close_days, '', fading_days from relationships_contactrule
"""  # as SQL because every page of the board asks it, and Django takes longer to write it than PostgreSQL to answer


class BoardSettings:
    """Settings for the length of one request or job: one statement, when the first of them is asked for."""

    @cached_property
    def _rows(self) -> dict[str, list[tuple[int, str, int]]]:
        """All four tables as (number, word, number), by what they set."""
        found: dict[str, list[tuple[int, str, int]]] = {"criterion": [], "norm": [], "rule": [], "contact": []}
        with connection.cursor() as cursor:
            cursor.execute(_ALL)
            for kind, *row in cursor.fetchall():
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

    @cached_property
    def contact(self) -> ContactRule:
        """When the next contact is too close or the last one fades (R9); as shipped until somebody sets others."""
        for too_close_days, _word, fading_days in self._rows["contact"]:
            return ContactRule(too_close_days=too_close_days, fading_days=fading_days)
        return ContactRule()


def board_settings() -> BoardSettings:
    """The settings in force."""
    return BoardSettings()
