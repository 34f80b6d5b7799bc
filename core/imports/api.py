"""/api/v1/imports/: bring a file, say what its columns are, check, run, fetch the refused rows. The same actions as the wizard."""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar

from django.conf import settings
from django.http import FileResponse, HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.parsers import FormParser, JSONParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.resources import ResourceViewSet, takes
from core.api.shapes import Shape
from core.errors import NotFound
from core.imports import actions, progress, queries
from core.models import ImportJob


class ImportShape(Shape):
    """One import: how the file is read, how it is mapped, and what the last check or run found."""

    class Meta:
        model = ImportJob
        fields = (
            "id", "file_name", "file_size", "sha256", "target", "state", "problem", "layout", "mapping", "report",
            "created_at", "started_at", "finished_at",
        )  # fmt: skip


class NewImportInput(serializers.Serializer[Any]):
    """The file, and what is known of it already."""

    file = serializers.FileField()
    target = serializers.CharField(required=False, help_text="accounts, contacts or prospects; proposed when left out.")
    encoding = serializers.CharField(required=False)
    delimiter = serializers.CharField(required=False, trim_whitespace=False)
    sheet = serializers.CharField(required=False)
    header_row = serializers.IntegerField(required=False, min_value=0, help_text="0 when the file has no headings.")


class MappingInput(serializers.Serializer[Any]):
    """Which column goes where, and the options; what is left out stays as it is."""

    target = serializers.CharField(required=False)
    columns = serializers.DictField(child=serializers.CharField(), required=False, help_text="Heading → field.")
    values = serializers.DictField(
        child=serializers.DictField(), required=False, help_text="Field → the file’s word → our value."
    )
    constants = serializers.DictField(
        child=serializers.CharField(), required=False, help_text="Field → value of all rows."
    )
    scales = serializers.DictField(child=serializers.IntegerField(min_value=1), required=False)
    only = serializers.DictField(child=serializers.ListField(child=serializers.CharField()), required=False)
    create_missing = serializers.ListField(
        child=serializers.CharField(), required=False, help_text="Fields whose unknown names become new records."
    )
    key = serializers.CharField(required=False, help_text="Name of a key, or none.")
    existing = serializers.ChoiceField(["update", "skip"], required=False)
    date_order = serializers.ChoiceField(["", "ymd", "dmy", "mdy"], required=False)
    decimal_mark = serializers.ChoiceField(["", ".", ","], required=False)
    currency = serializers.CharField(required=False, allow_blank=True, max_length=3)


class ProgressShape(serializers.Serializer[Any]):
    """How far the worker is: `phase` and the rows `done` in it."""

    state = serializers.CharField()
    phase = serializers.CharField(allow_blank=True)
    done = serializers.IntegerField()
    rows = serializers.IntegerField()


class ImportViewSet(ResourceViewSet):
    """The imports of the person who asks; administrators see all."""

    shape = ImportShape
    rows = staticmethod(queries.visible_imports)
    one = staticmethod(queries.get_import)
    sorts: ClassVar[dict[str, str]] = {"id": "id", "created_at": "created_at"}
    parser_classes = (MultiPartParser, FormParser, JSONParser)

    @takes(NewImportInput, ImportShape, status=201, summary="Bring a file")
    def create(self, request: Request) -> Response:
        given = self.read(NewImportInput)
        upload = given.pop("file")
        job = actions.bring_file(by=self.user, name=upload.name or "", chunks=upload.chunks())
        target = given.pop("target", "")
        if job.file_size > actions.INLINE_BYTES and not given:
            job = actions.request_reading(by=self.user, job_id=job.pk, target=target)
        else:
            job = actions.read_import(by=self.user, job_id=job.pk, target=target, **given)
        return self.answer(job, status=201)

    @takes(MappingInput, ImportShape, summary="Say what the columns are")
    @action(detail=True, methods=["post"], url_path="map")
    def map_columns(self, request: Request, pk: str) -> Response:
        given = self.read(MappingInput)
        target = given.pop("target", "")
        job = queries.get_import(self.user, int(pk))
        if target and target != job.target:
            job = actions.choose_target(by=self.user, job_id=job.pk, target=target)
        return self.answer(actions.map_import(by=self.user, job_id=job.pk, mapping={**job.mapping, **given}))

    @takes(None, ImportShape, status=202, summary="Check without writing")
    @action(detail=True, methods=["post"])
    def check(self, request: Request, pk: str) -> Response:
        return self._started(actions.request_check(by=self.user, job_id=int(pk)))

    @takes(None, ImportShape, status=202, summary="Carry it out")
    @action(detail=True, methods=["post"])
    def run(self, request: Request, pk: str) -> Response:
        return self._started(actions.request_run(by=self.user, job_id=int(pk)))

    def _started(self, job: ImportJob) -> Response:
        return self.answer(job, status=202)

    @extend_schema(responses=ProgressShape, summary="How far it is")
    @action(detail=True, methods=["get"])
    def status(self, request: Request, pk: str) -> Response:
        job = queries.get_import(self.user, int(pk))
        note = progress.read(job.pk) if job.is_busy else {}
        return Response(
            {
                "state": job.state,
                "phase": note.get("phase", ""),
                "done": note.get("done", 0),
                "rows": job.survey.get("rows", 0),
            }
        )

    @extend_schema(responses={200: OpenApiResponse(OpenApiTypes.BINARY)}, summary="The file of refused rows")
    @action(detail=True, methods=["get"])
    def refused(self, request: Request, pk: str) -> HttpResponseBase:
        job = queries.get_import(self.user, int(pk))
        path = Path(settings.MEDIA_ROOT) / job.refused_file
        if not job.refused_file or not path.is_file():
            raise NotFound
        return FileResponse(path.open("rb"), as_attachment=True, filename=f"refused{path.suffix}")

    @takes(None, None, status=204, summary="Throw the file away")
    def destroy(self, request: Request, pk: str) -> Response:
        actions.discard_import(by=self.user, job_id=int(pk))
        return Response(status=204)
