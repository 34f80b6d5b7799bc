"""The tables of reminders."""

from reminders.models.browser import Browser
from reminders.models.chat import ChatAddress
from reminders.models.delivery import Delivery
from reminders.models.occurrence import Occurrence, OccurrenceQuerySet
from reminders.models.people import Absence, Preference, Receiver
from reminders.models.rule import RuleSetting

__all__ = [
    "Absence",
    "Browser",
    "ChatAddress",
    "Delivery",
    "Occurrence",
    "OccurrenceQuerySet",
    "Preference",
    "Receiver",
    "RuleSetting",
]
