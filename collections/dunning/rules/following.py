"""What usually comes after a call, where the collector says nothing else (C9, C11)."""

from __future__ import annotations

from dunning.choices import CallOutcome, NextAction

USUAL: dict[CallOutcome, tuple[NextAction, int]] = {
    CallOutcome.PROMISE: (NextAction.WAIT, 0),
    CallOutcome.DISPUTE: (NextAction.CALL, 3),
    CallOutcome.PAID: (NextAction.WAIT, 3),
    CallOutcome.CALL_BACK: (NextAction.CALL, 1),
    CallOutcome.NO_ANSWER: (NextAction.CALL, 1),
    CallOutcome.WRONG_PERSON: (NextAction.CALL, 1),
    CallOutcome.REFUSED: (NextAction.MANAGER, 1),
    CallOutcome.PAPERS: (NextAction.SEND_PAPERS, 1),
}
"""The next step and after how many working days. After a promise it is the day its first instalment is judged."""
