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
BIRTHDAY_NOTED = event_type("relationships.birthday_noted", _("The birthday of {name} was noted"), icon="lock")
BIRTHDAY_CHANGED = event_type("relationships.birthday_changed", _("The birthday of {name} was changed"), icon="lock")
BIRTHDAY_ERASED = event_type("relationships.birthday_erased", _("The birthday of {name} was erased"), icon="lock-off")
VISIT_PLANNED = event_type(
    "relationships.visit_planned", _("{kind} planned for {day}: {purpose}"), icon="calendar-plus", words=("kind",)
)
VISIT_RECORDED = event_type(
    "relationships.visit_recorded",
    _("{kind}: {outcome} → {next_step}, {next_step_on}"),
    icon="calendar-check",
    words=("kind",),
)
VISIT_EDITED = event_type("relationships.visit_edited", _("{kind} of {day} was edited"), icon="pencil", words=("kind",))
VISIT_MOVED = event_type(
    "relationships.visit_moved", _("{kind} was moved from {from_day} to {day}"), icon="calendar-event", words=("kind",)
)
VISIT_CANCELLED = event_type(
    "relationships.visit_cancelled",
    _("{kind} of {day} was called off: {because}"),
    icon="calendar-off",
    words=("kind",),
)
VISIT_TRANSFERRED = event_type(
    "relationships.visit_transferred",
    _("{kind} of {day} went from {from_owner} to {to_owner}"),
    icon="arrows-exchange",
    words=("kind",),
)
VISIT_HANDED_OVER = event_type(
    "relationships.visit_handed_over",
    _("{kind} of {day} was handed over from {from_owner} to {to_owner}"),
    icon="arrows-exchange",
    words=("kind",),
)
CAMPAIGN_ADDED = event_type("relationships.campaign_added", _("Campaign {name} was opened"), icon="flag")
CAMPAIGN_EDITED = event_type("relationships.campaign_edited", _("Campaign {name} was edited"), icon="pencil")
TARGETS_ADDED = event_type(
    "relationships.targets_added", _("{name}: {accounts} accounts were put on the list"), icon="plus"
)
TARGET_ASSIGNED = event_type(
    "relationships.target_assigned",
    _("{name}: {to_person} goes to {account} instead of {from_person}"),
    icon="arrows-exchange",
)
TARGET_REMOVED = event_type("relationships.target_removed", _("{name}: {account} was taken off the list"), icon="minus")
CAMPAIGN_CLOSED = event_type(
    "relationships.campaign_closed", _("Campaign {name} was closed: {conclusion}"), icon="flag-off"
)
NEXT_STEP_SETTLED = event_type("relationships.next_step_settled", _("Next step done: {next_step}"), icon="check")
NEXT_STEP_DROPPED = event_type(
    "relationships.next_step_dropped", _("Next step dropped: {next_step} ({because})"), icon="x"
)
NEXT_STEP_REOPENED = event_type(
    "relationships.next_step_reopened", _("Next step open again: {next_step}"), icon="arrow-back-up"
)
FINDING_NOTED = event_type("relationships.finding_noted", _("{kind}: {text}"), icon="ear", words=("kind",))
LANDMINE_LAID = event_type("relationships.landmine_laid", _("Landmine: {text}"), icon="alert-octagon")
LANDMINE_CLEARED = event_type(
    "relationships.landmine_cleared", _("Landmine cleared: {text} ({because})"), icon="alert-octagon"
)
CONTACT_RULE_SET = event_type(
    "relationships.contact_rule_set", _("The rhythm of contact was changed"), icon="adjustments"
)
