"""What happens to prospects, in words (audit trail, time line). Classes stand as letters, the same in every language."""

from django.utils.translation import gettext_lazy as _

from core.audit import event_type

ADDED = event_type("prospects.added", _("{name} was put on the board at {stage}"), icon="plus")
EDITED = event_type("prospects.edited", _("{name} was edited"), icon="pencil")
NEXT_STEP_PLANNED = event_type(
    "prospects.next_step_planned", _("Next step of {name}: {next_step}, {next_step_on}"), icon="calendar-event"
)
CRITERION_TICKED = event_type(
    "prospects.criterion_ticked", _("{name}: “{criterion}” was confirmed"), icon="checkbox", words=("criterion",)
)
CRITERION_WITHDRAWN = event_type(
    "prospects.criterion_withdrawn",
    _("{name}: “{criterion}” no longer holds: {because}"),
    icon="square",
    words=("criterion",),
)
MOVED = event_type("prospects.moved", _("{name} moved from {from_class} to {to_class}"), icon="arrow-right")
OVERRIDDEN = event_type(
    "prospects.overridden",
    _("{name} was let from {from_class} to {to_class} with criteria missing: {reason}"),
    icon="alert-triangle",
)
FELL_BACK = event_type(
    "prospects.fell_back", _("{name} fell back from {from_class} to {to_class} by itself"), icon="arrow-back"
)
WON = event_type("prospects.won", _("{name} was won"), icon="trophy")
LOST = event_type("prospects.lost", _("{name} was lost"), icon="circle-x")
REOPENED = event_type("prospects.reopened", _("{name} was reopened at {to_class}: {because}"), icon="refresh")
TRANSFERRED = event_type(
    "prospects.transferred", _("{name} went from {from_owner} to {to_owner}"), icon="arrows-exchange"
)
REVIEWED = event_type("prospects.reviewed", _("{name} was reviewed"), icon="eye-check")
SLIPPING = event_type(
    "prospects.slipping", _("{name} is slipping and falls to {to_class} on {falls_on}"), icon="alert-circle"
)
FOLLOW_UP_PLANNED = event_type(
    "prospects.follow_up_planned", _("{name}: {kind} planned for {day}"), icon="calendar-plus", words=("kind",)
)
FOLLOWED_UP = event_type(
    "prospects.followed_up", _("{name}: {kind} of {day} was about it"), icon="calendar-check", words=("kind",)
)
FIRST_MEETING_MOVED = event_type(
    "prospects.first_meeting_moved", _("First meeting with {name} is now on {day}"), icon="calendar-event"
)
FIRST_MEETING_CANCELLED = event_type(
    "prospects.first_meeting_cancelled", _("First meeting with {name} was called off"), icon="calendar-off"
)
FIRST_MEETING_WITHDRAWN = event_type(
    "prospects.first_meeting_withdrawn", _("There was no first meeting with {name} yet"), icon="calendar-off"
)
SNAPSHOT_TAKEN = event_type(
    "prospects.snapshot_taken", _("Weekly snapshot of {prospects} open prospects"), icon="camera"
)
NORMS_SET = event_type("prospects.norms_set", _("The norms of the sales cycle were changed"), icon="adjustments")
CRITERIA_SET = event_type("prospects.criteria_set", _("Which criteria stop a move was changed"), icon="adjustments")
BOARD_RULE_SET = event_type("prospects.board_rule_set", _("The clocks of the board were changed"), icon="adjustments")
