"""Everything read about reminders, the user first."""

from reminders.queries.calendar import working_days
from reminders.queries.clock import database_now
from reminders.queries.occurrences import get_occurrence, on_the_desk, unread_count, visible_occurrences
from reminders.queries.people import People, people
from reminders.queries.settings import get_absence, is_on, preferences_of, receiver_of, rule_setting

__all__ = [
    "People",
    "database_now",
    "get_absence",
    "get_occurrence",
    "is_on",
    "on_the_desk",
    "people",
    "preferences_of",
    "receiver_of",
    "rule_setting",
    "unread_count",
    "visible_occurrences",
    "working_days",
]
