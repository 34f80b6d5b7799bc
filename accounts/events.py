"""What happens to accounts, in words (audit trail, time line)."""

from django.utils.translation import gettext_lazy as _

from core.audit import event_type

ACCOUNT_ADDED = event_type("accounts.account_added", _("Account {name} was added"), icon="building-plus")
ACCOUNT_EDITED = event_type("accounts.account_edited", _("The profile of {name} was edited"), icon="pencil")
PAYMENT_PROFILE_EDITED = event_type(
    "accounts.payment_profile_edited", _("The payment profile of {name} was edited"), icon="credit-card"
)
ACCOUNT_TRANSFERRED = event_type(
    "accounts.account_transferred", _("{name} went from {from_owner} to {to_owner}"), icon="arrows-exchange"
)
MEMBER_ADDED = event_type("accounts.member_added", _("{member} joined the team"), icon="user-plus")
MEMBER_ROLE_CHANGED = event_type("accounts.member_role_changed", _("{member} has a new role in the team"), icon="user")
MEMBER_REMOVED = event_type("accounts.member_removed", _("{member} left the team"), icon="user-minus")
STAGE_CHANGED = event_type("accounts.stage_changed", _("The development stage of {name} changed"), icon="stairs")
STAGE_WORK_DONE = event_type(
    "accounts.stage_work_done", _("Stage work ticked: {work}"), icon="checkbox", words=("work",)
)
STAGE_WORK_UNDONE = event_type(
    "accounts.stage_work_undone", _("Stage work unticked: {work}"), icon="square", words=("work",)
)
NOTE_ADDED = event_type("accounts.note_added", _("A note was added"), icon="note")
