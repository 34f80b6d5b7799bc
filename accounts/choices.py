"""The words of an account: kinds, tiers, stages of development."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Ownership(models.TextChoices):
    """K4: who owns the firm; a state-owned one decides differently from a private one."""

    FOREIGN = "foreign", _("Foreign-owned")
    STATE = "state", _("State-owned")
    PRIVATE = "private", _("Private")
    GOVERNMENT = "government", _("Government")


class Kind(models.TextChoices):
    """K2: the three kinds of key account."""

    END_CUSTOMER = "end_customer", _("End customer")
    CONSULTANT = "consultant", _("Consultant or designer")
    CONTRACTOR = "contractor", _("Contractor or integrator")


class Tier(models.TextChoices):
    """K15: where the account stands in the pyramid."""

    VIP = "vip", _("VIP")
    LARGE = "large", pgettext_lazy("account tier", "Large")
    MEDIUM = "medium", pgettext_lazy("account tier", "Medium")
    SMALL = "small", pgettext_lazy("account tier", "Small")
    PROSPECT = "prospect", pgettext_lazy("account tier", "Not yet buying")


class DevelopmentStage(models.IntegerChoices):
    """K10: the eight stages of development."""

    SCAN = 1, _("Scan")
    COMMUNICATE = 2, _("Communicate")
    GOAL_LINE = 3, _("Goal line")
    INITIAL = 4, _("Initial co-operation")
    BASIC = 5, _("Basic co-operation")
    DEEP = 6, _("Deep co-operation")
    FULL = 7, _("Full co-operation")
    PARTNER = 8, _("Partner")


class Size(models.TextChoices):
    """People employed."""

    MICRO = "micro", _("Under 20 people")
    SMALL = "small", _("20–299 people")
    MEDIUM = "medium", _("300–999 people")
    LARGE = "large", _("1,000 people and more")


class MemberRole(models.TextChoices):
    """K14: what a colleague does for this account."""

    OWNER = "owner", _("Owner")
    SALES = "sales", _("Sales")
    TECHNICAL = "technical", _("Technical")
    SERVICE = "service", _("Service")
    FINANCE = "finance", _("Finance")
    SPONSOR = "sponsor", _("Executive sponsor")


class PaymentMethod(models.TextChoices):
    """C5: how the customer pays."""

    TRANSFER = "transfer", _("Bank transfer")
    CHEQUE = "cheque", _("Cheque")
    DRAFT = "draft", _("Draft or acceptance")
    CASH = "cash", _("Cash")
