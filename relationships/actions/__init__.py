"""Every change of a person or of what he is at an account, one function a change."""

from relationships.actions.contacts import CONTACT_FIELDS, add_contact, edit_contact, transfer_contacts
from relationships.actions.positions import POSITION_FIELDS, add_position, delete_position, edit_position, end_position

__all__ = [
    "CONTACT_FIELDS",
    "POSITION_FIELDS",
    "add_contact",
    "add_position",
    "delete_position",
    "edit_contact",
    "edit_position",
    "end_position",
    "transfer_contacts",
]
