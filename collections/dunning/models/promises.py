"""Promises to pay."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from dunning.choices import PromiseState, Reached
from dunning.models.calls import CollectionCall
from receivables.models import Invoice
from receivables.models.base import OfAccountQuerySet, Posted, currency, money
from relationships.models import Contact


class Promise(Posted):
    """A customer's word to pay so much by a day, or in instalments (C10). Dunning waits until then.

    `state` is worked out from allocations: at the end of the day plus the grace, never by hand. With `invoices` only
    money to those counts; without, any money of the account in this currency. It counts from the day after `made_on`
    on, and on that day what was booked after the promise: old money does not keep a new promise.
    """

    account = models.ForeignKey(Account, models.PROTECT, related_name="promises")
    call = models.ForeignKey(CollectionCall, models.PROTECT, null=True, related_name="promises")
    contact = models.ForeignKey(Contact, models.SET_NULL, null=True, blank=True, related_name="promises")
    said_by = models.CharField(_("said by"), max_length=120)
    channel = models.CharField(_("by"), max_length=7, choices=Reached.choices, default=Reached.PHONE)
    quote = models.TextField(_("in their words"), blank=True)
    currency = currency()
    amount = money(_("amount"))
    made_on = models.DateField(_("made"))
    last_due_on = models.DateField(_("last day"))
    state = models.CharField(_("state"), max_length=8, choices=PromiseState.choices, default=PromiseState.OPEN)
    judged_on = models.DateField(null=True)
    arrived = money(_("arrived"), default=0)
    replaced_by = models.ForeignKey("self", models.PROTECT, null=True, related_name="replaces")
    invoices = models.ManyToManyField(Invoice, related_name="promises", blank=True)

    objects = OfAccountQuerySet["Promise"].as_manager()

    class Meta(Posted.Meta):
        verbose_name = _("promise to pay")
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="promise_amount_positive"),
            models.CheckConstraint(condition=~Q(said_by=""), name="promise_said_by_somebody"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["account", "-id"], name="promise_of_account"),
            models.Index(
                fields=["last_due_on", "id"], name="promise_open_by_day", condition=Q(state=PromiseState.OPEN)
            ),
            models.Index(fields=["-made_on", "-id"], name="promise_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.account_id}: {self.amount} {self.currency}"


class Instalment(models.Model):
    """One part of a promise: so much by this day. A promise of one amount has one."""

    promise = models.ForeignKey(Promise, models.CASCADE, related_name="instalments")
    due_on = models.DateField(_("by"))
    amount = money(_("amount"))
    state = models.CharField(max_length=8, choices=PromiseState.choices, default=PromiseState.OPEN)
    arrived = money(_("arrived"), default=0)
    judged_on = models.DateField(null=True)

    class Meta:
        ordering: ClassVar = ["due_on", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="instalment_amount_positive"),
            models.UniqueConstraint(fields=["promise", "due_on"], name="instalment_once_a_day"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["due_on"], name="instalment_open", condition=Q(state=PromiseState.OPEN)),
        ]

    def __str__(self) -> str:
        return f"{self.due_on}: {self.amount}"
