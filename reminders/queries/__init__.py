"""Everything read about reminders, the user first."""

from reminders.queries.calendar import working_days
from reminders.queries.clock import database_now
from reminders.queries.desk import (
    DeskPage,
    desk_page,
    head_of,
    latest,
    link_holder,
    reminders_in_app,
    rules_on_desk,
    unread_upto,
)
from reminders.queries.lines import Line, line_of, lines
from reminders.queries.occurrences import get_occurrence, on_the_desk, unread_count, visible_occurrences
from reminders.queries.people import People, people
from reminders.queries.settings import (
    absences_of,
    all_rules,
    browsers_of,
    chat_addresses,
    get_absence,
    get_browser,
    get_chat_address,
    is_on,
    own_rules,
    preferences_of,
    receiver_of,
    rule_setting,
)

__all__ = [
    "DeskPage",
    "Line",
    "People",
    "absences_of",
    "all_rules",
    "browsers_of",
    "chat_addresses",
    "database_now",
    "desk_page",
    "get_absence",
    "get_browser",
    "get_chat_address",
    "get_occurrence",
    "head_of",
    "is_on",
    "latest",
    "line_of",
    "lines",
    "link_holder",
    "on_the_desk",
    "own_rules",
    "people",
    "preferences_of",
    "receiver_of",
    "reminders_in_app",
    "rule_setting",
    "rules_on_desk",
    "unread_count",
    "unread_upto",
    "visible_occurrences",
    "working_days",
]
