"""/api/v1/comments/ and follows/: the same queries and actions as the pages."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.resources import ResourceViewSet, takes
from core.api.shapes import Shape
from core.comments import actions
from core.comments.queries import comments_of, get_comment, get_follow, of_record, own_follows
from core.models import Comment, Follow
from core.records import KINDS
from core.users import Actor

LARGEST_ID = 2**63 - 1


def of_which_record(request: Request) -> tuple[str, int]:
    """The record that the address names by `record_type` and `record_id`; 400 without them."""
    record_type, record_id = request.query_params.get("record_type", ""), request.query_params.get("record_id", "")
    missing = {
        name: [_("Say which record it is about.")]
        for name, fits in (
            ("record_type", record_type in KINDS),
            ("record_id", record_id.isascii() and record_id.isdigit() and len(record_id) < 19),
        )
        if not fits
    }
    if missing:
        raise ValidationError(missing)
    return record_type, int(record_id)


def names_record(operation: Any) -> Any:
    """Say in the schema that a list is of one record."""
    return extend_schema(
        parameters=[
            OpenApiParameter("record_type", str, required=True, enum=sorted(KINDS), description="The kind of record."),
            OpenApiParameter("record_id", int, required=True, description="Its id."),
        ]
    )(operation)


class RecordInput(serializers.Serializer[Any]):
    """Which record: its kind and its id."""

    record_type = serializers.CharField(max_length=60, help_text="As in `prospects.prospect`, `accounts.account`.")
    record_id = serializers.IntegerField(min_value=1, max_value=LARGEST_ID)


class CommentShape(Shape):
    """What somebody wrote about a record. A removed one has no words."""

    by_name = serializers.CharField(source="by.full_name", read_only=True)

    class Meta:
        model = Comment
        fields = (
            "id", "version", "record_type", "record_id", "account_id", "text", "by", "by_name", "at", "edited_at", "removed_at",
            "removed_by",
        )  # fmt: skip


class WordsInput(serializers.Serializer[Any]):
    """The words. @ and a colleague's full name tells him; `mentions` says who is meant where colleagues share a name."""

    text = serializers.CharField(max_length=actions.LONGEST, trim_whitespace=False, allow_blank=True)
    mentions = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=LARGEST_ID), max_length=100, required=False
    )


class CommentInput(RecordInput, WordsInput):
    """A comment to write, and about which record."""


class CommentViewSet(ResourceViewSet):
    """What colleagues say about a record. Who does not see the record gets 404."""

    shape = CommentShape
    one = staticmethod(lambda by, comment_id: get_comment(by, comment_id)[0])
    sorts: ClassVar = {"id": "id"}

    def get_queryset(self) -> QuerySet[Any]:
        if getattr(self, "swagger_fake_view", False):
            return of_record("", 0)
        return comments_of(self.user, *of_which_record(self.request))

    @names_record
    def list(self, request: Request) -> Response:
        """The comments on one record, newest first."""
        return super().list(request)

    @takes(CommentInput, CommentShape, status=201, summary="Write a comment")
    def create(self, request: Request) -> Response:
        """Mentioning somebody who may not see the record is 422 with the code `mention_out_of_sight`."""
        return self.answer(actions.write_comment(by=self.user, **self.read(CommentInput)), status=201)

    @takes(WordsInput, CommentShape, summary="Change one’s own comment")
    def partial_update(self, request: Request, pk: str) -> Response:
        """It says `edited_at` from then on. A removed one: 409."""
        actions.edit_comment(by=self.user, comment_id=int(pk), version=self.version(), **self.read(WordsInput))
        return self.answer(self.one(self.user, int(pk)))

    @takes(None, None, status=204, summary="Take a comment’s words away")
    def destroy(self, request: Request, pk: str) -> Response:
        """One’s own, or as a manager anybody’s. Removed already: 409."""
        actions.remove_comment(by=self.user, comment_id=int(pk), version=self.version())
        return Response(status=204)


class FollowShape(Shape):
    """A record one follows."""

    class Meta:
        model = Follow
        fields = ("id", "record_type", "record_id", "user", "is_on", "at")


def _own_follow(by: Actor, follow_id: int) -> Follow:
    return get_follow(by, follow_id)[0]


class FollowViewSet(ResourceViewSet):
    """What one follows: one is told of new comments there, and of the main events."""

    shape = FollowShape
    rows = staticmethod(own_follows)
    one = staticmethod(_own_follow)
    sorts: ClassVar = {"id": "id"}

    @takes(RecordInput, FollowShape, status=201, summary="Follow a record")
    def create(self, request: Request) -> Response:
        """A second time changes nothing."""
        return self.answer(actions.follow_record(by=self.user, **self.read(RecordInput)), status=201)

    @takes(None, None, status=204, summary="Follow it no longer")
    def destroy(self, request: Request, pk: str) -> Response:
        """The owner of a record is told of comments in any case."""
        follow = self.one(self.user, int(pk))
        actions.follow_record(by=self.user, record_type=follow.record_type, record_id=follow.record_id, on=False)
        return Response(status=204)
