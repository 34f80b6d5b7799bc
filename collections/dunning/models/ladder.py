"""The dunning ladder and the letters it makes."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from core.models import Versioned
from dunning.choices import Language, MessageKind, MessageState, StepChannel, StepOwner
from dunning.models.promises import Promise
from receivables.models import Invoice
from receivables.models.base import OfAccountQuerySet, Posted, currency, money
from relationships.models import Contact


class LadderStep(Versioned):
    """A rung of the ladder (C11): so many days after the due date (before it, if negative), how, by whom, in which words.

    Wordings may hold {customer}, {amount}, {oldest}, {count}, {pay_by}, {sender}. A formal one interrupts the
    limitation once it provably arrived.
    """

    days = models.SmallIntegerField(_("days past due"))
    channel = models.CharField(_("by"), max_length=6, choices=StepChannel.choices)
    doer = models.CharField(_("who"), max_length=9, choices=StepOwner.choices)
    name = models.CharField(_("name"), max_length=80)
    name_zh = models.CharField(_("name in Chinese"), max_length=80)
    subject = models.CharField(_("subject in English"), max_length=200, blank=True)
    subject_zh = models.CharField(_("subject in Chinese"), max_length=200, blank=True)
    body = models.TextField(_("wording in English"), blank=True)
    body_zh = models.TextField(_("wording in Chinese"), blank=True)
    with_statement = models.BooleanField(_("with statement of account"), default=False)
    proposes_hold = models.BooleanField(_("proposes to hold supply"), default=False)
    is_formal = models.BooleanField(_("formal demand"), default=False)
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        ordering: ClassVar = ["days", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["days", "channel"], name="ladder_step_once", condition=Q(is_active=True)),
        ]

    def __str__(self) -> str:
        return self.name


class Message(Posted):
    """A letter or mail to one customer: one a customer and run, whatever number of invoices it is about.

    What was sent stays as it was sent: words, lines and the PDF. `message_id` is the mail's Message-ID, made from the
    row, so that a second try is recognised. `lease_until` holds a row that is being sent, `not_before` one that waits:
    for their working hours, or after a failure. A printed letter is `sending` until somebody says that it was posted.
    `error` and `skipped_because` are codes (`SendFailure`, `LeftOut`), the latter also a person's words. `since` is the
    first day of a statement of account, `on` its last. `arrived_on`, `arrived_how`: the proof that it arrived, or that
    the signed copy came back.
    """

    account = models.ForeignKey(Account, models.PROTECT, related_name="dunning_messages")
    contact = models.ForeignKey(Contact, models.SET_NULL, null=True, related_name="+")
    step = models.ForeignKey(LadderStep, models.PROTECT, null=True, related_name="messages")
    promise = models.ForeignKey(Promise, models.PROTECT, null=True, related_name="messages")
    kind = models.CharField(max_length=12, choices=MessageKind.choices)
    channel = models.CharField(max_length=6, choices=StepChannel.choices)
    language = models.CharField(max_length=7, choices=Language.choices)
    on = models.DateField()
    since = models.DateField(null=True)
    to = models.EmailField(_("to"), blank=True)
    subject = models.CharField(max_length=200)
    body = models.TextField()
    currency = currency()
    amount = money(_("amount"))
    pay_by = models.DateField(_("please pay by"), null=True)
    state = models.CharField(max_length=8, choices=MessageState.choices, default=MessageState.PROPOSED)
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    sent_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    not_before = models.DateTimeField(null=True)
    error = models.CharField(max_length=300, blank=True)
    skipped_because = models.CharField(max_length=200, blank=True)
    pdf = models.BinaryField(null=True)
    arrived_on = models.DateField(_("provably arrived"), null=True)
    arrived_how = models.CharField(_("proof of arrival"), max_length=200, blank=True)

    objects = OfAccountQuerySet["Message"].as_manager()

    class Meta(Posted.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["account", "on", "currency"], name="one_dunning_message_a_day",
                condition=Q(kind__in=["reminder", "demand"]) & ~Q(state="skipped"),
            ),
            models.UniqueConstraint(
                fields=["promise"], name="one_confirmation_a_promise", condition=Q(kind="confirmation")
            ),
        ]  # fmt: skip
        indexes: ClassVar = [
            models.Index(fields=["account", "-id"], name="dunning_message_of_account"),
            models.Index(
                fields=["id"],
                name="dunning_message_to_do",
                condition=Q(state__in=["proposed", "approved", "sending", "failed"]),
            ),
            models.Index(fields=["-on", "-id"], name="dunning_message_newest"),
        ]

    def __str__(self) -> str:
        return self.subject

    @property
    def message_id(self) -> str:
        """The mail's Message-ID, always the same for this row."""
        return f"<dunning-{self.pk}@keyline.invalid>"


class MessageLine(models.Model):
    """An invoice named in a letter, as it stood then. It says which rung the invoice has reached; a rung is taken once."""

    message = models.ForeignKey(Message, models.CASCADE, related_name="lines")
    invoice = models.ForeignKey(Invoice, models.PROTECT, related_name="dunning_lines")
    step = models.ForeignKey(LadderStep, models.PROTECT, null=True, related_name="+")
    open_amount = money(_("open"))
    due_on = models.DateField()

    class Meta:
        ordering: ClassVar = ["due_on", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["message", "invoice"], name="message_line_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["invoice", "step"], name="rung_of_invoice")]

    def __str__(self) -> str:
        return f"{self.invoice_id}: {self.open_amount}"
