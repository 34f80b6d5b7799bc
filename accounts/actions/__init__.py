"""Every change of an account, one function a change."""

from accounts.actions.development import change_development_stage, tick_stage_work, untick_stage_work
from accounts.actions.notes import add_note
from accounts.actions.pipeline import SET_LAST_CONTACT, set_pipeline
from accounts.actions.profile import PAYMENT_FIELDS, PROFILE_FIELDS, add_account, edit_account, edit_payment_profile
from accounts.actions.team import add_member, change_member_role, may_manage_team, remove_member, transfer_account

__all__ = [
    "PAYMENT_FIELDS",
    "PROFILE_FIELDS",
    "SET_LAST_CONTACT",
    "add_account",
    "add_member",
    "add_note",
    "change_development_stage",
    "change_member_role",
    "edit_account",
    "edit_payment_profile",
    "may_manage_team",
    "remove_member",
    "set_pipeline",
    "tick_stage_work",
    "transfer_account",
    "untick_stage_work",
]
