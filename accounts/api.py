"""/api/v1/accounts/: the same queries and actions as the pages."""

from __future__ import annotations

from typing import Any, ClassVar

from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import actions, queries
from accounts.choices import DevelopmentStage, Kind, MemberRole, Ownership, PaymentMethod, Size, Tier
from accounts.filters import AccountFilters
from accounts.models import Account, AccountMember, AccountNote, DevelopmentStageChange
from core import people
from core.api.fields import ChannelShape, RecordField
from core.api.resources import ResourceViewSet, Row, takes
from core.api.shapes import Shape
from core.money import CURRENCY_CHOICES


class AccountShape(Shape):
    """A customer, with how it is reached, how it pays and the totals of its pipeline."""

    owner_name = serializers.CharField(source="owner.full_name", read_only=True)
    team_name = serializers.CharField(source="team.name", read_only=True, allow_null=True)
    channels = ChannelShape(many=True, read_only=True)

    class Meta:
        model = Account
        fields = (
            "id", "version", *actions.PROFILE_FIELDS, "development_stage", "owner", "owner_name", "team", "team_name",
            "channels", *actions.PAYMENT_FIELDS, "open_prospects", "next_step_on", "last_contact_on", "created_at",
            "updated_at",
        )  # fmt: skip


class AccountInput(serializers.Serializer[Any]):
    """The profile of an account."""

    name = serializers.CharField(max_length=200)
    short_name = serializers.CharField(max_length=100, allow_blank=True, required=False)
    english_name = serializers.CharField(max_length=200, allow_blank=True, required=False)
    code = serializers.CharField(max_length=60, allow_blank=True, required=False)
    credit_code = serializers.CharField(
        max_length=40, allow_blank=True, required=False, help_text="18 characters; the last one is checked."
    )
    ownership = serializers.ChoiceField(Ownership.choices, allow_blank=True, required=False)
    kind = serializers.ChoiceField(Kind.choices, allow_blank=True, required=False)
    industry = serializers.CharField(max_length=100, allow_blank=True, required=False)
    region = serializers.CharField(max_length=100, allow_blank=True, required=False)
    city = serializers.CharField(max_length=100, allow_blank=True, required=False)
    address = serializers.CharField(max_length=300, allow_blank=True, required=False)
    website = serializers.CharField(max_length=254, allow_blank=True, required=False)
    size = serializers.ChoiceField(Size.choices, allow_blank=True, required=False)
    employees = serializers.IntegerField(min_value=0, max_value=2_147_483_647, allow_null=True, required=False)
    founded_in = serializers.IntegerField(min_value=0, max_value=9999, allow_null=True, required=False)
    annual_revenue = serializers.DecimalField(18, 2, allow_null=True, required=False)
    revenue_currency = serializers.ChoiceField(CURRENCY_CHOICES, allow_blank=True, required=False)
    parent = RecordField(queries.get_account, allow_null=True, required=False)  # type: ignore[assignment]
    tier = serializers.ChoiceField(Tier.choices, required=False)
    tags = serializers.ListField(child=serializers.CharField(max_length=40), max_length=20, required=False)
    description = serializers.CharField(allow_blank=True, required=False)
    channels = ChannelShape(many=True, required=False)


class NewAccountInput(AccountInput):
    """An account to add; another owner needs the right to transfer."""

    owner = RecordField(people.get_colleague, required=False)
    development_stage = serializers.ChoiceField(DevelopmentStage.choices, required=False)


class PaymentInput(serializers.Serializer[Any]):
    """How the account pays (C5)."""

    payment_method = serializers.ChoiceField(PaymentMethod.choices, allow_blank=True, required=False)
    payment_terms_days = serializers.IntegerField(min_value=0, max_value=32_767, allow_null=True, required=False)
    paying_days = serializers.ListField(child=serializers.IntegerField(), max_length=31, required=False)
    payment_procedure = serializers.CharField(allow_blank=True, required=False)
    bank_name = serializers.CharField(max_length=100, allow_blank=True, required=False)
    bank_account = serializers.CharField(max_length=40, allow_blank=True, required=False)
    credit_standing = serializers.CharField(max_length=200, allow_blank=True, required=False)


class TransferAccountInput(serializers.Serializer[Any]):
    """The new owner."""

    owner = RecordField(people.get_colleague)
    keep_former = serializers.BooleanField(required=False, default=True)
    with_records = serializers.BooleanField(
        required=False, default=False, help_text="Hand over the former owner’s open prospects and contacts there too."
    )
    reason = serializers.CharField(max_length=300, allow_blank=True, required=False, default="")


class StageInput(serializers.Serializer[Any]):
    """One stage up, or any down, with what proves it (K10)."""

    to_stage = serializers.ChoiceField(DevelopmentStage.choices)
    evidence = serializers.CharField()


class StageChangeShape(Shape):
    """One move along the eight stages."""

    by_name = serializers.CharField(source="by.full_name", read_only=True, allow_null=True)

    class Meta:
        model = DevelopmentStageChange
        fields = ("id", "from_stage", "to_stage", "evidence", "by", "by_name", "at")


class MemberShape(Shape):
    """A colleague on the account's team."""

    full_name = serializers.CharField(source="user.full_name", read_only=True)

    class Meta:
        model = AccountMember
        fields = ("id", "user", "full_name", "role")


class MemberInput(serializers.Serializer[Any]):
    """A colleague and what he does for the account (K14)."""

    user = RecordField(people.get_colleague)
    role = serializers.ChoiceField(MemberRole.choices)


class MemberRoleInput(serializers.Serializer[Any]):
    """Another role."""

    role = serializers.ChoiceField(MemberRole.choices)


class NoteShape(Shape):
    """A note; `contacted_on` when it tells of a talk."""

    by_name = serializers.CharField(source="by.full_name", read_only=True, allow_null=True)

    class Meta:
        model = AccountNote
        fields = ("id", "body", "contacted_on", "by", "by_name", "at")


class NoteInput(serializers.Serializer[Any]):
    """What to write down."""

    body = serializers.CharField(max_length=10_000)
    contacted_on = serializers.DateField(allow_null=True, required=False, default=None)


class AccountViewSet(ResourceViewSet):
    """Accounts: customers, never people who sign in."""

    shape = AccountShape
    rows = staticmethod(queries.visible_accounts)
    one = staticmethod(queries.get_account)
    filterset_class = AccountFilters
    sorts: ClassVar = {"id": "id", "name": "sort_name", "updated_at": "updated_at"}

    def extend(self, rows: list[Row]) -> None:
        """Channels of a page's accounts; one statement."""
        found = queries.channels_of([row["id"] for row in rows])
        for row in rows:
            row["channels"] = found.get(row["id"], [])

    @takes(NewAccountInput, AccountShape, status=201, summary="Add an account")
    def create(self, request: Request) -> Response:
        """It belongs to the caller unless `owner` says otherwise."""
        account = actions.add_account(by=self.user, **self.read(NewAccountInput))
        return self.answer(self.one(self.user, account.pk), status=201)

    @takes(AccountInput, AccountShape, summary="Edit an account")
    def partial_update(self, request: Request, pk: str) -> Response:
        """Only the fields given are changed; `channels` are replaced as a whole."""
        changes = self.read(AccountInput, partial=True)
        actions.edit_account(by=self.user, account_id=int(pk), version=self.version(), **changes)
        return self.again(pk)

    @takes(PaymentInput, AccountShape, summary="Edit how it pays")
    @action(detail=True, methods=["patch"])
    def payment(self, request: Request, pk: str) -> Response:
        """Finance may do this too."""
        changes = self.read(PaymentInput, partial=True)
        actions.edit_payment_profile(by=self.user, account_id=int(pk), version=self.version(), **changes)
        return self.again(pk)

    @takes(TransferAccountInput, AccountShape, summary="Give it to another owner")
    @action(detail=True, methods=["post"])
    def transfer(self, request: Request, pk: str) -> Response:
        """Answered as it stands for the one who gave it away, even if he no longer sees it."""
        moved = actions.transfer_account(
            by=self.user, account_id=int(pk), version=self.version(), **self.read(TransferAccountInput)
        )
        return self.answer(moved)

    @takes(StageInput, AccountShape, summary="Change the stage of development")
    @action(detail=True, methods=["post"], url_path="change-stage")
    def change_stage(self, request: Request, pk: str) -> Response:
        """One stage up or any number down, with evidence."""
        actions.change_development_stage(
            by=self.user, account_id=int(pk), version=self.version(), **self.read(StageInput)
        )
        return self.again(pk)

    @takes(None, StageChangeShape(many=True), summary="Stages so far")
    @action(detail=True, methods=["get"], filter_backends=[], pagination_class=None)
    def stages(self, request: Request, pk: str) -> Response:
        """Every move along the eight stages, newest first."""
        account = self.one(self.user, int(pk))
        return Response([StageChangeShape().to_representation(row) for row in queries.stage_changes(account)])

    @takes(None, MemberShape(many=True), summary="The account's team")
    @action(detail=True, methods=["get"], filter_backends=[], pagination_class=None)
    def members(self, request: Request, pk: str) -> Response:
        """Who sees the account because he works on it, the owner first."""
        account = self.one(self.user, int(pk))
        return Response([MemberShape().to_representation(row) for row in queries.account_members(account)])

    @takes(MemberInput, MemberShape, status=201, summary="Add a colleague to the team")
    @members.mapping.post
    def add_member(self, request: Request, pk: str) -> Response:
        """From now on he sees the account."""
        member = actions.add_member(by=self.user, account_id=int(pk), **self.read(MemberInput))
        return Response(MemberShape().to_representation(member), status=201)

    @takes(MemberRoleInput, MemberShape, summary="Give a colleague another role")
    @action(detail=True, methods=["patch"], url_path=r"members/(?P<member_id>[0-9]{1,18})")
    def member(self, request: Request, pk: str, member_id: str) -> Response:
        """The owner's role changes by `transfer`."""
        role = self.read(MemberRoleInput)["role"]
        changed = actions.change_member_role(by=self.user, account_id=int(pk), member_id=int(member_id), role=role)
        return Response(MemberShape().to_representation(changed))

    @takes(None, None, status=204, summary="Take a colleague off the team")
    @member.mapping.delete
    def remove_member(self, request: Request, pk: str, member_id: str) -> Response:
        """The owner stays."""
        actions.remove_member(by=self.user, account_id=int(pk), member_id=int(member_id))
        return Response(status=204)

    @takes(None, NoteShape(many=True), summary="The newest notes")
    @action(detail=True, methods=["get"], filter_backends=[], pagination_class=None)
    def notes(self, request: Request, pk: str) -> Response:
        """At most a hundred, newest first."""
        account = self.one(self.user, int(pk))
        return Response([NoteShape().to_representation(row) for row in queries.account_notes(account, limit=100)])

    @takes(NoteInput, NoteShape, status=201, summary="Write a note")
    @notes.mapping.post
    def add_note(self, request: Request, pk: str) -> Response:
        """With `contacted_on` it moves the account's last contact forward."""
        note = actions.add_note(by=self.user, account_id=int(pk), **self.read(NoteInput))
        return Response(NoteShape().to_representation(note), status=201)

    def again(self, pk: str) -> Response:
        """The account as it is after the change, with its new ETag."""
        return self.answer(self.one(self.user, int(pk)))
