"""What the API answers about the ledger. Amounts are text, currencies stand beside them."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from core.api.shapes import Shape
from receivables.actions import CONTRACT_FIELDS
from receivables.choices import InterruptionKind
from receivables.models import (
    Allocation,
    CauseFinding,
    Charge,
    Contract,
    CreditNote,
    Dispute,
    Invoice,
    Payment,
    SupplyHold,
    WriteOff,
)


def name_of(path: str) -> serializers.CharField:
    """A text of a related row."""
    return serializers.CharField(source=path, read_only=True, allow_null=True)


class ContractShape(Shape):
    """What was agreed about paying."""

    account_name = name_of("account.name")

    class Meta:
        model = Contract
        fields = ("id", "version", "account", "account_name", *CONTRACT_FIELDS, "created_at", "updated_at")


class InvoiceShape(Shape):
    """A debt: what it says never changes; `open_amount` is the rest of its principal, `disputed_amount` a part of that."""

    account_name = name_of("account.name")

    class Meta:
        model = Invoice
        fields = (
            "id", "kind", "account", "account_name", "contract", "number", "serial", "currency", "amount", "open_amount",
            "disputed_amount", "issued_on", "due_on", "recognised_on", "settled_on", "expected_on", "purchase_order",
            "papers", "missing_papers", "note", "grade", "grade_reasons", "grade_is_settled", "by", "at",
        )  # fmt: skip


class ChargeShape(Shape):
    """Interest or costs claimed beside an invoice, in its currency."""

    class Meta:
        model = Charge
        fields = ("id", "invoice", "kind", "amount", "open_amount", "on", "reason", "by", "at")


class PaymentShape(Shape):
    """Money received or paid back; `unallocated` is the rest that settles nothing yet."""

    account_name = name_of("account.name")

    class Meta:
        model = Payment
        fields = (
            "id", "flow", "account", "account_name", "method", "reference", "payer", "payer_account", "designation",
            "currency", "amount", "unallocated", "received_on", "reversed_on", "by", "at",
        )  # fmt: skip


class CreditNoteShape(Shape):
    """What we credited; `unallocated` is the rest that lowers no invoice yet."""

    account_name = name_of("account.name")

    class Meta:
        model = CreditNote
        fields = (
            "id", "account", "account_name", "number", "serial", "currency", "amount", "unallocated", "issued_on",
            "reason", "note", "reversed_on", "by", "at",
        )  # fmt: skip


class AllocationShape(Shape):
    """So much of a payment, credit note or write-off to a part of an invoice, by which rule and why there."""

    invoice_number = name_of("invoice.number")
    currency = name_of("invoice.currency")

    class Meta:
        model = Allocation
        fields = (
            "id", "invoice", "invoice_number", "charge", "payment", "credit_note", "write_off", "part", "amount",
            "currency", "on", "rule", "because", "reverses", "by", "at",
        )  # fmt: skip


class WriteOffShape(Shape):
    """A request to give up a debt in the books, and what was decided."""

    invoice_number = name_of("invoice.number")
    account = serializers.IntegerField(source="invoice.account_id", read_only=True)
    currency = name_of("invoice.currency")

    class Meta:
        model = WriteOff
        fields = (
            "id", "invoice", "invoice_number", "account", "currency", "amount", "reason", "note", "decision",
            "decided_by", "decided_at", "decided_because", "on", "reversed_on", "by", "at",
        )  # fmt: skip


class DisputeShape(Shape):
    """A part of an invoice the customer does not accept."""

    invoice_number = name_of("invoice.number")
    account = serializers.IntegerField(source="invoice.account_id", read_only=True)
    currency = name_of("invoice.currency")

    class Meta:
        model = Dispute
        fields = (
            "id", "invoice", "invoice_number", "account", "currency", "amount", "reason", "note", "opened_on",
            "resolved_on", "outcome", "resolution", "resolved_by", "by", "at",
        )  # fmt: skip


class CauseShape(Shape):
    """Why a customer does not pay (C4)."""

    class Meta:
        model = CauseFinding
        fields = ("id", "account", "cause", "note", "on", "ended_on", "by", "at")


class HoldShape(Shape):
    """A hold on supplying a customer."""

    class Meta:
        model = SupplyHold
        fields = ("id", "account", "reason", "on", "lifted_on", "lifted_by", "lifted_because", "by", "at")


class ProposedLineShape(serializers.Serializer[Any]):
    """One line of a proposal."""

    invoice = serializers.IntegerField(source="invoice.pk")
    invoice_number = serializers.CharField(source="invoice.number")
    charge = serializers.IntegerField(source="charge.pk", allow_null=True, default=None)
    part = serializers.CharField()
    amount = serializers.DecimalField(18, 2)
    rule = serializers.CharField()
    because = serializers.CharField()
    reason = serializers.CharField(source="because.label", help_text="`because` in words.")


class ProposalShape(serializers.Serializer[Any]):
    """Where the rest should go, and what would be left."""

    lines = ProposedLineShape(many=True)
    left = serializers.DecimalField(18, 2)


class RestartShape(serializers.Serializer[Any]):
    """Something that provably happened to a debt. `counts`: it restarted the right to sue; what came too late did not."""

    on = serializers.DateField()
    kind = serializers.ChoiceField(InterruptionKind.choices)
    evidence = serializers.CharField()
    counts = serializers.BooleanField()


class RightToSueShape(serializers.Serializer[Any]):
    """The last day to sue on an invoice (C14) and how it came about, oldest first.

    `days_left` is negative when that day has passed; `revived`: the debtor acted after it, for counsel to judge.
    """

    expires_on = serializers.DateField()
    days_left = serializers.IntegerField()
    revived = serializers.BooleanField()
    restarts = RestartShape(many=True)
