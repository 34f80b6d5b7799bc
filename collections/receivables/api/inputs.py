"""What the API reads about the ledger. Shapes of input only: what makes sense is for the actions to say."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.conf import settings
from rest_framework import serializers

from core.money import CURRENCY_CHOICES
from receivables.actions import CONTRACT_FIELDS
from receivables.choices import (
    AllocationRule,
    Cause,
    ChargeKind,
    CreditReason,
    DisputeOutcome,
    DisputeReason,
    Grade,
    InterruptionKind,
    InvoiceKind,
    Method,
    Paper,
    Papers,
    WriteOffReason,
)
from receivables.models import Contract

Shape = serializers.Serializer[Any]
LARGEST_ID = 2**63 - 1


def an_id(source: str | None = None, **options: Any) -> serializers.IntegerField:
    """The id of another record."""
    return serializers.IntegerField(min_value=1, max_value=LARGEST_ID, source=source, **options)


def amount(**options: Any) -> serializers.DecimalField:
    """An amount, as text or number, with at most two decimal places."""
    return serializers.DecimalField(18, 2, **options)


def optional_text(length: int) -> serializers.CharField:
    """Text that may be left out or empty."""
    return serializers.CharField(max_length=length, allow_blank=True, required=False)


def optional_day(**options: Any) -> serializers.DateField:
    """A day that may be left out or null."""
    return serializers.DateField(required=False, allow_null=True, **options)


class ContractInput(serializers.ModelSerializer[Contract]):
    """What was agreed about paying."""

    number = serializers.CharField(max_length=60)
    terms_days = serializers.IntegerField(min_value=0, max_value=32_767, required=False, allow_null=True)

    class Meta:
        model = Contract
        fields: tuple[str, ...] = CONTRACT_FIELDS


class NewContractInput(ContractInput):
    """A contract of an account."""

    account = an_id("account_id")

    class Meta(ContractInput.Meta):
        fields = ("account", *CONTRACT_FIELDS)


class InvoiceInput(Shape):
    """A debt. Without `due_on` the terms of the contract count, else the customer's, else those of the settings."""

    account = an_id("account_id")
    contract = an_id("contract_id", required=False, allow_null=True)
    kind = serializers.ChoiceField(InvoiceKind.choices, required=False)
    number = serializers.CharField(max_length=60)
    amount = amount()
    currency = serializers.ChoiceField(CURRENCY_CHOICES, default=settings.DEFAULT_CURRENCY)
    issued_on = serializers.DateField()
    due_on = optional_day()
    recognised_on = optional_day(help_text="Where the account age begins; the day of issue unless given.")
    expected_on = optional_day()
    purchase_order = optional_text(60)
    papers = serializers.ChoiceField(Papers.choices, required=False)
    missing_papers = serializers.ListField(child=serializers.ChoiceField(Paper.choices), max_length=10, required=False)
    note = optional_text(10_000)


class PapersInput(Shape):
    """How far the papers have come, and what is expected; the debt itself never changes."""

    papers = serializers.ChoiceField(Papers.choices)
    missing_papers = serializers.ListField(child=serializers.ChoiceField(Paper.choices), max_length=10)
    purchase_order = serializers.CharField(max_length=60, allow_blank=True)
    note = serializers.CharField(max_length=10_000, allow_blank=True)
    expected_on = serializers.DateField(allow_null=True)


class GradeInput(Shape):
    """The grade a person gives; a note is needed where the rule says something else."""

    grade = serializers.ChoiceField(Grade.choices)
    note = serializers.CharField(max_length=500, allow_blank=True, default="")
    seen = serializers.ChoiceField(
        Grade.choices, required=False, help_text="The grade looked at; 409 if it is another by now."
    )


class ChargeInput(Shape):
    """Costs or interest claimed beside an invoice."""

    kind = serializers.ChoiceField(ChargeKind.choices, default=ChargeKind.COSTS)
    amount = amount()
    on = optional_day()
    reason = serializers.CharField(max_length=300)


class ClaimInput(Shape):
    """The late interest that has run until this day."""

    on = optional_day()
    reason = optional_text(300)


class InterruptionInput(Shape):
    """What provably restarted the right to sue. Part payments are known from the ledger and need not be told."""

    kind = serializers.ChoiceField(InterruptionKind.noted())
    on = optional_day(help_text="The day it arrived; today unless given.")
    evidence = serializers.CharField(max_length=500)


class LineInput(Shape):
    """So much to this invoice, as the customer said."""

    invoice = an_id()
    amount = amount()


class AllocateInput(Shape):
    """Which rule, or which lines, `on` which day. `seen` is the rest you saw: another one now is a conflict (409)."""

    rule = serializers.ChoiceField(AllocationRule.choices, required=False, allow_null=True)
    lines = serializers.ListField(child=LineInput(), required=False, allow_null=True, max_length=1_000)
    on = optional_day()
    seen = amount(required=False, allow_null=True)


class PaymentInput(Shape):
    """A receipt. Without an account it waits until somebody finds out whose it is."""

    account = an_id("account_id", allow_null=True, default=None)
    amount = amount()
    currency = serializers.ChoiceField(CURRENCY_CHOICES, default=settings.DEFAULT_CURRENCY)
    received_on = serializers.DateField()
    method = serializers.ChoiceField(Method.choices, required=False)
    reference = optional_text(120)
    payer = optional_text(200)
    payer_account = optional_text(60)
    designation = optional_text(300)
    allocate = serializers.BooleanField(required=False, help_text="Settle open invoices at once.")
    rule = serializers.ChoiceField(AllocationRule.choices, required=False, allow_null=True)
    lines = serializers.ListField(child=LineInput(), required=False, allow_null=True, max_length=1_000)
    anyway = serializers.BooleanField(
        default=True,
        help_text="False: refused (422, `similar`) where the same money seems to be here: customer, amount, currency, and "
        "day or bank reference.",
    )


class RefundInput(Shape):
    """Money paid back, drawn from what the customer has unallocated."""

    account = an_id("account_id")
    amount = amount()
    currency = serializers.ChoiceField(CURRENCY_CHOICES, default=settings.DEFAULT_CURRENCY)
    paid_on = serializers.DateField()
    method = serializers.ChoiceField(Method.choices, required=False)
    reference = optional_text(120)
    note = optional_text(300)


class AssignInput(Shape):
    """Whose money it is."""

    account = an_id("account_id")


class CreditNoteInput(Shape):
    """What we credit."""

    account = an_id("account_id")
    number = serializers.CharField(max_length=60)
    amount = amount()
    currency = serializers.ChoiceField(CURRENCY_CHOICES, default=settings.DEFAULT_CURRENCY)
    issued_on = serializers.DateField()
    reason = serializers.ChoiceField(CreditReason.choices, required=False)
    note = optional_text(500)
    allocate = serializers.BooleanField(required=False, help_text="Lower open invoices at once.")
    rule = serializers.ChoiceField(AllocationRule.choices, required=False, allow_null=True)
    lines = serializers.ListField(child=LineInput(), required=False, allow_null=True, max_length=1_000)


class ReverseInput(Shape):
    """Why it is taken back, and from which day."""

    reason = serializers.CharField(max_length=300)
    on = optional_day()


class WriteOffInput(Shape):
    """So much of an invoice to be given up, with the evidence."""

    invoice = an_id("invoice_id")
    amount = amount()
    reason = serializers.ChoiceField(WriteOffReason.choices)
    note = serializers.CharField(max_length=10_000)


class ApproveInput(Shape):
    """From which day it counts."""

    on = optional_day()
    because = optional_text(300)


class RefuseInput(Shape):
    """Why not."""

    because = serializers.CharField(max_length=300)


class DisputeInput(Shape):
    """What the customer does not accept; all that is open unless an amount is given."""

    invoice = an_id("invoice_id")
    amount = amount(required=False, allow_null=True)
    reason = serializers.ChoiceField(DisputeReason.choices)
    note = optional_text(10_000)
    on = optional_day()


class ResolveInput(Shape):
    """How it ended."""

    outcome = serializers.ChoiceField(DisputeOutcome.choices)
    resolution = serializers.CharField(max_length=10_000)
    on = optional_day()


class CauseInput(Shape):
    """Why the customer does not pay; no cause: none is known any longer."""

    account = an_id("account_id")
    cause = serializers.ChoiceField(Cause.choices, allow_null=True)
    note = optional_text(10_000)


class HoldInput(Shape):
    """Why supply stops."""

    account = an_id("account_id")
    reason = serializers.CharField(max_length=300)


class LiftInput(Shape):
    """Why supply goes on."""

    because = serializers.CharField(max_length=300)


def designated(given: dict[str, Any]) -> dict[int, Decimal] | None:
    """The lines as the actions take them; the same invoice twice is added up."""
    lines = given.pop("lines", None)
    if lines is None:
        return None
    found: dict[int, Decimal] = {}
    for line in lines:
        found[line["invoice"]] = found.get(line["invoice"], Decimal(0)) + line["amount"]
    return found
