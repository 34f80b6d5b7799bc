"""The words of people at the account."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ContactRole(models.TextChoices):
    """R2: what a person does in a purchase. One person may hold several."""

    DECIDER = "decider", _("Decides")
    SPECIFIER = "specifier", _("Sets the specification")
    NEGOTIATOR = "negotiator", _("Negotiates the contract")
    INSTALLER = "installer", _("Installs")
    MAINTAINER = "maintainer", _("Maintains")
    USER = "user", _("Uses")
    MONEY_APPROVER = "money_approver", _("Approves money")
    CONTRACT_HANDLER = "contract_handler", _("Handles the contract")
    PAYMENT_HANDLER = "payment_handler", _("Handles payment")
    FINANCE_MANAGER = "finance_manager", _("Finance manager")
    GENERAL_MANAGER = "general_manager", _("General manager")
    PROPRIETOR = "proprietor", _("Owner of the firm")
    COACH = "coach", _("Coach")
    INFLUENCER = "influencer", _("Influencer")
    GATEKEEPER = "gatekeeper", _("Gatekeeper")
    OPPONENT = "opponent", _("Opponent")


class VisitKind(models.TextChoices):
    """R7: the ways to be in touch with a customer; the usual ones first, as a form offers them."""

    VISIT = "visit", _("Visit")
    CALL = "call", _("Phone call")
    REMOTE = "remote", _("Remote meeting")
    CHAT = "chat", _("Chat")
    TECHNICAL = "technical", _("Technical exchange")
    DEMO = "demo", _("Demo")
    TOUR = "tour", _("Factory tour")
    INFORMAL = "informal", _("Informal meeting")
    SOCIAL = "social", _("Social call")
    MEAL = "meal", _("Meal")
    GIFT = "gift", _("Gift")
    EXHIBITION = "exhibition", _("Exhibition")
    SEMINAR = "seminar", _("Seminar")
    EVENT = "event", _("Event")
    TRAINING = "training", _("Training")

    @property
    def is_meeting(self) -> bool:
        """Both sides sit together, in a room or on a screen: an appointment of P7."""
        return self not in {VisitKind.CALL, VisitKind.CHAT, VisitKind.GIFT}

    @property
    def icon(self) -> str:
        """Its drawing."""
        return VISIT_ICONS[self]


VISIT_ICONS: dict[str, str] = {
    VisitKind.VISIT: "map-pin",
    VisitKind.CALL: "phone",
    VisitKind.REMOTE: "video",
    VisitKind.CHAT: "message",
    VisitKind.TECHNICAL: "tool",
    VisitKind.DEMO: "presentation",
    VisitKind.TOUR: "building-factory",
    VisitKind.INFORMAL: "coffee",
    VisitKind.SOCIAL: "mood-smile",
    VisitKind.MEAL: "tools-kitchen-2",
    VisitKind.GIFT: "gift",
    VisitKind.EXHIBITION: "building-store",
    VisitKind.SEMINAR: "school",
    VisitKind.EVENT: "ticket",
    VisitKind.TRAINING: "book",
}


class Meeting(models.TextChoices):
    """P7: appointments are counted as first ones and follow-ups; 8 to 1 only adds up when both are."""

    FIRST = "first", _("First meeting")
    FOLLOW_UP = "follow_up", _("Follow-up meeting")


class VisitState(models.TextChoices):
    """Where a visit stands; worked out from its dates."""

    PLANNED = "planned", pgettext_lazy("visit", "Planned")
    RECORDED = "recorded", pgettext_lazy("visit", "Recorded")
    CANCELLED = "cancelled", pgettext_lazy("visit", "Called off")


class BirthdayCalendar(models.TextChoices):
    """R5: by which calendar a birthday is kept."""

    SOLAR = "solar", _("Solar calendar")
    LUNAR = "lunar", _("Lunar calendar")
    LEAP = "leap", _("Lunar calendar, leap month")

    @property
    def is_lunar(self) -> bool:
        """Whether it falls on another solar day every year."""
        return self != BirthdayCalendar.SOLAR


class ProfilePurpose(models.TextChoices):
    """L1: what a personal fact is kept for."""

    WISHES = "wishes", _("Good wishes on the day")
    PLANNING = "planning", _("Planning visits and invitations")


class FindingKind(models.TextChoices):
    """R7: what a visit brings home beside its outcome."""

    COMPETITOR = "competitor", _("Competitor news")
    OBJECTION = "objection", _("Objection")
    COMPLAINT = "complaint", _("Complaint")
    NEED = "need", _("Need")

    @property
    def icon(self) -> str:
        """Its drawing."""
        return {"competitor": "swords", "objection": "help-circle", "complaint": "mood-sad", "need": "bulb"}[self.value]
