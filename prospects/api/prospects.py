"""/api/v1/prospects/: the same queries and actions as the pages."""

from __future__ import annotations

from functools import cached_property
from typing import Any, ClassVar

from django.conf import settings
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.resources import ResourceViewSet, takes
from core.api.shapes import Shape
from core.money import CURRENCY_CHOICES
from prospects import actions, queries
from prospects.actions import Evidence
from prospects.api.fields import StageField
from prospects.choices import Criterion, LossReason, Outcome, Stage
from prospects.filters import ProspectFilters
from prospects.models import Prospect
from prospects.rules import criteria


class ProspectShape(Shape):
    """A prospect. `stage` is its class by letter, `probability` the class's percentage."""

    stage = StageField(read_only=True)
    probability = serializers.IntegerField(source="stage", read_only=True)
    account_name = serializers.CharField(source="account.name", read_only=True, allow_null=True)
    owner_name = serializers.CharField(source="owner.full_name", read_only=True)
    falls_back_to = StageField(read_only=True, allow_null=True)

    class Meta:
        model = Prospect
        fields = (
            "id", "version", "name", "code", "account", "account_name", "contact", "owner", "owner_name", "team",
            "product", "source", "stage", "probability", "entered_stage_on", "amount", "currency", "own_estimate",
            "opened_on", "first_meeting_on", "decision_on", "start_on", "expected_close_on", "next_step",
            "next_step_on", "notes", "contacts_made", "last_contact_on", "slipping_since", "slip_reason", "falls_back_to", "overrides",
            "last_reviewed_at", "outcome", "closed_on", "created_at", "updated_at",
        )  # fmt: skip

    @cached_property
    def reads(self) -> tuple[str, ...]:
        """Classes are turned into letters, so their numbers must be in the row too."""
        return (*super().reads, "falls_back_to")


class CriterionShape(serializers.Serializer[Any]):
    """One entry criterion of a class and how it stands."""

    criterion = serializers.ChoiceField(Criterion.choices)
    label = serializers.CharField()  # type: ignore[assignment]
    hard = serializers.BooleanField(help_text="Whether it stops the move.")
    met = serializers.BooleanField()
    needs_tick = serializers.BooleanField()
    needs_fields = serializers.ListField(child=serializers.CharField())
    note = serializers.CharField()
    link = serializers.CharField()
    by = serializers.CharField(allow_null=True)
    on = serializers.DateField(allow_null=True)


class ClassShape(serializers.Serializer[Any]):
    """One class with its entry criteria."""

    stage = StageField()
    one_of = serializers.BooleanField(help_text="Any single criterion is enough.")
    criteria = CriterionShape(many=True)


class FactsInput(serializers.Serializer[Any]):
    """Dates, amount and next step of a prospect."""

    amount = serializers.DecimalField(18, 2, min_value=0, allow_null=True, required=False)
    first_meeting_on = serializers.DateField(allow_null=True, required=False)
    decision_on = serializers.DateField(allow_null=True, required=False)
    start_on = serializers.DateField(allow_null=True, required=False)
    expected_close_on = serializers.DateField(allow_null=True, required=False)
    next_step = serializers.CharField(max_length=200, allow_blank=True, required=False)
    next_step_on = serializers.DateField(allow_null=True, required=False)


class ProspectInput(FactsInput):
    """What can be set on a prospect; its class is changed by `move`."""

    name = serializers.CharField(max_length=200)
    code = serializers.CharField(max_length=60, allow_blank=True, required=False)
    account = serializers.IntegerField(source="account_id", allow_null=True, required=False)
    contact = serializers.IntegerField(source="contact_id", allow_null=True, required=False)
    product = serializers.CharField(max_length=120, allow_blank=True, required=False)
    source = serializers.CharField(max_length=60, allow_blank=True, required=False)  # type: ignore[assignment]
    currency = serializers.ChoiceField(CURRENCY_CHOICES, required=False, help_text=settings.DEFAULT_CURRENCY)
    own_estimate = serializers.IntegerField(min_value=0, max_value=100, allow_null=True, required=False)
    notes = serializers.CharField(allow_blank=True, required=False)


class NewProspectInput(ProspectInput):
    """A prospect to add; another owner needs the right to transfer."""

    owner = serializers.IntegerField(source="owner_id", required=False)


class TickInput(serializers.Serializer[Any]):
    """A criterion with its evidence: a note, a link or a recorded visit."""

    criterion = serializers.ChoiceField(Criterion.choices)
    note = serializers.CharField(allow_blank=True, required=False, default="")
    link = serializers.URLField(max_length=500, allow_blank=True, required=False, default="")
    visit = serializers.IntegerField(source="visit_id", min_value=1, allow_null=True, required=False, default=None)
    on = serializers.DateField(allow_null=True, required=False, default=None)


class WithdrawInput(serializers.Serializer[Any]):
    """A criterion that no longer holds."""

    criterion = serializers.ChoiceField(Criterion.choices)
    because = serializers.CharField(max_length=200)


class MoveInput(FactsInput):
    """Where to, with whatever is still missing; `reason` going back or overriding."""

    to = StageField()
    ticks = TickInput(many=True, required=False)
    reason = serializers.CharField(max_length=500, allow_blank=True, required=False, default="")
    override = serializers.BooleanField(required=False, default=False)


class CloseInput(serializers.Serializer[Any]):
    """Won (one criterion of S must hold) or lost (with its reason)."""

    outcome = serializers.ChoiceField(Outcome.choices)
    on = serializers.DateField(allow_null=True, required=False, default=None)
    reason = serializers.ChoiceField(LossReason.choices, allow_blank=True, required=False, default="")
    competitor = serializers.CharField(max_length=120, allow_blank=True, required=False, default="")
    note = serializers.CharField(allow_blank=True, required=False, default="")
    ticks = TickInput(many=True, required=False)
    amount = serializers.DecimalField(18, 2, min_value=0, allow_null=True, required=False, default=None)
    override = serializers.BooleanField(required=False, default=False)


class ReopenInput(serializers.Serializer[Any]):
    """Why it comes back, and what happens next."""

    because = serializers.CharField(max_length=200)
    to = StageField(required=False, allow_null=True, default=None)
    next_step = serializers.CharField(max_length=200, allow_blank=True, required=False, default="")
    next_step_on = serializers.DateField(allow_null=True, required=False, default=None)


class TransferInput(serializers.Serializer[Any]):
    """The new owner."""

    owner = serializers.IntegerField()


class FollowUpInput(serializers.Serializer[Any]):
    """The visit that was, or is to be, about the prospect."""

    visit = serializers.IntegerField(source="visit_id", min_value=1)


class ProspectViewSet(ResourceViewSet):
    """Prospects on and off the board."""

    shape = ProspectShape
    rows = staticmethod(queries.visible_prospects)
    one = staticmethod(queries.get_prospect)
    filterset_class = ProspectFilters
    sorts: ClassVar = {
        "id": "id", "name": "sort_name", "updated_at": "updated_at", "closed_on": "closed_on", "amount": "amount",
        "expected_close_on": "expected_close_on", "next_step_on": "next_step_on",
    }  # fmt: skip

    @takes(NewProspectInput, ProspectShape, status=201, summary="Put a prospect on the board, at E")
    def create(self, request: Request) -> Response:
        """It starts as an opportunity (E); `move` brings it further."""
        prospect = actions.add_prospect(by=self.user, **self.read(NewProspectInput))
        return self.answer(self.one(self.user, prospect.pk), status=201)

    @takes(ProspectInput, ProspectShape, summary="Edit a prospect")
    def partial_update(self, request: Request, pk: str) -> Response:
        """Only the fields given are changed."""
        changes = self.read(ProspectInput, partial=True)
        actions.edit_prospect(by=self.user, prospect_id=int(pk), version=self.version(), **changes)
        return self.again(pk)

    @takes(MoveInput, ProspectShape, summary="Bring a prospect into another class")
    @action(detail=True, methods=["post"])
    def move(self, request: Request, pk: str) -> Response:
        """Refused with `criteria_missing` and the list of what is missing, or with `next_step_missing`."""
        given = self.read(MoveInput)
        actions.move_prospect(
            by=self.user,
            prospect_id=int(pk),
            version=self.version(),
            to=given.pop("to"),
            ticks=_evidence(given),
            reason=given.pop("reason"),
            override=given.pop("override"),
            facts=given,
        )
        return self.again(pk)

    @takes(TickInput, ProspectShape, summary="Confirm a criterion")
    @action(detail=True, methods=["post"])
    def tick(self, request: Request, pk: str) -> Response:
        """With its evidence. Confirmed already: 409."""
        actions.tick_criterion(by=self.user, prospect_id=int(pk), **self.read(TickInput))
        return self.again(pk)

    @takes(WithdrawInput, ProspectShape, summary="Withdraw a criterion")
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: str) -> Response:
        """The class that rests on it begins to slip."""
        actions.withdraw_criterion(by=self.user, prospect_id=int(pk), **self.read(WithdrawInput))
        return self.again(pk)

    @takes(CloseInput, ProspectShape, summary="Close as won or lost")
    @action(detail=True, methods=["post"])
    def close(self, request: Request, pk: str) -> Response:
        """Takes it off the board."""
        given = self.read(CloseInput)
        actions.close_prospect(
            by=self.user, prospect_id=int(pk), version=self.version(), ticks=_evidence(given), **given
        )
        return self.again(pk)

    @takes(ReopenInput, ProspectShape, summary="Bring a closed prospect back")
    @action(detail=True, methods=["post"])
    def reopen(self, request: Request, pk: str) -> Response:
        """Into the class it had if that still holds, else the highest below; without a next step into E."""
        actions.reopen_prospect(by=self.user, prospect_id=int(pk), version=self.version(), **self.read(ReopenInput))
        return self.again(pk)

    @takes(TransferInput, ProspectShape, summary="Give it to another owner")
    @action(detail=True, methods=["post"])
    def transfer(self, request: Request, pk: str) -> Response:
        """Answered as it stands for the one who gave it away, even if he no longer sees it."""
        moved = actions.transfer_prospect(
            by=self.user, prospect_id=int(pk), owner_id=self.read(TransferInput)["owner"], version=self.version()
        )
        return self.answer(moved)

    @takes(FollowUpInput, ProspectShape, status=201, summary="Say that a visit was about the prospect")
    @action(detail=True, methods=["post"])
    def follow_up(self, request: Request, pk: str) -> Response:
        """A recorded visit counts as a contact; a planned one will when it is recorded."""
        actions.add_follow_up(by=self.user, prospect_id=int(pk), **self.read(FollowUpInput))
        return self.answer(self.one(self.user, int(pk)), status=201)

    @takes(None, ClassShape(many=True), summary="Entry criteria, class by class")
    @action(detail=True, methods=["get"], filter_backends=[], pagination_class=None)
    def criteria(self, request: Request, pk: str) -> Response:
        """How each criterion stands, and on whose evidence."""
        record = queries.prospect_record(self.user, int(pk))
        return Response([_class(stage, lines) for stage, lines in record.lines.items()])

    def again(self, pk: str) -> Response:
        """The prospect as it is after the change, with its new ETag."""
        return self.answer(self.one(self.user, int(pk)))


def _evidence(given: dict[str, Any]) -> list[Evidence]:
    return [Evidence(**tick) for tick in given.pop("ticks", [])]


def _class(stage: Stage, lines: list[Any]) -> dict[str, Any]:
    return {
        "stage": stage.letter,
        "one_of": stage in criteria.ONE_OF,
        "criteria": [
            {
                "criterion": line.check.criterion.value,
                "label": str(line.check.criterion.label),
                "hard": line.check.is_hard,
                "met": line.check.is_met,
                "needs_tick": line.check.needs_tick,
                "needs_fields": list(line.check.needs_fields),
                "note": line.tick.note if line.tick else "",
                "link": line.tick.link if line.tick else "",
                "by": str(line.tick.by) if line.tick and line.tick.by else None,
                "on": line.tick.on if line.tick else None,
            }
            for line in lines
        ],
    }
