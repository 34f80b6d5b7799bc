"""Every change in collecting, one function a change."""

from dunning.actions.answering import count_answers
from dunning.actions.calls import LoggedCall, log_call
from dunning.actions.cases import (
    assign_case,
    assign_cases,
    claim_case,
    claim_next,
    note_touch,
    pause_case,
    release_case,
    resume_case,
    set_case,
)
from dunning.actions.excuses import EXCUSE_FIELDS, add_excuse, edit_excuse, retire_excuse
from dunning.actions.holds import accept_hold, decline_hold
from dunning.actions.judging import count_broken_promises, judge_promises
from dunning.actions.ladder import STEP_FIELDS, add_ladder_step, check_wordings, edit_ladder_step, retire_ladder_step
from dunning.actions.letters import confirm_promise, make_statement, thank_for_promise
from dunning.actions.papers import fix_papers
from dunning.actions.printing import post_letters, print_letters, record_arrival
from dunning.actions.promises import PromiseGiven, record_promise, replace_promise
from dunning.actions.proposing import Proposed, pay_by_of, propose_messages
from dunning.actions.refresh import refresh_cases
from dunning.actions.reviewing import approve_messages, edit_message, retry_message, skip_message
from dunning.actions.sending import Sent, send_messages
from dunning.actions.settings import set_dunning_rule

__all__ = [
    "EXCUSE_FIELDS",
    "STEP_FIELDS",
    "LoggedCall",
    "PromiseGiven",
    "Proposed",
    "Sent",
    "accept_hold",
    "add_excuse",
    "add_ladder_step",
    "approve_messages",
    "assign_case",
    "assign_cases",
    "check_wordings",
    "claim_case",
    "claim_next",
    "confirm_promise",
    "count_answers",
    "count_broken_promises",
    "decline_hold",
    "edit_excuse",
    "edit_ladder_step",
    "edit_message",
    "fix_papers",
    "judge_promises",
    "log_call",
    "make_statement",
    "note_touch",
    "pause_case",
    "pay_by_of",
    "post_letters",
    "print_letters",
    "propose_messages",
    "record_arrival",
    "record_promise",
    "refresh_cases",
    "release_case",
    "replace_promise",
    "resume_case",
    "retire_excuse",
    "retire_ladder_step",
    "retry_message",
    "send_messages",
    "set_case",
    "set_dunning_rule",
    "skip_message",
    "thank_for_promise",
]
