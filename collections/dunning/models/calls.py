"""The call log."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from dunning.choices import CallOutcome, NextAction, Reached
from receivables.choices import Cause
from receivables.models import Invoice
from receivables.models.base import OfAccountQuerySet, Posted
from relationships.models import Contact


class CollectionCall(Posted):
    """A call about overdue money (C9): when, with whom, what was said, the reason given, the outcome, what comes next.

    Never edited. `at` is when it was logged, `called_at` when it was made; `by` who called. `invoices` are those talked about.
    """

    account = models.ForeignKey(Account, models.PROTECT, related_name="collection_calls")
    contact = models.ForeignKey(
        Contact, models.SET_NULL, null=True, blank=True, related_name="collection_calls", verbose_name=_("spoke with")
    )
    person = models.CharField(_("spoke with"), max_length=120, blank=True)
    channel = models.CharField(_("by"), max_length=7, choices=Reached.choices, default=Reached.PHONE)
    called_at = models.DateTimeField(_("called"))
    outcome = models.CharField(_("outcome"), max_length=12, choices=CallOutcome.choices)
    cause = models.CharField(_("reason given"), max_length=10, choices=Cause.choices, blank=True)
    said = models.TextField(_("what was said"), blank=True)
    next_action = models.CharField(_("next step"), max_length=14, choices=NextAction.choices, blank=True)
    next_action_on = models.DateField(_("on"), null=True, blank=True)
    invoices = models.ManyToManyField(Invoice, related_name="collection_calls", blank=True)

    objects = OfAccountQuerySet["CollectionCall"].as_manager()

    class Meta(Posted.Meta):
        verbose_name = _("collection call")
        indexes: ClassVar = [
            models.Index(fields=["account", "-called_at", "-id"], name="call_of_account"),
            models.Index(fields=["by", "-called_at"], name="call_of_collector"),
            models.Index(fields=["-called_at", "-id"], name="call_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.called_at:%Y-%m-%d}: {self.outcome}"


class AnswerHour(models.Model):
    """How many calls in one hour of the week reached somebody, over all customers and on their own clocks (assurance §2.8).

    Counted anew each night from the call log of the last year; what a single customer adds is read from his own calls.
    """

    weekday = models.PositiveSmallIntegerField()  # Monday is 0
    hour = models.PositiveSmallIntegerField()
    calls = models.PositiveIntegerField()
    answered = models.PositiveIntegerField()

    class Meta:
        ordering: ClassVar = ["weekday", "hour"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["weekday", "hour"], name="answer_hour_once"),
            models.CheckConstraint(condition=models.Q(weekday__lt=7, hour__lt=24), name="answer_hour_of_week"),
            models.CheckConstraint(condition=models.Q(answered__lte=models.F("calls")), name="answered_of_calls"),
        ]

    def __str__(self) -> str:
        return f"{self.weekday} {self.hour}: {self.answered} of {self.calls}"
