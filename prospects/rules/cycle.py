"""The sales cycle (P4, P5): time in a class by two clocks, norms per team, what is beyond them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Protocol

from prospects.choices import Stage

SHIPPED_NORMS: dict[Stage, int] = {Stage.E: 7, Stage.D: 3, Stage.C: 14, Stage.B: 7, Stage.A: 7}
"""P5, in days: E→D one week, D→C three days, C→B two weeks, B→A one week, A→S one week (setting per team)."""

DECIDING = Stage.C
"""C→B is always singled out: it decides."""


class Stay(Protocol):
    """A finished stay in a class; a StageChange is one."""

    @property
    def from_stage(self) -> int | None: ...
    @property
    def days_in_from(self) -> int | None: ...


@dataclass(frozen=True)
class Clocks:
    """Days in the class: since it entered it last, and all its stays in it together."""

    current: int
    cumulative: int


def clocks(stage: Stage, entered_on: date, until: date, stays: Iterable[Stay]) -> Clocks:
    """Both clocks on the day `until` (today, or the day it closed). The day of entry counts as day 0."""
    current = days_in(entered_on, until)
    earlier = sum(stay.days_in_from or 0 for stay in stays if stay.from_stage == stage)
    return Clocks(current, current + earlier)


def days_in(entered_on: date, until: date) -> int:
    """Whole days in a class; never negative (an entry dated ahead counts as today)."""
    return max((until - entered_on).days, 0)


@dataclass(frozen=True)
class Norms:
    """Days a class should take, per team: a team without its own takes those of the nearest team above, then the company's."""

    company: Mapping[Stage, int] = field(default_factory=dict)
    teams: Mapping[int, Mapping[Stage, int]] = field(default_factory=dict)

    def days(self, stage: Stage, team_path: str = "") -> int | None:
        """The norm of the class for a team given by its path "/1/4/9/"; None for S, which has none."""
        for team_id in reversed([int(part) for part in team_path.split("/") if part]):
            if stage in self.teams.get(team_id, {}):
                return self.teams[team_id][stage]
        return self.company.get(stage, SHIPPED_NORMS.get(stage))


def is_beyond(days: int, norm: int | None) -> bool:
    """P5: longer in its class than twice the norm."""
    return norm is not None and days > 2 * norm


def beyond_since(norm: int, on: date) -> date:
    """Cards that entered before this day are beyond twice the norm."""
    return on - timedelta(days=2 * norm)
