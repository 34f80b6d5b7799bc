"""The debt itself, and what is claimed beside it."""

from __future__ import annotations

from typing import ClassVar

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from receivables.choices import ChargeKind, Grade, InvoiceKind, Paper, Papers
from receivables.models.base import OfAccountQuerySet, OfInvoiceQuerySet, Posted, currency, money, never_changed, poster
from receivables.models.contract import Contract
from receivables.models.sums import SUMS_ARE_KEPT

STILL_OPEN = Q(open_amount__gt=0)


class InvoiceQuerySet(OfAccountQuerySet["Invoice"]):
    """Invoices, seen by whoever sees their account."""

    def still_open(self) -> InvoiceQuerySet:
        """Not settled yet. A partial index holds these."""
        return self.filter(STILL_OPEN)


@pghistory.track(
    pghistory.UpdateEvent(level=pghistory.Statement, row=pghistory.Old),
    fields=["papers", "missing_papers", "note", "grade", "expected_on"],
)
class Invoice(Posted):
    """Money a customer owes us (C1): a sales invoice, or an opening balance taken over.

    What it says never changes (number, account, currency, amount, days): mistakes are credited. `open_amount` is the
    stored rest of the principal, changed only by the action that holds the row's lock, together with an Allocation of
    that day; `settled_on` is the day it became zero. `disputed_amount` is the sum of its open disputes and stops
    dunning for that amount only. `number` is kept exactly as written; `serial` tells apart rows of a ledger that gave
    one number to several invoices. `recognised_on` starts the account age (账龄), `due_on` the days past due.
    `grade` is the current risk (C3), its reasons are codes of `rules.grading`; `grade_proposed` is what the rule said when
    the grade was last set, which a person may have overruled.
    """

    kind = models.CharField(max_length=8, choices=InvoiceKind.choices, default=InvoiceKind.INVOICE)
    # Indexes of their own would repeat the first column of those below, and cost every import their upkeep.
    account = models.ForeignKey(
        Account, models.PROTECT, related_name="invoices", db_index=False, verbose_name=_("account")
    )
    contract = models.ForeignKey(
        Contract,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="invoices",
        db_index=False,
        verbose_name=_("contract"),
    )
    number = models.CharField(_("invoice number"), max_length=60)
    serial = models.PositiveSmallIntegerField(default=1, editable=False)
    currency = currency()
    amount = money(_("amount"))
    open_amount = money(_("open"), editable=False)
    disputed_amount = money(_("disputed"), default=0, editable=False)
    issued_on = models.DateField(_("issued"))
    due_on = models.DateField(_("due"))
    recognised_on = models.DateField(_("recognised"))
    settled_on = models.DateField(_("settled"), null=True, editable=False)
    expected_on = models.DateField(_("payment expected"), null=True, blank=True)
    purchase_order = models.CharField(_("purchase order"), max_length=60, blank=True)
    papers = models.CharField(_("papers"), max_length=10, choices=Papers.choices, default=Papers.RECEIVED)
    missing_papers = ArrayField(
        models.CharField(max_length=14, choices=Paper.choices),
        default=list,
        blank=True,
        verbose_name=_("missing papers"),
    )
    note = models.TextField(_("note"), blank=True)
    grade = models.CharField(max_length=8, choices=Grade.choices, default=Grade.NORMAL, editable=False)
    grade_reasons = ArrayField(models.CharField(max_length=24), default=list, editable=False)
    grade_is_settled = models.BooleanField(default=False, editable=False)  # somebody confirmed or overruled it
    grade_proposed = models.CharField(max_length=8, choices=Grade.choices, default=Grade.NORMAL, editable=False)
    by = poster(db_index=False)

    objects = InvoiceQuerySet.as_manager()

    class Meta:
        verbose_name = _("invoice")
        verbose_name_plural = _("invoices")
        ordering: ClassVar = ["-issued_on", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["number", "serial"], name="invoice_number_once"),
            models.CheckConstraint(condition=~Q(number=""), name="invoice_has_a_number"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="invoice_amount_positive"),
            # I2: allocations, credits and write-offs never exceed the invoice.
            models.CheckConstraint(
                condition=Q(open_amount__gte=0, open_amount__lte=F("amount")), name="invoice_open_within_amount"
            ),
            models.CheckConstraint(
                condition=Q(disputed_amount__gte=0, disputed_amount__lte=F("amount")),
                name="invoice_disputed_within_amount",
            ),
            models.CheckConstraint(
                condition=Q(open_amount=0, settled_on__isnull=False) | Q(open_amount__gt=0, settled_on__isnull=True),
                name="invoice_settled_has_a_day",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["due_on", "id"], name="invoice_open_of_day", condition=STILL_OPEN,
                include=["account", "currency", "open_amount", "disputed_amount", "grade", "issued_on", "recognised_on", "expected_on"],
            ),
            models.Index(
                fields=["account", "due_on", "id"], name="invoice_owed_by_account", condition=STILL_OPEN,
                include=["currency", "open_amount", "disputed_amount", "grade", "issued_on", "recognised_on", "expected_on"],
            ),
            models.Index(  # what was open on a past day: those issued by then
                fields=["issued_on"], name="invoice_open_by_issue", condition=STILL_OPEN,
                include=["account", "currency", "open_amount", "due_on", "recognised_on"],
            ),
            models.Index(fields=["account", "-issued_on", "-id"], name="invoice_of_account"),
            models.Index(
                fields=["-issued_on", "-id"], name="invoice_of_day", include=["account", "currency", "amount", "kind"]
            ),
            models.Index(fields=["-settled_on", "-id"], name="invoice_settled", condition=~STILL_OPEN),
            models.Index(fields=["open_amount", "id"], name="invoice_open_by_amount", condition=STILL_OPEN),
            models.Index(fields=["contract", "-id"], name="invoice_of_contract", condition=Q(contract__isnull=False)),
        ]  # fmt: skip
        triggers: ClassVar = [
            *never_changed(
                "invoice_is_only_added", "kind", "account", "number", "serial", "currency", "amount", "issued_on", "due_on",
                "recognised_on",
            ),
            *SUMS_ARE_KEPT,
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("receivables:invoice", args=[self.pk])


class Charge(Posted):
    """Interest or costs claimed beside an invoice; settled before its principal (Civil Code 561). Currency: the invoice's."""

    invoice = models.ForeignKey(Invoice, models.PROTECT, related_name="charges")
    kind = models.CharField(_("kind"), max_length=8, choices=ChargeKind.choices)
    amount = money(_("amount"))
    open_amount = money(_("open"), editable=False)
    on = models.DateField(_("from"))
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    objects = OfInvoiceQuerySet["Charge"].as_manager()

    class Meta(Posted.Meta):
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="charge_amount_positive"),
            models.CheckConstraint(
                condition=Q(open_amount__gte=0, open_amount__lte=F("amount")), name="charge_open_within_amount"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["invoice"], name="charge_open_of_invoice", condition=STILL_OPEN)]
        triggers: ClassVar = never_changed("charge_is_only_added", "invoice", "kind", "amount", "on")

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.amount}"
