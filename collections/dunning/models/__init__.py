"""The work on overdue money: one file a customer, calls, promises, the ladder and its letters."""

from dunning.models.calls import CollectionCall
from dunning.models.case import Case, DunningRule
from dunning.models.ladder import LadderStep, Message, MessageLine
from dunning.models.promises import Instalment, Promise

__all__ = [
    "Case",
    "CollectionCall",
    "DunningRule",
    "Instalment",
    "LadderStep",
    "Message",
    "MessageLine",
    "Promise",
]
