"""The board: prospects, the rows of their history, the visits about them."""

from prospects.models.board import (
    FIGURES,
    NOTHING_PLANNED_FIRST,
    STILL_OPEN,
    BoardRule,
    Closing,
    CriterionSetting,
    CriterionTick,
    CycleNorm,
    Prospect,
    ProspectQuerySet,
    ProspectSnapshot,
    ReviewVerdict,
    SnapshotQuerySet,
    StageChange,
    WeeklySnapshot,
)
from prospects.models.follow_ups import FollowUp
from prospects.models.tallies import Tally

__all__ = [
    "FIGURES",
    "NOTHING_PLANNED_FIRST",
    "STILL_OPEN",
    "BoardRule",
    "Closing",
    "CriterionSetting",
    "CriterionTick",
    "CycleNorm",
    "FollowUp",
    "Prospect",
    "ProspectQuerySet",
    "ProspectSnapshot",
    "ReviewVerdict",
    "SnapshotQuerySet",
    "StageChange",
    "Tally",
    "WeeklySnapshot",
]
