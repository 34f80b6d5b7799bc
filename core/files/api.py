"""/api/v1/files/: the same queries and actions as the pages."""

from __future__ import annotations

from typing import Any, ClassVar, cast

from django.db.models import QuerySet
from django.http.response import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.parsers import FormParser, JSONParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.resources import ResourceViewSet, takes
from core.api.shapes import Shape
from core.comments.api import RecordInput, names_record, of_which_record
from core.files import actions, views
from core.files.queries import files_of, get_file, of_record
from core.models import Attachment
from core.requests import StaffRequest


class FileShape(Shape):
    """A photo or file of a record; `width` and `height` of photos alone."""

    by_name = serializers.CharField(source="by.full_name", read_only=True, allow_null=True)

    class Meta:
        model = Attachment
        fields = (
            "id", "record_type", "record_id", "account_id", "name", "media_type", "size", "sha256", "width", "height", "by",
            "by_name", "at",
        )  # fmt: skip


class FileInput(RecordInput):
    """A file, and the record it belongs to; sent as a form with parts."""

    file = serializers.FileField(allow_empty_file=True)


class FileViewSet(ResourceViewSet):
    """Photos and files of a record. Who does not see the record gets 404."""

    shape = FileShape
    one = staticmethod(lambda by, file_id: get_file(by, file_id)[0])
    sorts: ClassVar = {"id": "id"}
    parser_classes = (MultiPartParser, FormParser, JSONParser)

    def get_queryset(self) -> QuerySet[Any]:
        if getattr(self, "swagger_fake_view", False):
            return of_record("", 0)
        return files_of(self.user, *of_which_record(self.request))

    @names_record
    def list(self, request: Request) -> Response:
        """The files of one record, newest first."""
        return super().list(request)

    @takes(FileInput, FileShape, status=201, summary="Add a photo or file")
    def create(self, request: Request) -> Response:
        """A photo is drawn anew: its size and digest are those of what is kept. What is not taken is 422 with the reason."""
        given = self.read(FileInput)
        upload = given.pop("file")
        added = actions.add_file(by=self.user, name=upload.name or "", size=upload.size, content=upload, **given)
        return self.answer(added, status=201)

    @takes(None, None, status=204, summary="Remove a file")
    def destroy(self, request: Request, pk: str) -> Response:
        """One’s own, or as a manager anybody’s."""
        actions.remove_file(by=self.user, file_id=int(pk))
        return Response(status=204)

    @extend_schema(responses={200: OpenApiResponse(OpenApiTypes.BINARY)}, summary="The file itself")
    @action(detail=True, methods=["get"])
    def content(self, request: Request, pk: str) -> HttpResponseBase:
        """A photo as we keep it, anything else as it was sent."""
        return views.file(cast("StaffRequest", request), int(pk))  # it asks for the user alone
