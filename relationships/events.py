"""What happens to people at accounts, in words (audit trail, time line)."""

from django.utils.translation import gettext_lazy as _

from core.audit import event_type

CONTACT_ADDED = event_type("relationships.contact_added", _("Contact {name} was added"), icon="user-plus")
CONTACT_EDITED = event_type("relationships.contact_edited", _("Contact {name} was edited"), icon="pencil")
CONTACT_TRANSFERRED = event_type(
    "relationships.contact_transferred", _("{name} went from {from_owner} to {to_owner}"), icon="arrows-exchange"
)
POSITION_ADDED = event_type(
    "relationships.position_added", _("{name} has a position at {account}: {title}"), icon="briefcase"
)
POSITION_EDITED = event_type(
    "relationships.position_edited", _("The position of {name} at {account} was edited"), icon="briefcase"
)
POSITION_DELETED = event_type(
    "relationships.position_deleted", _("The position of {name} at {account} was deleted: {title}"), icon="trash"
)
POSITION_ENDED = event_type("relationships.position_ended", _("{name} left {account}"), icon="logout")
