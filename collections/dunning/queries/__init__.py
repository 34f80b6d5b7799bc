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
from dunning.queries.lines import FirstStep, LastCall, QueueLine
from dunning.queries.order import Moment, Whose, moment
from dunning.queries.promises import (
    Kept,
    broken_counts,
    kept_between,
    kept_by_account,
    receipts_of,
)
from dunning.queries.queue import (
    QueueCounts,
    QueuePage,
    attempts_today,
    claimed_cases,
    queue,
    queue_counts,
)
from dunning.queries.settings import Calendar, dunning_rule, hours_of, limits_of
from dunning.queries.worklists import (
    AccountCollecting,
    DaysWork,
    PromiseFigures,
    account_collecting,
    confirmation_of,
    days_work,
    due_on,
    in_grace,
    promise_figures,
)

__all__ = [
    "AccountCollecting",
    "Calendar",
    "CallBrief",
    "DaysWork",
    "FirstStep",
    "Kept",
    "LastCall",
    "Moment",
    "PromiseFigures",
    "QueueCounts",
    "QueueLine",
    "QueuePage",
    "Whose",
    "account_collecting",
    "attempts_today",
    "broken_counts",
    "call_brief",
    "call_warnings",
    "claimed_cases",
    "confirmation_of",
    "days_work",
    "due_on",
    "dunning_rule",
    "get_call",
    "get_case",
    "get_promise",
    "hours_of",
    "in_grace",
    "kept_between",
    "kept_by_account",
    "limits_of",
    "moment",
    "possible_collectors",
    "promise_figures",
    "queue",
    "queue_counts",
    "receipts_of",
    "visible_calls",
    "visible_cases",
    "visible_promises",
]
