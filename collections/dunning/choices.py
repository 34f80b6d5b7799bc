"""The words of collecting, each with its label in both languages."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class CallOutcome(models.TextChoices):
    """How a collection call ended (C9)."""

    PROMISE = "promise", _("promise to pay")
    DISPUTE = "dispute", _("dispute")
    PAID = "paid", _("says it is paid")
    CALL_BACK = "call_back", _("call back later")
    NO_ANSWER = "no_answer", _("no answer")
    WRONG_PERSON = "wrong_person", _("wrong person")
    REFUSED = "refused", _("refused to pay")
    PAPERS = "papers", _("papers missing")

    @property
    def reached(self) -> bool:
        """Whether somebody who can settle it was spoken to."""
        return self not in {CallOutcome.NO_ANSWER, CallOutcome.WRONG_PERSON}


class NextAction(models.TextChoices):
    """What comes after a call."""

    CALL = "call", _("call again")
    SEND_PAPERS = "send_papers", _("send the papers")
    SEND_STATEMENT = "send_statement", _("send a statement of account")
    VISIT = "visit", _("visit them")
    MANAGER = "manager", _("hand to the manager")
    LEGAL = "legal", _("prepare the legal route")
    WAIT = "wait", _("wait for the money")


class Reached(models.TextChoices):
    """By what way something was said or sent."""

    PHONE = "phone", _("phone")
    MAIL = "mail", _("e-mail")
    LETTER = "letter", _("letter")
    CHAT = "chat", _("chat")
    MEETING = "meeting", _("meeting")


class PromiseState(models.TextChoices):
    """What became of a promise to pay (C10); worked out from allocations, never typed in."""

    OPEN = "open", pgettext_lazy("promise", "open")
    KEPT = "kept", _("kept")
    PARTLY = "partly", _("partly kept")
    BROKEN = "broken", _("broken")
    REPLACED = "replaced", _("replaced")


class StepChannel(models.TextChoices):
    """How a rung of the ladder is done."""

    MAIL = "mail", _("e-mail")
    LETTER = "letter", _("letter")
    CALL = "call", _("call")
    LEGAL = "legal", _("legal step")


class StepOwner(models.TextChoices):
    """Who does a rung of the ladder."""

    SYSTEM = "system", _("by itself")
    COLLECTOR = "collector", _("collector")
    MANAGER = "manager", _("manager")
    LAWYER = "lawyer", _("lawyer")


class MessageKind(models.TextChoices):
    """What a letter is."""

    REMINDER = "reminder", _("reminder")
    DEMAND = "demand", _("formal demand")
    CONFIRMATION = "confirmation", _("confirmation of a promise")
    STATEMENT = "statement", _("statement of account")
    THANKS = "thanks", _("thanks for paying")


class MessageState(models.TextChoices):
    """Where a letter is."""

    PROPOSED = "proposed", _("to be looked at")
    APPROVED = "approved", _("to be sent")
    SENDING = "sending", _("being sent")
    SENT = "sent", _("sent")
    FAILED = "failed", _("failed")
    SKIPPED = "skipped", _("left out")


class SendFailure(models.TextChoices):
    """Why a message could not be sent."""

    NO_SERVER = "no_server", _("The mail server does not answer.")
    BAD_ADDRESS = "bad_address", _("The mail server refused this address.")
    NOT_TAKEN = "not_taken", _("The mail server did not take the message.")
    NO_PDF = "no_pdf", _("The PDF could not be made.")


class LeftOut(models.TextChoices):
    """Why the program itself left a message out, or sent it back to be looked at."""

    PAID = "paid", _("Nothing of it is open any more.")
    PROMISED = "promised", _("They have promised to pay.")
    PAUSED = "paused", _("Dunning is held.")
    CEASED = "ceased", _("This customer is not to be contacted.")
    OVERTAKEN = "overtaken", _("The day it asked for has passed.")
    REPLACED = "replaced", _("The promise does not stand any more.")
    CHANGED = "changed", _("What is open has changed: look at it again.")


class Language(models.TextChoices):
    """The language of a letter: the customer's."""

    ENGLISH = "en", "English"
    CHINESE = "zh-hans", "简体中文"


class SlotReason(models.TextChoices):
    """Why a moment is good or bad for a call (C7, L3)."""

    HARD_HOURS = "hard_hours", _("Never before 08:00 or after 21:00 at their place.")
    DAY_OFF = "day_off", _("They do not work today.")
    QUIET_DAY = "quiet_day", _("We do not call on this weekday.")
    ATTEMPTS = "attempts", _("Today’s attempts are used up.")
    TOO_EARLY = "too_early", _("Their day has not begun.")
    OWNER_EARLY = "owner_early", _("Owners of small private firms are not called early.")
    LUNCH = "lunch", _("They are at lunch.")
    TOO_LATE = "too_late", _("Their day is over.")
    FIRST_MINUTES = "first_minutes", _("First minutes of their day: the best time.")
    BEST_DAY = "best_day", _("Tuesday to Thursday are the best days.")
    FAIR_DAY = "fair_day", _("A fair day for calls.")
    WORST_DAY = "worst_day", _("Monday is the worst day for calls.")


class Worth(models.TextChoices):
    """What raises or lowers a line of the queue; its sentence stands beside the line."""

    AMOUNT = "amount", _("to collect")
    CHANCE = "chance", _("chance by age and grade")
    BROKEN = "broken", _("broken promise")
    DUE = "due", _("next step due")
    PAYING_TODAY = "paying_today", _("they pay today")
    PAYING_SOON = "paying_soon", _("they pay within three days")
    PAYING_PASSED = "paying_passed", _("they paid others yesterday")
    PAPERS = "papers", _("papers to be put right first")
