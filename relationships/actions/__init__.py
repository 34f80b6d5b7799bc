"""Every change of a person, of what he is at an account, and of a visit, one function a change."""

from relationships.actions.campaigns import (
    CAMPAIGN_FIELDS,
    add_campaign,
    add_targets,
    assign_target,
    close_campaign,
    edit_campaign,
    remove_target,
)
from relationships.actions.contacts import CONTACT_FIELDS, add_contact, edit_contact, transfer_contacts
from relationships.actions.findings import clear_landmine, lay_landmine, note_finding
from relationships.actions.handovers import hand_over_visit, transfer_planned_visits
from relationships.actions.positions import POSITION_FIELDS, add_position, delete_position, edit_position, end_position
from relationships.actions.profiles import erase_profile, forget_profiles, note_birthday
from relationships.actions.settings import set_contact_rule
from relationships.actions.visits import (
    VISIT_FIELDS,
    cancel_visit,
    drop_next_step,
    edit_visit,
    move_visit,
    plan_visit,
    record_planned_visit,
    record_visit,
    reopen_next_step,
    settle_next_step,
)

__all__ = [
    "CAMPAIGN_FIELDS",
    "CONTACT_FIELDS",
    "POSITION_FIELDS",
    "VISIT_FIELDS",
    "add_campaign",
    "add_contact",
    "add_position",
    "add_targets",
    "assign_target",
    "cancel_visit",
    "clear_landmine",
    "close_campaign",
    "delete_position",
    "drop_next_step",
    "edit_campaign",
    "edit_contact",
    "edit_position",
    "edit_visit",
    "end_position",
    "erase_profile",
    "forget_profiles",
    "hand_over_visit",
    "lay_landmine",
    "move_visit",
    "note_birthday",
    "note_finding",
    "plan_visit",
    "record_planned_visit",
    "record_visit",
    "remove_target",
    "reopen_next_step",
    "set_contact_rule",
    "settle_next_step",
    "transfer_contacts",
    "transfer_planned_visits",
]
