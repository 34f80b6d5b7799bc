"""Everything read about collecting. The user comes first; what he may not see does not exist."""

from dunning.queries.brief import CallBrief, call_brief, call_warnings
from dunning.queries.cases import (
    get_call,
    get_case,
    get_promise,
    possible_collectors,
    visible_calls,
    visible_cases,
    visible_promises,
)
from dunning.queries.promises import (
    Kept,
    broken_counts,
    kept_between,
    kept_by_account,
    kept_by_person,
    promised_amounts,
    receipts_of,
)
from dunning.queries.queue import (
    QueueCounts,
    QueueLine,
    QueuePage,
    Todo,
    Whose,
    attempts_today,
    claimed_cases,
    queue,
    queue_counts,
)
from dunning.queries.settings import Calendar, dunning_rule, hours_of, limits_of

__all__ = [
    "Calendar",
    "CallBrief",
    "Kept",
    "QueueCounts",
    "QueueLine",
    "QueuePage",
    "Todo",
    "Whose",
    "attempts_today",
    "broken_counts",
    "call_brief",
    "call_warnings",
    "claimed_cases",
    "dunning_rule",
    "get_call",
    "get_case",
    "get_promise",
    "hours_of",
    "kept_between",
    "kept_by_account",
    "kept_by_person",
    "limits_of",
    "possible_collectors",
    "promised_amounts",
    "queue",
    "queue_counts",
    "receipts_of",
    "visible_calls",
    "visible_cases",
    "visible_promises",
]
