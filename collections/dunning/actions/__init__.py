"""Every change in collecting, one function a change."""

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
from dunning.actions.judging import count_broken_promises, judge_promises
from dunning.actions.papers import fix_papers
from dunning.actions.promises import PromiseGiven, record_promise, replace_promise
from dunning.actions.refresh import refresh_cases
from dunning.actions.settings import set_dunning_rule

__all__ = [
    "LoggedCall",
    "PromiseGiven",
    "assign_case",
    "assign_cases",
    "claim_case",
    "claim_next",
    "count_broken_promises",
    "fix_papers",
    "judge_promises",
    "log_call",
    "note_touch",
    "pause_case",
    "record_promise",
    "refresh_cases",
    "release_case",
    "replace_promise",
    "resume_case",
    "set_case",
    "set_dunning_rule",
]
