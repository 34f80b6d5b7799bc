"""The words of people at the account."""

from django.db import models
from django.utils.translation import gettext_lazy as _


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
