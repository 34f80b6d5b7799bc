"""Money that came, credits, write-offs, and where each of them went. Rows are inserted, never edited: what was wrong is reversed."""

from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from receivables.choices import AllocationRule, CreditReason, Decision, Flow, Method, Part, WriteOffReason
from receivables.models.base import (
    OfAccountQuerySet,
    OfInvoiceQuerySet,
    Posted,
    currency,
    money,
    never_changed,
    poster,
    said_once,
)
from receivables.models.invoice import Charge, Invoice

NOT_USED_UP = Q(unallocated__gt=0)


class Payment(Posted):
    """Money received from a customer, or paid back to him.

    `unallocated` is the stored rest that settles no invoice yet (I1). A receipt whose payer nobody knows has no account
    until it is assigned, once. `payer` is who paid as the bank says it, which may be another than the customer.
    `designation` is what the customer wrote it is for: under Civil Code 560 his word comes first. `import_key` makes
    replaying a statement change nothing.
    """

    flow = models.CharField(_("direction"), max_length=8, choices=Flow.choices, default=Flow.RECEIPT)
    account = models.ForeignKey(
        Account,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="payments",
        db_index=False,
        verbose_name=_("account"),
    )
    method = models.CharField(_("method"), max_length=8, choices=Method.choices, default=Method.TRANSFER)
    reference = models.CharField(_("bank reference"), max_length=120, blank=True)
    payer = models.CharField(_("payer"), max_length=200, blank=True)
    payer_account = models.CharField(_("payer's bank account"), max_length=60, blank=True)
    designation = models.CharField(_("meant for"), max_length=300, blank=True)
    currency = currency()
    amount = money(_("amount"))
    unallocated = money(_("not allocated"), editable=False)
    received_on = models.DateField(_("received"))
    reversed_on = models.DateField(_("reversed"), null=True, editable=False)
    import_key = models.CharField(max_length=80, null=True, editable=False)
    by = poster(db_index=False)

    objects = OfAccountQuerySet["Payment"].as_manager()

    class Meta(Posted.Meta):
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["import_key"], name="payment_import_key_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="payment_amount_positive"),
            models.CheckConstraint(
                condition=Q(unallocated__gte=0, unallocated__lte=F("amount")), name="payment_unallocated_within_amount"
            ),
            models.CheckConstraint(
                condition=Q(reversed_on__isnull=True) | Q(unallocated=0), name="payment_reversed_has_nothing_left"
            ),
            models.CheckConstraint(
                condition=Q(flow=Flow.RECEIPT) | Q(unallocated=0), name="payment_refund_settles_nothing"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["account", "-received_on", "-id"], name="payment_of_account"),
            models.Index(fields=["-received_on", "-id"], name="payment_newest"),
            models.Index(fields=["-received_on", "-id"], name="payment_to_allocate", condition=NOT_USED_UP),
            models.Index(fields=["reversed_on"], name="payment_reversed", condition=Q(reversed_on__isnull=False)),
            models.Index(fields=["account"], include=["currency", "unallocated"], name="payment_unallocated_of_account",
                         condition=NOT_USED_UP),
            models.Index(fields=["reference"], name="payment_by_reference", condition=~Q(reference="")),
        ]  # fmt: skip
        triggers: ClassVar = [
            *never_changed("payment_is_only_added", "flow", "currency", "amount", "received_on", "method", "reference"),
            said_once("payment_is_assigned_once", "account_id"),
            said_once("payment_is_reversed_once", "reversed_on"),
        ]

    def __str__(self) -> str:
        return self.reference or f"#{self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("receivables:payment", args=[self.pk])


class CreditNote(Posted):
    """What we credit a customer: goods returned, a price corrected. `unallocated` is the rest that no invoice took yet."""

    account = models.ForeignKey(Account, models.PROTECT, related_name="credit_notes", verbose_name=_("account"))
    number = models.CharField(_("credit note number"), max_length=60)
    serial = models.PositiveSmallIntegerField(default=1, editable=False)
    currency = currency()
    amount = money(_("amount"))
    unallocated = money(_("not allocated"), editable=False)
    issued_on = models.DateField(_("issued"))
    reason = models.CharField(_("reason"), max_length=10, choices=CreditReason.choices, default=CreditReason.OTHER)
    note = models.CharField(_("note"), max_length=500, blank=True)
    reversed_on = models.DateField(_("reversed"), null=True, editable=False)

    objects = OfAccountQuerySet["CreditNote"].as_manager()

    class Meta(Posted.Meta):
        verbose_name = _("credit note")
        verbose_name_plural = _("credit notes")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["number", "serial"], name="credit_note_number_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="credit_note_amount_positive"),
            models.CheckConstraint(
                condition=Q(unallocated__gte=0, unallocated__lte=F("amount")),
                name="credit_note_unallocated_within_amount",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["account", "-issued_on", "-id"], name="credit_note_of_account"),
            models.Index(fields=["account"], include=["currency", "unallocated"], name="credit_note_left_of_account",
                         condition=NOT_USED_UP),
        ]  # fmt: skip
        triggers: ClassVar = [
            *never_changed(
                "credit_note_is_only_added", "account", "number", "serial", "currency", "amount", "issued_on"
            ),
            said_once("credit_note_is_reversed_once", "reversed_on"),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("receivables:credit_note", args=[self.pk])


class RefundLine(Posted):
    """So much of a receipt or credit note was paid back to the customer by this refund.

    unallocated(receipt, day) = amount − Σ its allocations with on ≤ day − Σ its refund lines with on ≤ day. A refund is
    always drawn in full from what its customer had unallocated. A refund that is reversed leaves rows with the opposite
    amounts that name these in `reverses`.
    """

    refund = models.ForeignKey(Payment, models.PROTECT, related_name="refund_lines")
    payment = models.ForeignKey(Payment, models.PROTECT, null=True, related_name="refunded")
    credit_note = models.ForeignKey(CreditNote, models.PROTECT, null=True, related_name="refunded")
    amount = money(_("amount"))
    on = models.DateField()
    reverses = models.OneToOneField("self", models.PROTECT, null=True, related_name="reversed_by")

    class Meta(Posted.Meta):
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(payment__isnull=False, credit_note__isnull=True)
                | Q(payment__isnull=True, credit_note__isnull=False),
                name="refund_line_from_one_source",
            ),
            models.CheckConstraint(
                condition=Q(reverses__isnull=True, amount__gt=0) | Q(reverses__isnull=False, amount__lt=0),
                name="refund_line_negative_only_to_reverse",
            ),
        ]
        triggers: ClassVar = never_changed("refund_line_is_only_added")

    def __str__(self) -> str:
        return f"{self.amount} → {self.refund_id}"


class WriteOff(Posted):
    """A request to give up a debt in the books, decided by somebody else than who asked (C1, assurance §2.10).

    Only the approved one has an Allocation. The claim, its clocks and the contact go on.
    """

    invoice = models.ForeignKey(Invoice, models.PROTECT, related_name="write_offs")
    amount = money(_("amount"))
    reason = models.CharField(_("reason"), max_length=14, choices=WriteOffReason.choices)
    note = models.TextField(_("evidence and reason"))
    decision = models.CharField(_("state"), max_length=8, choices=Decision.choices, default=Decision.WAITING)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decided_because = models.CharField(max_length=300, blank=True)
    on = models.DateField(_("written off"), null=True)
    reversed_on = models.DateField(_("reversed"), null=True, editable=False)

    objects = OfInvoiceQuerySet["WriteOff"].as_manager()

    class Meta(Posted.Meta):
        verbose_name = _("write-off")
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="write_off_amount_positive"),
            models.CheckConstraint(
                condition=Q(decision=Decision.WAITING) | Q(decided_at__isnull=False), name="write_off_decided_when"
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("by")), name="write_off_by_two_people"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["id"], name="write_off_waiting", condition=Q(decision=Decision.WAITING)),
        ]
        triggers: ClassVar = [
            *never_changed("write_off_is_only_added", "invoice", "amount", "reason", "by"),
            said_once("write_off_is_decided_once", "decision", unsaid="'waiting'"),
            said_once("write_off_is_reversed_once", "reversed_on"),
        ]

    def __str__(self) -> str:
        return f"{self.invoice} {self.amount}"


class Reversal(Posted):
    """A payment, credit note or write-off taken back, once and whole, with the reason (I4). Its allocations are reversed with it."""

    payment = models.OneToOneField(Payment, models.PROTECT, null=True, related_name="reversal")
    credit_note = models.OneToOneField(CreditNote, models.PROTECT, null=True, related_name="reversal")
    write_off = models.OneToOneField(WriteOff, models.PROTECT, null=True, related_name="reversal")
    on = models.DateField(_("reversed on"))
    reason = models.CharField(_("reason"), max_length=300)

    class Meta(Posted.Meta):
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(payment__isnull=False, credit_note__isnull=True, write_off__isnull=True)
                | Q(payment__isnull=True, credit_note__isnull=False, write_off__isnull=True)
                | Q(payment__isnull=True, credit_note__isnull=True, write_off__isnull=False),
                name="reversal_of_one_thing",
            ),
        ]
        triggers: ClassVar = never_changed("reversal_is_only_added")

    def __str__(self) -> str:
        return self.reason


ALLOCATION_FITS = pgtrigger.Trigger(
    name="allocation_fits",
    level=pgtrigger.Statement,
    when=pgtrigger.After,
    operation=pgtrigger.Insert,
    referencing=pgtrigger.Referencing(new="added"),  # type: ignore[no-untyped-call]
    declare=[("wrong", "bigint")],
    func="""
        SELECT a.id INTO wrong FROM added a
        JOIN receivables_invoice i ON i.id = a.invoice_id
        LEFT JOIN receivables_payment p ON p.id = a.payment_id
        LEFT JOIN receivables_creditnote c ON c.id = a.credit_note_id
        LEFT JOIN receivables_writeoff w ON w.id = a.write_off_id
        LEFT JOIN receivables_charge h ON h.id = a.charge_id
        LEFT JOIN receivables_allocation o ON o.id = a.reverses_id
        WHERE i.currency <> coalesce(p.currency, c.currency, i.currency)
           OR i.account_id IS DISTINCT FROM coalesce(p.account_id, c.account_id, CASE WHEN w.id IS NOT NULL THEN i.account_id END)
           OR a.invoice_id <> coalesce(w.invoice_id, h.invoice_id, a.invoice_id)
           OR (o.id IS NOT NULL AND (
                o.amount <> -a.amount OR o.part <> a.part OR o.on > a.on
                OR (o.invoice_id, o.charge_id, o.payment_id, o.credit_note_id, o.write_off_id)
                   IS DISTINCT FROM (a.invoice_id, a.charge_id, a.payment_id, a.credit_note_id, a.write_off_id)))
        LIMIT 1;
        IF wrong IS NOT NULL THEN
            RAISE EXCEPTION 'allocation % does not fit its invoice, its source or what it reverses', wrong
                USING ERRCODE = 'check_violation', CONSTRAINT = 'allocation_fits';
        END IF;
        RETURN NULL;
    """,
)
"""I4 and I7: an allocation stays in one currency and one account, and a reversal is minus its original, line by line."""


ALLOCATION_REPEATS = pgtrigger.Trigger(
    name="allocation_repeats_its_invoice",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert,
    func="""
        SELECT i.account_id, i.currency, i.issued_on, i.due_on, i.recognised_on
        INTO NEW.account_id, NEW.currency, NEW.issued_on, NEW.due_on, NEW.recognised_on
        FROM receivables_invoice i WHERE i.id = NEW.invoice_id;
        NEW.source_on = coalesce(
            (SELECT received_on FROM receivables_payment WHERE id = NEW.payment_id),
            (SELECT issued_on FROM receivables_creditnote WHERE id = NEW.credit_note_id)
        );
        RETURN NEW;
    """,
)
"""What the invoice says of itself never changes, so its allocations may repeat it: past days are sums over one index."""


class Allocation(Posted):
    """So much of a payment, credit note or write-off settles this invoice, from day `on`, and why.

    The one table every balance is the sum of: open(invoice, day) = amount − Σ principal allocations with on ≤ day. An
    allocation is undone by a row with the opposite amount that names it in `reverses`, once. `because` is a code of
    `rules.allocation.Because` (`choices.AllocationReason` says it in words). Account, currency and days are the
    invoice's; the database fills them in.
    """

    # One of the sources and mostly no charge: the indexes below hold only rows that have one.
    invoice = models.ForeignKey(Invoice, models.PROTECT, related_name="allocations", db_index=False)
    charge = models.ForeignKey(Charge, models.PROTECT, null=True, related_name="allocations", db_index=False)
    payment = models.ForeignKey(Payment, models.PROTECT, null=True, related_name="allocations", db_index=False)
    credit_note = models.ForeignKey(CreditNote, models.PROTECT, null=True, related_name="allocations", db_index=False)
    write_off = models.ForeignKey(WriteOff, models.PROTECT, null=True, related_name="allocations", db_index=False)
    part = models.CharField(max_length=9, choices=Part.choices, default=Part.PRINCIPAL)
    amount = money(_("amount"))
    on = models.DateField()
    rule = models.CharField(max_length=12, choices=AllocationRule.choices, default=AllocationRule.DESIGNATED)
    because = models.CharField(max_length=16, blank=True)
    reverses = models.OneToOneField("self", models.PROTECT, null=True, related_name="reversed_by")

    account = models.ForeignKey(Account, models.PROTECT, related_name="+", db_index=False, editable=False)
    currency = models.CharField(max_length=3, editable=False)
    issued_on = models.DateField(editable=False)
    due_on = models.DateField(editable=False)
    recognised_on = models.DateField(editable=False)
    source_on = models.DateField(editable=False, null=True)  # when the payment or credit note came
    by = poster(db_index=False)

    objects = OfInvoiceQuerySet["Allocation"].as_manager()

    class Meta(Posted.Meta):
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(payment__isnull=False, credit_note__isnull=True, write_off__isnull=True)
                | Q(payment__isnull=True, credit_note__isnull=False, write_off__isnull=True)
                | Q(payment__isnull=True, credit_note__isnull=True, write_off__isnull=False),
                name="allocation_from_one_source",
            ),
            models.CheckConstraint(
                condition=Q(reverses__isnull=True, amount__gt=0) | Q(reverses__isnull=False, amount__lt=0),
                name="allocation_negative_only_to_reverse",
            ),
            models.CheckConstraint(
                condition=Q(part="principal", charge__isnull=True) | (~Q(part="principal") & Q(charge__isnull=False)),
                name="allocation_part_has_its_charge",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["invoice", "on"], include=["amount", "part"], name="allocation_of_invoice"),
            models.Index(fields=["payment"], name="allocation_of_payment", condition=Q(payment__isnull=False)),
            models.Index(
                fields=["credit_note"], name="allocation_of_credit_note", condition=Q(credit_note__isnull=False)
            ),
            models.Index(fields=["write_off"], name="allocation_of_write_off", condition=Q(write_off__isnull=False)),
            models.Index(fields=["charge"], name="allocation_of_charge", condition=Q(charge__isnull=False)),
            models.Index(
                fields=["on"], name="allocation_since_day",
                include=["invoice", "amount", "part", "payment", "write_off",
                         "account", "currency", "issued_on", "due_on", "recognised_on", "source_on"],
            ),
            models.Index(  # what a past day had not allocated yet: money that came by then
                fields=["on"], name="allocation_of_earlier_money", include=["source_on", "account", "currency", "amount"],
                condition=Q(on__gt=F("source_on")),
            ),
        ]  # fmt: skip
        triggers: ClassVar = [*never_changed("allocation_is_only_added"), ALLOCATION_FITS, ALLOCATION_REPEATS]

    def __str__(self) -> str:
        return f"{self.amount} → {self.invoice_id}"
