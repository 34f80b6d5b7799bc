"""The words of reminders."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Channel(models.TextChoices):
    """By which way somebody is told. `IN_APP` is the bell and Today; only the others ring."""

    IN_APP = "in_app", _("In Keyline")
    EMAIL = "email", _("Email")
    CHAT = "chat", _("Team chat")
    PUSH = "push", _("Browser")


class Importance(models.IntegerChoices):
    """How loud: low ones wait for the morning and are bundled, critical ones break quiet hours."""

    LOW = 1, _("low")
    NORMAL = 2, _("normal")
    HIGH = 3, _("high")
    CRITICAL = 4, _("critical")


class State(models.TextChoices):
    """How far one occurrence has come."""

    PLANNED = "planned", _("planned")
    LEASED = "leased", _("being sent")
    SNOOZED = "snoozed", _("snoozed")
    SENT = "sent", _("sent")
    DONE = "done", _("done")
    CANCELLED = "cancelled", _("cancelled")
    PARKED = "parked", _("given up")


WAITING_STATES = (State.PLANNED, State.LEASED, State.SNOOZED)
"""Still to be told."""
OPEN_STATES = (*WAITING_STATES, State.SENT, State.PARKED)
"""Told or not, nobody has dealt with it yet."""


class Arrival(models.TextChoices):
    """How an occurrence came to its recipient."""

    RULE = "rule", _("by rule")
    ASKED = "asked", _("asked for")
    ESCALATED = "escalated", _("escalated")
    HANDED_OVER = "handed_over", _("handed over")


class EndReason(models.TextChoices):
    """Why an occurrence is over."""

    FINISHED = "finished", _("done by a person")
    SETTLED = "settled", _("no longer true")
    HANDED_OVER = "handed_over", _("handed over")
    TAKEN_BACK = "taken_back", _("taken back")
    CALLED_OFF = "called_off", _("called off")
    SWITCHED_OFF = "switched_off", _("switched off")
    NOT_REACHABLE = "not_reachable", _("recipient no longer works here")
    TOLD_ALREADY = "told_already", _("the stand-in is told anyway")
    OUT_OF_SIGHT = "out_of_sight", _("may no longer see it")


class Result(models.TextChoices):
    """What came of one attempt to tell."""

    SENT = "sent", _("sent")
    FAILED = "failed", _("failed")
    REFUSED = "refused", _("refused for good")


class Rung(models.TextChoices):
    """The steps of an escalation."""

    AGAIN = "again", _("the owner again")
    MANAGER = "manager", _("the manager")
    DIRECTOR = "director", _("the director")


class Shift(models.TextChoices):
    """Where a reminder goes whose day is no working day."""

    EARLIER = "earlier", _("to the working day before")
    LATER = "later", _("to the next working day")
    NONE = "none", _("nowhere")
