"""/api/v1/contacts/ and /api/v1/positions/."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, ClassVar

from django.conf import settings
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from core import people
from core.answers import UNKEPT
from core.api.fields import ChannelShape, RecordField
from core.api.resources import ResourceViewSet, Row, takes
from core.api.shapes import Shape
from core.api.versions import etag_of
from core.permissions import require
from core.workdays import today
from relationships import actions, queries
from relationships.choices import BirthdayCalendar, ContactRole, ProfilePurpose
from relationships.filters import ContactApiFilters, PositionFilters
from relationships.models import Contact, PersonalProfile, Position
from relationships.rules.birthdays import AHEAD

LONGEST_AHEAD = 366


class ContactShape(Shape):
    """A person at one or more accounts; what he is there stands in `/positions/?contact=`."""

    owner_name = serializers.CharField(source="owner.full_name", read_only=True)
    channels = ChannelShape(many=True, read_only=True)

    class Meta:
        model = Contact
        fields = (
            "id",
            "version",
            *actions.CONTACT_FIELDS,
            "owner",
            "owner_name",
            "channels",
            "created_at",
            "updated_at",
        )


class PositionShape(Shape):
    """What a person is at an account, from when to when; no `ended_on`: now."""

    contact_name = serializers.CharField(source="contact.full_name", read_only=True)
    account_name = serializers.CharField(source="account.name", read_only=True)

    class Meta:
        model = Position
        fields = (
            "id", "version", "contact", "contact_name", "account", "account_name", *actions.POSITION_FIELDS,
            "created_at", "updated_at",
        )  # fmt: skip


class PositionInput(serializers.Serializer[Any]):
    """Title, department, roles (R2) and dates."""

    title = serializers.CharField(max_length=120, allow_blank=True, required=False)
    department = serializers.CharField(max_length=120, allow_blank=True, required=False)
    roles = serializers.ListField(child=serializers.ChoiceField(ContactRole.choices), required=False)
    started_on = serializers.DateField(allow_null=True, required=False)
    ended_on = serializers.DateField(allow_null=True, required=False)


class NewPositionInput(PositionInput):
    """Who, and where."""

    contact = serializers.IntegerField(source="contact_id", min_value=1)
    account = serializers.IntegerField(source="account_id", min_value=1)


class EndInput(serializers.Serializer[Any]):
    """The last day there."""

    ended_on = serializers.DateField()


class ContactInput(serializers.Serializer[Any]):
    """The person."""

    full_name = serializers.CharField(max_length=120)
    english_name = serializers.CharField(max_length=120, allow_blank=True, required=False)
    salutation = serializers.CharField(max_length=40, allow_blank=True, required=False)
    code = serializers.CharField(max_length=60, allow_blank=True, required=False)
    preferred_language = serializers.ChoiceField(settings.LANGUAGES, allow_blank=True, required=False)
    tags = serializers.ListField(child=serializers.CharField(max_length=40), max_length=20, required=False)
    notes = serializers.CharField(allow_blank=True, required=False)
    channels = ChannelShape(many=True, required=False)
    owner = RecordField(people.get_colleague, required=False)


class NewContactInput(ContactInput):
    """A person to add, at an account if one is named."""

    account = serializers.IntegerField(source="account_id", min_value=1, required=False)
    position = PositionInput(required=False)


class ProfileShape(Shape):
    """What the account team knows of a person beyond business; seen by nobody else."""

    calendar = serializers.ChoiceField(BirthdayCalendar.choices, source="birthday.calendar", read_only=True)
    month = serializers.IntegerField(source="birthday.month", read_only=True)
    day = serializers.IntegerField(source="birthday.day", read_only=True)
    year = serializers.IntegerField(source="birthday.year", read_only=True, allow_null=True)

    class Meta:
        model = PersonalProfile
        fields = (
            "version",
            "contact",
            "calendar",
            "month",
            "day",
            "year",
            "purpose",
            "noted_by",
            "created_at",
            "updated_at",
        )


class ComingBirthdayShape(serializers.Serializer[Any]):
    """One birthday to come: the day on which it is kept, by whichever calendar it is noted."""

    on = serializers.DateField()
    contact = serializers.IntegerField(source="contact.pk")
    full_name = serializers.CharField(source="contact.full_name")
    account = serializers.IntegerField(source="position.account_id", default=None, allow_null=True)
    calendar = serializers.ChoiceField(BirthdayCalendar.choices, source="birthday.calendar")
    month = serializers.IntegerField(source="birthday.month")
    day = serializers.IntegerField(source="birthday.day")


class AheadInput(serializers.Serializer[Any]):
    """How far to look ahead, in days."""

    days = serializers.IntegerField(min_value=0, max_value=LONGEST_AHEAD, default=AHEAD.days)


class ProfileInput(serializers.Serializer[Any]):
    """A birthday and what it is kept for."""

    calendar = serializers.ChoiceField(BirthdayCalendar.choices)
    month = serializers.IntegerField()
    day = serializers.IntegerField()
    year = serializers.IntegerField(allow_null=True, required=False)
    purpose = serializers.ChoiceField(ProfilePurpose.choices)


class ContactViewSet(ResourceViewSet):
    """People at accounts."""

    shape = ContactShape
    rows = staticmethod(queries.visible_contacts)
    one = staticmethod(queries.get_contact)
    filterset_class = ContactApiFilters
    sorts: ClassVar = {"id": "id", "name": "sort_name", "updated_at": "updated_at"}

    def extend(self, rows: list[Row]) -> None:
        """Channels of a page's people; one statement."""
        found = queries.channels_of([row["id"] for row in rows])
        for row in rows:
            row["channels"] = found.get(row["id"], [])

    @takes(NewContactInput, ContactShape, status=201, summary="Add a contact")
    def create(self, request: Request) -> Response:
        """With a present position when `account` is given."""
        contact = actions.add_contact(by=self.user, **self.read(NewContactInput))
        return self.answer(self.one(self.user, contact.pk), status=201)

    @takes(ContactInput, ContactShape, summary="Edit a contact")
    def partial_update(self, request: Request, pk: str) -> Response:
        """Only the fields given are changed; `channels` are replaced as a whole."""
        changes = self.read(ContactInput, partial=True)
        actions.edit_contact(by=self.user, contact_id=int(pk), version=self.version(), **changes)
        return self.answer(self.one(self.user, int(pk)))

    @extend_schema(summary="The birthday of a person", responses=ProfileShape)
    @action(detail=True, methods=["get"])
    def profile(self, request: Request, pk: str) -> Response:
        """For the account team only; 404 for everybody else, and while nothing is noted."""
        return self._profile(queries.get_profile(self.user, int(pk)))

    @takes(ProfileInput, ProfileShape, summary="Note the birthday of a person")
    @profile.mapping.put
    def note_birthday(self, request: Request, pk: str) -> Response:
        """In the place of the one noted before; `If-Match` names the version it replaces."""
        given = self.read(ProfileInput)
        return self._profile(actions.note_birthday(by=self.user, contact_id=int(pk), version=self.version(), **given))

    @takes(None, None, status=204, summary="Erase the birthday of a person")
    @profile.mapping.delete
    def erase_profile(self, request: Request, pk: str) -> Response:
        """For good."""
        actions.erase_profile(by=self.user, contact_id=int(pk), version=self.version())
        return Response(status=204)

    @extend_schema(
        parameters=[AheadInput], responses=ComingBirthdayShape(many=True), summary="Birthdays of the days to come"
    )
    @action(detail=False, methods=["get"], filter_backends=[], pagination_class=None)
    def birthdays(self, request: Request) -> Response:
        """From today on, of the people whose personal facts one may see; 403 for who keeps none."""
        require(self.user, queries.KEEP)
        asked = AheadInput(data=request.query_params)
        asked.is_valid(raise_exception=True)
        on = today()
        found = queries.coming_birthdays(self.user, on, on + timedelta(days=asked.validated_data["days"]))
        return Response(ComingBirthdayShape(found, many=True).data, headers={"Cache-Control": UNKEPT})

    def _profile(self, found: PersonalProfile) -> Response:
        return Response(ProfileShape(found).data, headers={"ETag": etag_of(found), "Cache-Control": UNKEPT})


class PositionViewSet(ResourceViewSet):
    """Who is what where, now and before."""

    shape = PositionShape
    rows = staticmethod(queries.visible_positions)
    one = staticmethod(queries.get_position)
    filterset_class = PositionFilters
    sorts: ClassVar = {"id": "id", "updated_at": "updated_at"}

    @takes(NewPositionInput, PositionShape, status=201, summary="Add a position")
    def create(self, request: Request) -> Response:
        """One present position per person and account."""
        position = actions.add_position(by=self.user, **self.read(NewPositionInput))
        return self.answer(self.one(self.user, position.pk), status=201)

    @takes(PositionInput, PositionShape, summary="Edit a position")
    def partial_update(self, request: Request, pk: str) -> Response:
        """Only the fields given are changed."""
        changes = self.read(PositionInput, partial=True)
        actions.edit_position(by=self.user, position_id=int(pk), version=self.version(), **changes)
        return self.answer(self.one(self.user, int(pk)))

    @takes(EndInput, PositionShape, summary="The person left")
    @action(detail=True, methods=["post"])
    def end(self, request: Request, pk: str) -> Response:
        """The position stays as history."""
        ended_on = self.read(EndInput)["ended_on"]
        actions.end_position(by=self.user, position_id=int(pk), ended_on=ended_on, version=self.version())
        return self.answer(self.one(self.user, int(pk)))
