"""What happens to reminders, in words. What was sent when stands in Delivery; here is what people did."""

from django.utils.translation import gettext_lazy as _

from core.audit import event_type

SCHEDULED = event_type("reminders.scheduled", _("Reminder for {recipient}: {title}"), icon="bell-plus")
CALLED_OFF = event_type("reminders.called_off", _("Reminder called off: {title}"), icon="bell-off")
ACKNOWLEDGED = event_type("reminders.acknowledged", _("Reminder acknowledged: {title}"), icon="bell-check")
FINISHED = event_type("reminders.finished", _("Reminder done: {title}"), icon="bell-check")
SNOOZED = event_type("reminders.snoozed", _("Reminder put off to {until}: {title}"), icon="bell-z")
HANDED_OVER = event_type(
    "reminders.handed_over", _("Reminder handed over to {recipient}: {title}"), icon="arrows-exchange"
)
TAKEN_BACK = event_type("reminders.taken_back", _("Reminder is open again: {title}"), icon="arrow-back-up")
ESCALATED = event_type("reminders.escalated", _("Nobody acted: {title} went to {recipient}"), icon="alert-triangle")
PARKED = event_type("reminders.parked", _("Reminder could not be sent: {title}"), icon="bell-x")
RETRIED = event_type("reminders.retried", _("Reminder is tried again: {title}"), icon="refresh")
RULE_SET = event_type("reminders.rule_set", _("The reminder “{title}” was changed"), icon="adjustments")
HOURS_SET = event_type("reminders.hours_set", _("Quiet hours were changed"), icon="moon")
PREFERENCE_SET = event_type(
    "reminders.preference_set", _("Reminders “{title}” by {channel}: {choice}"), icon="adjustments",
    words=("title", "channel", "choice"),
)  # fmt: skip
ABSENCE_ADDED = event_type(
    "reminders.absence_added", _("{stand_in} stands in for {name} from {starts_on} to {until}"), icon="beach"
)
ABSENCE_ENDED = event_type("reminders.absence_ended", _("{name} is back"), icon="beach-off")
CHAT_ADDED = event_type("reminders.chat_added", _("Chat for reminders added: {label}"), icon="message-plus")
CHAT_REMOVED = event_type("reminders.chat_removed", _("Chat for reminders removed: {label}"), icon="message-off")
CHAT_TESTED = event_type("reminders.chat_tested", _("Chat for reminders tested: {label}"), icon="message-check")
BROWSER_ADDED = event_type("reminders.browser_added", _("Browser for reminders added: {label}"), icon="bell-plus")
BROWSER_REMOVED = event_type("reminders.browser_removed", _("Browser for reminders removed: {label}"), icon="bell-off")
BROWSER_TESTED = event_type("reminders.browser_tested", _("Browser for reminders tested: {label}"), icon="bell-check")
MAIL_TESTED = event_type("reminders.mail_tested", _("Mail for reminders tested"), icon="mail-check")
