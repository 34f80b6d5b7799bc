"""/api/v1/visits/{id}/brief/: everything to know before a visit, on one page; as JSON, or as PDF by Accept or `brief.pdf`."""

from __future__ import annotations

from typing import Any, cast

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.answers import UNKEPT
from core.api.rendering import ExactJSONRenderer
from core.models import User
from desk.brief.queries import fitted, visit_brief
from desk.brief.views import brief_answer


class BriefLineShape(serializers.Serializer[Any]):
    """One thing to know. `tone`: bad, warn, good or empty; `url` is its page in Keyline."""

    text = serializers.CharField()
    note = serializers.CharField()
    tone = serializers.CharField()
    phone = serializers.CharField()
    url = serializers.CharField()


class BriefPartShape(serializers.Serializer[Any]):
    """Lines of one kind. `more`: so many there was no room for; `is_endless`: there are others beyond them."""

    key = serializers.CharField()
    title = serializers.CharField()
    lines = BriefLineShape(many=True)
    more = serializers.IntegerField()
    is_endless = serializers.BooleanField()


class VisitBriefShape(serializers.Serializer[Any]):
    """The brief as its reader may see it. `goal_from`: the prospect whose next step is the goal while nobody named one."""

    visit = serializers.IntegerField(source="visit.pk")
    account = serializers.IntegerField(source="visit.account_id")
    account_name = serializers.CharField(source="account.name")
    at = serializers.DateTimeField(source="visit.at")
    on = serializers.DateField()
    goal = serializers.CharField()
    goal_from = serializers.CharField()
    parts = BriefPartShape(many=True)


class PdfRenderer(BaseRenderer):
    """For `Accept: application/pdf`; the view answers with the file itself."""

    media_type = "application/pdf"
    format = "pdf"
    charset = None

    def render(self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None) -> bytes:
        """Never asked: the view hands out the file itself, and refusals are JSON."""
        raise NotImplementedError


class BriefView(APIView):
    """What the page of a planned visit's brief says."""

    renderer_classes = (ExactJSONRenderer, PdfRenderer)

    def handle_exception(self, exc: Exception) -> Response:
        """A refusal where a PDF was asked for is JSON."""
        self.request.accepted_renderer = ExactJSONRenderer()
        self.request.accepted_media_type = "application/json"
        return super().handle_exception(exc)

    @extend_schema(
        operation_id="visits_brief",
        summary="The brief of a planned visit",
        responses={
            (200, "application/json"): VisitBriefShape,
            (200, "application/pdf"): OpenApiResponse(OpenApiTypes.BINARY, "The same on one page of A4."),
        },
    )
    def get(self, request: Request, pk: int) -> Response | HttpResponse:
        """The most important that one page holds. A visit that is over or called off: 422 `not_planned`."""
        brief = visit_brief(cast("User", request.user), pk)
        if isinstance(request.accepted_renderer, PdfRenderer):
            return brief_answer(brief)
        return Response(VisitBriefShape(fitted(brief)).data, headers={"Cache-Control": UNKEPT})


class BriefPdfView(APIView):
    """The same file at an address of its own, for programs that cannot set Accept."""

    @extend_schema(exclude=True)
    def get(self, request: Request, pk: int) -> HttpResponse:
        """The brief as PDF."""
        return brief_answer(visit_brief(cast("User", request.user), pk))
