"""What the API reads about collecting. Shapes of input only: what makes sense is for the actions to say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rest_framework import serializers

from core.api.fields import MomentField
from core.money import CURRENCY_CHOICES
from dunning.actions import PromiseGiven
from dunning.choices import CallOutcome, NextAction, Reached
from dunning.queries import Whose
from receivables.choices import Cause

Shape = serializers.Serializer[Any]
LARGEST_ID = 2**63 - 1
MOST_INVOICES = 500


def an_id(source: str | None = None, **options: Any) -> serializers.IntegerField:
    """The id of another record."""
    return serializers.IntegerField(min_value=1, max_value=LARGEST_ID, source=source, **options)


def ids(**options: Any) -> serializers.ListField:
    """Ids of invoices; none: any money of theirs."""
    return serializers.ListField(child=an_id(), max_length=MOST_INVOICES, required=False, **options)


def optional_text(length: int) -> serializers.CharField:
    """Text that may be left out or empty."""
    return serializers.CharField(max_length=length, allow_blank=True, required=False, default="")


class InstalmentInput(Shape):
    """So much by a day."""

    due_on = serializers.DateField()
    amount = serializers.DecimalField(18, 2)


class PromiseTerms(Shape):
    """What was promised: one instalment or more, for these invoices or for whatever is owed."""

    instalments = InstalmentInput(many=True, allow_empty=False)
    currency = serializers.ChoiceField(CURRENCY_CHOICES)
    said_by = optional_text(120)
    quote = optional_text(5_000)
    invoices = ids(source="invoice_ids", default=list)


class PromiseInput(PromiseTerms):
    """A promise made outside of a call: by letter, in a meeting."""

    account = an_id("account_id")
    contact = an_id("contact_id", required=False, allow_null=True, default=None)
    channel = serializers.ChoiceField(Reached.choices, default=Reached.PHONE)
    made_on = serializers.DateField(required=False, allow_null=True, default=None)


class ReplaceInput(Shape):
    """Another promise in place of an open one, and why; currency and invoices stay unless given."""

    reason = serializers.CharField(max_length=300)
    instalments = InstalmentInput(many=True, allow_empty=False)
    currency = serializers.ChoiceField(CURRENCY_CHOICES, required=False)
    said_by = optional_text(120)
    quote = optional_text(5_000)
    channel = serializers.ChoiceField(Reached.choices, default=Reached.PHONE)
    contact = an_id("contact_id", required=False, allow_null=True, default=None)
    invoices = ids(source="invoice_ids")


class CallInput(Shape):
    """A call that was made; with the outcome `promise` also what was promised."""

    account = an_id("account_id")
    outcome = serializers.ChoiceField(CallOutcome.choices)
    called_at = MomentField(required=False, allow_null=True, default=None)
    channel = serializers.ChoiceField(Reached.choices, default=Reached.PHONE)
    contact = an_id("contact_id", required=False, allow_null=True, default=None)
    person = optional_text(120)
    cause = serializers.ChoiceField(Cause.choices, allow_blank=True, default="")
    said = optional_text(10_000)
    next_action = serializers.ChoiceField(NextAction.choices, allow_blank=True, default="")
    next_action_on = serializers.DateField(required=False, allow_null=True, default=None)
    invoices = ids(source="invoice_ids", default=list)
    promise = PromiseTerms(required=False, allow_null=True, default=None)
    replaces = an_id(
        required=False, allow_null=True, default=None, help_text="The open promise that the new one replaces."
    )


class CaseInput(Shape):
    """How to collect from a customer: their hours, our goal and minimum, whether they may be contacted at all."""

    time_zone = serializers.CharField(max_length=40, required=False)
    opens_at = serializers.TimeField(required=False)
    lunch_from = serializers.TimeField(required=False)
    lunch_to = serializers.TimeField(required=False)
    closes_at = serializers.TimeField(required=False)
    goal = serializers.CharField(max_length=200, allow_blank=True, required=False)
    minimum = serializers.CharField(max_length=200, allow_blank=True, required=False)
    cease_contact = serializers.BooleanField(required=False)


class PauseInput(Shape):
    """No dunning before a day, and why."""

    until = serializers.DateField()
    reason = serializers.CharField(max_length=300)


class AssignCaseInput(Shape):
    """Who collects; null: nobody in particular."""

    collector = an_id("collector_id", allow_null=True)


class QueueInput(Shape):
    """Whose lines, as of when, which page."""

    whose = serializers.CharField(default=Whose.MINE.value, help_text="`mine`, `all`, or the id of a collector.")
    at = MomentField(required=False, allow_null=True, default=None)
    page_size = serializers.IntegerField(min_value=1, max_value=200, default=50)
    after = serializers.CharField(required=False, default="")
    before = serializers.CharField(required=False, default="")

    def validate_whose(self, value: str) -> Whose | int:
        if value in set(Whose):
            return Whose(value)
        if value.isascii() and value.isdigit() and len(value) < 19:
            return int(value)
        raise serializers.ValidationError("Write mine, all, or the id of a collector.")


def parts_of(given: Mapping[str, Any]) -> list[tuple[Any, Any]]:
    """The instalments as actions take them."""
    return [(part["due_on"], part["amount"]) for part in given["instalments"]]


def promise_of(given: Mapping[str, Any] | None) -> PromiseGiven | None:
    """The promise in a call as actions take it."""
    if given is None:
        return None
    return PromiseGiven(
        parts_of(given), given["currency"], given["quote"], given["said_by"], tuple(given["invoice_ids"])
    )
