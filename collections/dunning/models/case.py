"""One customer's place in the queue."""

from __future__ import annotations

from datetime import time
from decimal import Decimal
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from core.models import Versioned
from core.money import CURRENCY_CHOICES
from receivables.choices import Grade
from receivables.models.base import OfAccountQuerySet, money


class Case(models.Model):
    """A customer with money to collect: who works on him, what comes next, and his stored rank in the queue (C6, C7).

    There is one row for each account that ever was overdue. The totals are those of the currency in which most is
    overdue (`currency`; amounts of others are never added, they are looked up when shown). `value` is what a call can
    bring, in `DunningRule.ordering_rates` units, only to order customers of different currencies; `parts` are its
    components, for the words beside the line. All of them are refreshed by the facts' events and by the daily job; the
    slot of the day is worked out when the queue is read. `owner_answers` comes from the account's ownership and size.
    `claimed_by` holds the line for a collector until `claimed_until`. `hold_proposed_on`: the ladder proposes to hold
    supply since then; `hold_answered_on`: when somebody last said yes or no to that. `paused_until` and
    `paused_because`: no dunning before that day.
    """

    account = models.OneToOneField(Account, models.PROTECT, related_name="case")
    collector = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="cases",
        verbose_name=_("collector"),
    )
    claimed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    claimed_until = models.DateTimeField(null=True)

    currency = models.CharField(max_length=3, choices=CURRENCY_CHOICES, blank=True)
    overdue_amount = money(_("overdue"), default=0)
    callable_amount = money(_("to collect"), default=0)  # overdue less disputed and promised
    oldest_due_on = models.DateField(null=True)
    invoices = models.PositiveIntegerField(default=0)
    grade = models.CharField(max_length=8, choices=Grade.choices, default=Grade.NORMAL)
    value = models.DecimalField(max_digits=18, decimal_places=2, default=0)
    parts = models.JSONField(default=dict)
    papers_missing = models.BooleanField(default=False)
    broken_since = models.DateField(null=True)  # a promise was broken and nobody has spoken with them since
    promised_until = models.DateField(null=True)  # a promise is running: dunning waits

    next_action = models.CharField(max_length=14, blank=True)
    next_action_on = models.DateField(null=True)
    paused_until = models.DateField(null=True)
    paused_because = models.CharField(max_length=300, blank=True)
    hold_proposed_on = models.DateField(null=True)
    hold_answered_on = models.DateField(null=True)
    last_touch_at = models.DateTimeField(null=True)
    last_reached_at = models.DateTimeField(null=True)

    cease_contact = models.BooleanField(_("do not contact"), default=False)
    time_zone = models.CharField(_("their time zone"), max_length=40, default="Asia/Shanghai")
    opens_at = models.TimeField(_("their day begins"), default=time(9, 0))
    lunch_from = models.TimeField(_("lunch from"), default=time(12, 0))
    lunch_to = models.TimeField(_("lunch to"), default=time(13, 30))
    closes_at = models.TimeField(_("their day ends"), default=time(18, 0))
    owner_answers = models.BooleanField(default=False)  # a small private firm: not called early (C7)
    goal = models.CharField(_("our goal"), max_length=200, blank=True)
    minimum = models.CharField(_("our minimum"), max_length=200, blank=True)
    refreshed_at = models.DateTimeField(null=True)  # as of when the totals were worked out; by the database's clock
    updated_at = models.DateTimeField(auto_now=True)

    objects = OfAccountQuerySet["Case"].as_manager()

    class Meta:
        ordering: ClassVar = ["-value", "id"]
        indexes: ClassVar = [
            models.Index(fields=["-value", "-id"], name="case_queue", condition=Q(overdue_amount__gt=0)),
            models.Index(fields=["broken_since"], name="case_broken", condition=Q(broken_since__isnull=False)),
            models.Index(fields=["next_action_on"], name="case_next_action", condition=Q(next_action_on__isnull=False)),
            models.Index(fields=["claimed_until"], name="case_claimed", condition=Q(claimed_by__isnull=False)),
            # The queue reads the first rows of each kind of working day.
            models.Index(
                fields=[
                    "time_zone",
                    "opens_at",
                    "lunch_from",
                    "lunch_to",
                    "closes_at",
                    "owner_answers",
                    "papers_missing",
                    "-value",
                    "-id",
                ],
                name="case_queue_of_hours",
                condition=Q(overdue_amount__gt=0),
            ),
        ]

    def __str__(self) -> str:
        return str(self.account)


def shipped_rates() -> dict[str, str]:
    """Rough worth of one unit in CNY. Only orders the queue; never shown as money."""
    return {"CNY": "1", "USD": "7", "EUR": "8", "GBP": "9", "HKD": "0.9", "TWD": "0.22", "JPY": "0.05", "AUD": "4.6"}


class DunningRule(Versioned):
    """The one row of settings: hours, limits, gaps (C7, L3, assurance §2.8). Hours are the customer's own."""

    earliest = models.TimeField(_("no call before"), default=time(9, 0))
    latest = models.TimeField(_("no call after"), default=time(18, 0))
    owners_from = models.TimeField(_("no call to owners of small private firms before"), default=time(10, 0))
    attempts_a_day = models.PositiveSmallIntegerField(_("attempts a day and person"), default=3)
    touch_gap_days = models.PositiveSmallIntegerField(_("days between two messages"), default=3)
    claim_minutes = models.PositiveSmallIntegerField(_("a claimed customer is held for (minutes)"), default=30)
    grace_workdays = models.PositiveSmallIntegerField(_("grace of a promise (working days)"), default=1)
    smallest_amount = money(_("no message below"), default=Decimal(0))
    confirm_at_once = models.BooleanField(_("send confirmations of promises without looking at them"), default=False)
    first_minutes = models.PositiveSmallIntegerField(_("best: first minutes of their day"), default=15)
    quiet_weekdays = ArrayField(models.PositiveSmallIntegerField(), default=list, blank=True)
    ordering_rates = models.JSONField(default=shipped_rates)
    sender_name = models.CharField(_("letters are signed by"), max_length=120, blank=True)
    sender_address = models.TextField(_("our address on letters"), blank=True)
    bank_details = models.TextField(_("our bank account on letters"), blank=True)

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(condition=Q(id=1), name="one_dunning_rule")]

    def __str__(self) -> str:
        return "dunning"
