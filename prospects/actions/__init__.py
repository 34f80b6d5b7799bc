"""Every change of a prospect, one function a change."""

from prospects.actions.criteria import tick_criterion, withdraw_criterion
from prospects.actions.jobs import align_teams, slip_prospects, take_snapshot
from prospects.actions.moves import close_prospect, move_prospect, reopen_prospect
from prospects.actions.numbers import take_back_tap, tap_counter
from prospects.actions.prospects import (
    EDITABLE,
    add_prospect,
    edit_prospect,
    plan_next_step,
    transfer_open_prospects,
    transfer_prospect,
)
from prospects.actions.review import review_prospect
from prospects.actions.settings import set_board_rule, set_criteria, set_norms
from prospects.actions.visits import add_follow_up, follow_first_meeting, plan_visit, record_planned_visit, record_visit
from prospects.rules.criteria import Evidence
from prospects.rules.follow_up import Brought

__all__ = [
    "EDITABLE",
    "Brought",
    "Evidence",
    "add_follow_up",
    "add_prospect",
    "align_teams",
    "close_prospect",
    "edit_prospect",
    "follow_first_meeting",
    "move_prospect",
    "plan_next_step",
    "plan_visit",
    "record_planned_visit",
    "record_visit",
    "reopen_prospect",
    "review_prospect",
    "set_board_rule",
    "set_criteria",
    "set_norms",
    "slip_prospects",
    "take_back_tap",
    "take_snapshot",
    "tap_counter",
    "tick_criterion",
    "transfer_open_prospects",
    "transfer_prospect",
    "withdraw_criterion",
]
