"""Every change to reminders."""

from reminders.actions.handling import (
    acknowledge_reminder,
    finish_reminder,
    hand_over_reminder,
    mark_read,
    snooze_reminder,
    take_back,
)
from reminders.actions.preferences import add_absence, end_absence, set_preference, set_quiet_hours
from reminders.actions.scheduling import cancel, schedule
from reminders.actions.settings import retry_occurrence, set_rule

__all__ = [
    "acknowledge_reminder",
    "add_absence",
    "cancel",
    "end_absence",
    "finish_reminder",
    "hand_over_reminder",
    "mark_read",
    "retry_occurrence",
    "schedule",
    "set_preference",
    "set_quiet_hours",
    "set_rule",
    "snooze_reminder",
    "take_back",
]
