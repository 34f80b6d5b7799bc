"""Every change to reminders."""

from reminders.actions.browsers import add_browser, remove_browser, try_browser
from reminders.actions.chats import add_chat_address, remove_chat_address, try_chat_address
from reminders.actions.escalating import escalate
from reminders.actions.handling import (
    acknowledge_reminder,
    finish_reminder,
    hand_over_reminder,
    mark_read,
    snooze_reminder,
    take_back,
)
from reminders.actions.planning import plan
from reminders.actions.preferences import add_absence, end_absence, set_preference, set_quiet_hours
from reminders.actions.scheduling import cancel, schedule
from reminders.actions.sending import send_channel
from reminders.actions.settings import retry_occurrence, set_rule
from reminders.actions.settling import close_settled
from reminders.actions.telling import tell_in_app
from reminders.actions.tidying import forget_old
from reminders.actions.trying import try_mail

__all__ = [
    "acknowledge_reminder",
    "add_absence",
    "add_browser",
    "add_chat_address",
    "cancel",
    "close_settled",
    "end_absence",
    "escalate",
    "finish_reminder",
    "forget_old",
    "hand_over_reminder",
    "mark_read",
    "plan",
    "remove_browser",
    "remove_chat_address",
    "retry_occurrence",
    "schedule",
    "send_channel",
    "set_preference",
    "set_quiet_hours",
    "set_rule",
    "snooze_reminder",
    "take_back",
    "tell_in_app",
    "try_browser",
    "try_chat_address",
    "try_mail",
]
