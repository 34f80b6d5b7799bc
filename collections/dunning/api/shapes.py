"""What the API answers about collecting. Amounts are text, currencies stand beside them."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from core.api.shapes import Shape
from dunning.choices import NextAction, PromiseState, SlotReason
from dunning.models import Case, CollectionCall, Promise
from dunning.queries import FirstStep
from receivables.choices import Grade


def name_of(path: str) -> serializers.CharField:
    """A text of a related row."""
    return serializers.CharField(source=path, read_only=True, allow_null=True)


class CaseShape(Shape):
    """A customer's collecting file. Its address is the account's id; totals are those of the currency most is overdue in."""

    account_name = name_of("account.name")
    collector_name = name_of("collector.full_name")

    class Meta:
        model = Case
        fields = (
            "account", "account_name", "collector", "collector_name", "claimed_by", "claimed_until", "currency",
            "overdue_amount", "callable_amount", "oldest_due_on", "invoices", "grade", "papers_missing", "broken_since",
            "promised_until", "next_action", "next_action_on", "paused_until", "paused_because", "last_touch_at",
            "last_reached_at", "cease_contact", "time_zone", "opens_at", "lunch_from", "lunch_to", "closes_at", "goal",
            "minimum",
        )  # fmt: skip


class CallShape(Shape):
    """A collection call. `at` is when it was logged, `called_at` when it was made."""

    account_name = name_of("account.name")

    class Meta:
        model = CollectionCall
        fields: tuple[str, ...] = (
            "id", "account", "account_name", "contact", "person", "channel", "called_at", "outcome", "cause", "said",
            "next_action", "next_action_on", "by", "at",
        )  # fmt: skip


class InstalmentShape(serializers.Serializer[Any]):
    """So much by a day, and what became of it."""

    due_on = serializers.DateField()
    amount = serializers.DecimalField(18, 2)
    state = serializers.ChoiceField(PromiseState.choices)
    arrived = serializers.DecimalField(18, 2)


class PromiseShape(Shape):
    """A promise to pay. `state` is worked out from the money that came; `arrived` is what of it has come."""

    account_name = name_of("account.name")

    class Meta:
        model = Promise
        fields: tuple[str, ...] = (
            "id", "account", "account_name", "call", "contact", "said_by", "channel", "quote", "currency", "amount",
            "made_on", "last_due_on", "state", "judged_on", "arrived", "replaced_by", "by", "at",
        )  # fmt: skip


class PromiseRecordShape(PromiseShape):
    """A promise with its instalments and the invoices it names (none: any money of theirs counts)."""

    instalments = InstalmentShape(many=True, read_only=True)
    invoices: Any = serializers.PrimaryKeyRelatedField(many=True, read_only=True)

    class Meta(PromiseShape.Meta):
        fields = (*PromiseShape.Meta.fields, "instalments", "invoices")


class LoggedCallShape(CallShape):
    """A call just logged, with the promise given in it and what spoke against calling at that hour."""

    promise = serializers.IntegerField(read_only=True, allow_null=True)
    warnings = serializers.ListField(child=serializers.CharField(), read_only=True)

    class Meta(CallShape.Meta):
        fields = (*CallShape.Meta.fields, "promise", "warnings")


class LineShape(serializers.Serializer[Any]):
    """A line of the queue. `score` is how good the moment is, 0 to 100; `why` says in sentences why it stands there."""

    account = serializers.IntegerField(source="account_id")
    account_name = serializers.CharField(source="account")
    currency = serializers.CharField()
    overdue_amount = serializers.DecimalField(18, 2)
    callable_amount = serializers.DecimalField(18, 2)
    oldest_due_on = serializers.DateField(allow_null=True)
    days = serializers.IntegerField()
    invoices = serializers.IntegerField()
    grade = serializers.ChoiceField(Grade.choices)
    todo = serializers.ChoiceField([step.value for step in FirstStep], source="first_step")
    score = serializers.IntegerField(source="slot.score")
    reasons = serializers.ListField(child=serializers.ChoiceField(SlotReason.choices), source="slot.reasons")
    callable_at = serializers.DateTimeField(allow_null=True)
    why = serializers.ListField(child=serializers.CharField())
    broken_since = serializers.DateField(allow_null=True)
    next_action = serializers.ChoiceField(NextAction.choices, allow_null=True)
    next_action_on = serializers.DateField(allow_null=True)
    collector = serializers.CharField()
    claimed_by = serializers.CharField()
    claimed_until = serializers.DateTimeField(allow_null=True)


class QueueShape(serializers.Serializer[Any]):
    """A page of the queue, best first; `next` is the address of the page behind it."""

    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = LineShape(many=True)
