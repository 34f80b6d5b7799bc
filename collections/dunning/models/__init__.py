"""The work on overdue money: one file a customer, calls, promises, the ladder and its letters."""

from dunning.models.calls import AnswerHour, CollectionCall
from dunning.models.case import Case, DunningRule
from dunning.models.excuses import Excuse
from dunning.models.ladder import LadderStep, Message, MessageLine
from dunning.models.promises import Instalment, Promise

__all__ = [
    "AnswerHour",
    "Case",
    "CollectionCall",
    "DunningRule",
    "Excuse",
    "Instalment",
    "LadderStep",
    "Message",
    "MessageLine",
    "Promise",
]
