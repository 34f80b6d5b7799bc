"""What happens to users and teams, in words."""

from django.utils.translation import gettext_lazy as _

from core.audit import event_type

USER_ADDED = event_type("core.user_added", _("User {name} was added"), icon="user-plus")
USER_EDITED = event_type("core.user_edited", _("User {name} was edited"), icon="user-edit")
USER_MOVED = event_type(
    "core.user_moved", _("{name} moved from {from_team} to {to_team} with {rows} records"), icon="arrows-exchange"
)
USER_DEACTIVATED = event_type("core.user_deactivated", _("{name} may no longer sign in"), icon="user-off")
USER_ACTIVATED = event_type("core.user_activated", _("{name} may sign in again"), icon="user-check")
USER_INVITED = event_type("core.user_invited", _("{name} was sent a link to choose a password"), icon="mail-forward")
PROFILE_EDITED = event_type("core.profile_edited", _("{name} edited the own profile"), icon="user-edit")
SIGNED_OUT_ELSEWHERE = event_type("core.signed_out_elsewhere", _("{name} ended all other sessions"), icon="logout")
TOKEN_ADDED = event_type("core.token_added", _("API token {token} was made"), icon="key")
TOKEN_REVOKED = event_type("core.token_revoked", _("API token {token} was revoked"), icon="key-off")
CALENDAR_FEED_MADE = event_type(
    "core.calendar_feed_made", _("{name} made an address for the own calendar"), icon="calendar-plus"
)
CALENDAR_FEED_REVOKED = event_type(
    "core.calendar_feed_revoked", _("The address of {name}’s calendar was ended"), icon="calendar-off"
)
TEAM_ADDED = event_type("core.team_added", _("Team {name} was added"), icon="users-plus")
TEAM_RENAMED = event_type("core.team_renamed", _("Team {from_name} is now called {name}"), icon="pencil")
TEAM_MOVED = event_type("core.team_moved", _("Team {name} moved below {to_parent}"), icon="arrows-exchange")
TEAM_REMOVED = event_type("core.team_removed", _("Team {name} was removed"), icon="users-minus")
