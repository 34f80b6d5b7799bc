"""/api/v1/visits/: contacts with customers, planned and recorded."""

from __future__ import annotations

from typing import Any, ClassVar

from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.fields import MomentField
from core.api.resources import ResourceViewSet, Row, takes
from core.api.shapes import Shape
from relationships import actions, queries
from relationships.choices import VisitKind
from relationships.filters import VisitFilters
from relationships.models import Visit


class AttendeeShape(serializers.Serializer[Any]):
    """Somebody who takes part beside the owner: one of theirs or one of ours."""

    contact = serializers.IntegerField(source="contact_id", allow_null=True)
    colleague = serializers.IntegerField(source="colleague_id", allow_null=True)


class VisitShape(Shape):
    """A contact with a customer. Planned: neither `recorded_at` nor `cancelled_at`."""

    account_name = serializers.CharField(source="account.name", read_only=True)
    owner_name = serializers.CharField(source="owner.full_name", read_only=True)
    attendees = AttendeeShape(many=True, read_only=True)

    class Meta:
        model = Visit
        fields = (
            "id", "version", "account", "account_name", "owner", "owner_name", "at", *actions.VISIT_FIELDS, "meeting",
            "campaign",
            "planned_at", "recorded_at", "next_step_settled_at", "cancelled_at", "cancelled_because", "attendees",
            "created_at", "updated_at",
        )  # fmt: skip


class PeopleInput(serializers.Serializer[Any]):
    """Who takes part beside the owner."""

    contacts = serializers.ListField(
        source="contact_ids", child=serializers.IntegerField(min_value=1), max_length=50, required=False
    )
    colleagues = serializers.ListField(
        source="colleague_ids", child=serializers.IntegerField(min_value=1), max_length=50, required=False
    )


class VisitInput(serializers.Serializer[Any]):
    """What a visit says."""

    kind = serializers.ChoiceField(VisitKind.choices, required=False)
    minutes = serializers.IntegerField(min_value=5, max_value=7200, required=False)
    purpose = serializers.CharField(max_length=200, allow_blank=True, required=False)
    outcome = serializers.CharField(max_length=500, allow_blank=True, required=False)
    next_step = serializers.CharField(max_length=200, allow_blank=True, required=False)
    next_step_on = serializers.DateField(allow_null=True, required=False)


class NewPlanInput(PeopleInput):
    """A visit to come."""

    account = serializers.IntegerField(source="account_id", min_value=1)
    at = MomentField()
    kind = serializers.ChoiceField(VisitKind.choices, required=False)
    minutes = serializers.IntegerField(min_value=5, max_value=7200, required=False)
    purpose = serializers.CharField(max_length=200, allow_blank=True, required=False)
    campaign = serializers.IntegerField(source="campaign_id", min_value=1, required=False)


class RecordInput(PeopleInput):
    """What came of it, and the next step with its date."""

    kind = serializers.ChoiceField(VisitKind.choices, required=False)
    at = MomentField(required=False)
    minutes = serializers.IntegerField(min_value=5, max_value=7200, required=False)
    purpose = serializers.CharField(max_length=200, allow_blank=True, required=False)
    outcome = serializers.CharField(max_length=500)
    next_step = serializers.CharField(max_length=200)
    next_step_on = serializers.DateField()


class NewRecordInput(RecordInput):
    """A visit that was not planned."""

    account = serializers.IntegerField(source="account_id", min_value=1)
    campaign = serializers.IntegerField(source="campaign_id", min_value=1, required=False)


class MomentInput(serializers.Serializer[Any]):
    """The new time."""

    at = MomentField()


class ColleagueInput(serializers.Serializer[Any]):
    """Who makes it now."""

    to = serializers.IntegerField(source="to_user_id", min_value=1)


class ReasonInput(serializers.Serializer[Any]):
    """Why it is called off, or dropped."""

    because = serializers.CharField(max_length=200)


class VisitViewSet(ResourceViewSet):
    """Visits, calls and other contacts. What a visit was about: POST /prospects/{id}/follow_ups/."""

    shape = VisitShape
    rows = staticmethod(queries.visible_visits)
    one = staticmethod(queries.get_visit)
    filterset_class = VisitFilters
    sorts: ClassVar = {"id": "id", "at": "at"}

    def extend(self, rows: list[Row]) -> None:
        """Who takes part in a page's visits; one statement."""
        queries.attach_attendees(rows)

    @takes(NewRecordInput, VisitShape, status=201, summary="Record a visit that was not planned")
    def create(self, request: Request) -> Response:
        """`at` is now unless given."""
        return self.answer(actions.record_visit(by=self.user, **self.read(NewRecordInput)), status=201)

    @takes(NewPlanInput, VisitShape, status=201, summary="Plan a visit")
    @action(detail=False, methods=["post"])
    def plan(self, request: Request) -> Response:
        """A visit to come, made by the caller."""
        return self.answer(actions.plan_visit(by=self.user, **self.read(NewPlanInput)), status=201)

    @takes(VisitInput, VisitShape, summary="Edit a visit")
    def partial_update(self, request: Request, pk: str) -> Response:
        """Only the fields given are changed."""
        changes = self.read(VisitInput, partial=True)
        actions.edit_visit(by=self.user, visit_id=int(pk), version=self.version(), **changes)
        return self.answer(self.one(self.user, int(pk)))

    @takes(RecordInput, VisitShape, summary="Record a planned visit")
    @action(detail=True, methods=["post"])
    def record(self, request: Request, pk: str) -> Response:
        """People not given stay as planned."""
        values = self.read(RecordInput)
        actions.record_planned_visit(by=self.user, visit_id=int(pk), version=self.version(), **values)
        return self.answer(self.one(self.user, int(pk)))

    @takes(MomentInput, VisitShape, summary="Move a planned visit")
    @action(detail=True, methods=["post"])
    def move(self, request: Request, pk: str) -> Response:
        """To another time, today or later."""
        actions.move_visit(by=self.user, visit_id=int(pk), version=self.version(), **self.read(MomentInput))
        return self.answer(self.one(self.user, int(pk)))

    @takes(ColleagueInput, VisitShape, summary="Hand a planned visit over")
    @action(detail=True, methods=["post"])
    def hand_over(self, request: Request, pk: str) -> Response:
        """To a colleague who makes visits and sees the account; he is told."""
        values = self.read(ColleagueInput)
        return self.answer(actions.hand_over_visit(by=self.user, visit_id=int(pk), version=self.version(), **values))

    @takes(ReasonInput, VisitShape, summary="Call a planned visit off")
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: str) -> Response:
        """It stays as history."""
        actions.cancel_visit(by=self.user, visit_id=int(pk), version=self.version(), **self.read(ReasonInput))
        return self.answer(self.one(self.user, int(pk)))

    @takes(None, VisitShape, summary="The next step has been taken")
    @action(detail=True, methods=["post"])
    def settle(self, request: Request, pk: str) -> Response:
        """Nothing is owed from this visit any more."""
        actions.settle_next_step(by=self.user, visit_id=int(pk), version=self.version())
        return self.answer(self.one(self.user, int(pk)))

    @takes(ReasonInput, VisitShape, summary="The next step is dropped")
    @action(detail=True, methods=["post"])
    def drop(self, request: Request, pk: str) -> Response:
        """It will not be taken, and why."""
        actions.drop_next_step(by=self.user, visit_id=int(pk), version=self.version(), **self.read(ReasonInput))
        return self.answer(self.one(self.user, int(pk)))

    @takes(None, VisitShape, summary="The next step is open again")
    @action(detail=True, methods=["post"])
    def reopen(self, request: Request, pk: str) -> Response:
        """It was not taken after all, and is reminded of again."""
        actions.reopen_next_step(by=self.user, visit_id=int(pk))
        return self.answer(self.one(self.user, int(pk)))
