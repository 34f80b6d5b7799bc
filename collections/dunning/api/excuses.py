"""/api/v1/excuses/: what customers say instead of paying, and what is answered."""

from __future__ import annotations

from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.resources import ResourceViewSet, takes
from core.api.shapes import Shape
from dunning import actions
from dunning.actions import EXCUSE_FIELDS
from dunning.models import Excuse
from dunning.queries.excuses import get_excuse, visible_excuses


class ExcuseShape(Shape):
    """An excuse in use: what they say, our reply, the law behind it and the usual next step, in both languages."""

    class Meta:
        model = Excuse
        fields = ("id", *EXCUSE_FIELDS, "version")
        read_only_fields = ("version",)


class ExcuseInput(Shape):
    """What an excuse consists of."""

    class Meta:
        model = Excuse
        fields = EXCUSE_FIELDS


class ExcuseViewSet(ResourceViewSet):
    """Excuses and answers, by reason: read by whoever collects, kept by finance."""

    shape = ExcuseShape
    rows = staticmethod(visible_excuses)
    one = staticmethod(get_excuse)

    @takes(ExcuseInput, ExcuseShape, status=201, summary="Add an excuse with its answer")
    def create(self, request: Request) -> Response:
        """In both languages."""
        return self.answer(actions.add_excuse(by=self.user, **self.read(ExcuseInput)), status=201)

    @takes(ExcuseInput, ExcuseShape, summary="Change an excuse or its answer")
    def partial_update(self, request: Request, pk: str) -> Response:
        """Only the fields given are changed."""
        changes = self.read(ExcuseInput, partial=True)
        return self.answer(actions.edit_excuse(by=self.user, excuse_id=int(pk), version=self.version(), **changes))

    @takes(None, None, status=204, summary="Take an excuse out")
    @action(detail=True, methods=["post"])
    def retire(self, request: Request, pk: str) -> Response:
        """It is no longer shown to anybody."""
        actions.retire_excuse(by=self.user, excuse_id=int(pk))
        return Response(status=204)
