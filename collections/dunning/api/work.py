"""/api/v1/collection-cases/, collection-calls/, promises/: the same queries and actions as the pages."""

from __future__ import annotations

from typing import Any, ClassVar

from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import remove_query_param, replace_query_param

from core.api.resources import ResourceViewSet, takes
from dunning import actions, queries
from dunning.api import inputs, shapes
from dunning.filters import CallFilters, PromiseFilters
from dunning.models import Case, Promise

NO_PAGES: dict[str, Any] = {"filter_backends": [], "pagination_class": None}


class CaseViewSet(ResourceViewSet):
    """Collecting files, found by the account's id: who works at whom, holds, hours; and the queue."""

    shape = shapes.CaseShape
    rows = staticmethod(queries.visible_cases)
    one = staticmethod(queries.get_case)
    sorts: ClassVar = {"id": "id", "value": "value"}

    @extend_schema(
        parameters=[inputs.QueueInput],
        responses={200: shapes.QueueShape},
        summary="Whom to call now",
    )
    @action(detail=False, methods=["get"], **NO_PAGES)
    def queue(self, request: Request) -> Response:
        """One line a customer, best first, and why."""
        asked = inputs.QueueInput(data=request.query_params)
        asked.is_valid(raise_exception=True)
        given = asked.validated_data
        page = queries.queue(
            self.user,
            given["at"],
            whose=given["whose"],
            after=given["after"],
            before=given["before"],
            size=given["page_size"],
        )
        found = {"next": _link(request, "after", page.after), "previous": _link(request, "before", page.before)}
        return Response({**found, "results": shapes.LineShape(page.lines, many=True).data})

    @extend_schema(
        request=None,
        responses={200: shapes.CaseShape, 204: OpenApiResponse(description="Nobody is left to call now.")},
        summary="Take up the next customer",
    )
    @action(detail=False, methods=["post"], url_path="claim-next")
    def claim_next(self, request: Request) -> Response:
        """The first of the queue that nobody else has taken up."""
        case = actions.claim_next(by=self.user)
        return self.again(case.account_id) if case else Response(status=204)

    @takes(inputs.CaseInput, shapes.CaseShape, summary="Set hours, goal, minimum, contact")
    def partial_update(self, request: Request, pk: str) -> Response:
        """Only the fields given are changed."""
        actions.set_case(by=self.user, account_id=int(pk), **self.read(inputs.CaseInput, partial=True))
        return self.again(pk)

    @takes(None, shapes.CaseShape, summary="Take a customer up")
    @action(detail=True, methods=["post"])
    def claim(self, request: Request, pk: str) -> Response:
        """For a while he is nobody else's to call. Taken up by a colleague: 409."""
        actions.claim_case(by=self.user, account_id=int(pk))
        return self.again(pk)

    @takes(None, shapes.CaseShape, summary="Give a customer back")
    @action(detail=True, methods=["post"])
    def release(self, request: Request, pk: str) -> Response:
        """Before the time is over."""
        actions.release_case(by=self.user, account_id=int(pk))
        return self.again(pk)

    @takes(inputs.AssignCaseInput, shapes.CaseShape, summary="Give a customer to a collector")
    @action(detail=True, methods=["post"])
    def assign(self, request: Request, pk: str) -> Response:
        """Or, with null, to nobody in particular."""
        actions.assign_case(by=self.user, account_id=int(pk), **self.read(inputs.AssignCaseInput))
        return self.again(pk)

    @takes(inputs.PauseInput, shapes.CaseShape, summary="Hold dunning")
    @action(detail=True, methods=["post"])
    def pause(self, request: Request, pk: str) -> Response:
        """Until a day, with the reason."""
        actions.pause_case(by=self.user, account_id=int(pk), **self.read(inputs.PauseInput))
        return self.again(pk)

    @takes(None, shapes.CaseShape, summary="Go on with dunning")
    @action(detail=True, methods=["post"])
    def resume(self, request: Request, pk: str) -> Response:
        """Before the day it was held until."""
        actions.resume_case(by=self.user, account_id=int(pk))
        return self.again(pk)

    def again(self, pk: str | int) -> Response:
        """The file as it is after the change."""
        case: Case = self.one(self.user, int(pk))
        return self.answer(case)


class CallViewSet(ResourceViewSet):
    """The call log. A call is never edited."""

    shape = shapes.CallShape
    rows = staticmethod(queries.visible_calls)
    one = staticmethod(queries.get_call)
    filterset_class = CallFilters
    sorts: ClassVar = {"id": "id", "called_at": "called_at"}

    @takes(inputs.CallInput, shapes.LoggedCallShape, status=201, summary="Log a call")
    def create(self, request: Request) -> Response:
        """With the promise, the reason given and the next step, all or nothing."""
        given = self.read(inputs.CallInput)
        logged = actions.log_call(by=self.user, promise=inputs.promise_of(given.pop("promise")), **given)
        answer = self.drawn.to_representation(self.one(self.user, logged.call.pk))
        promise = logged.promise.pk if logged.promise else None
        return Response({**answer, "promise": promise, "warnings": [str(text) for text in logged.warnings]}, status=201)


class PromiseViewSet(ResourceViewSet):
    """Promises to pay. What becomes of one is worked out from the money that comes."""

    shape = shapes.PromiseShape
    rows = staticmethod(queries.visible_promises)
    one = staticmethod(queries.get_promise)
    filterset_class = PromiseFilters
    sorts: ClassVar = {"id": "id", "made_on": "made_on", "last_due_on": "last_due_on"}

    @takes(None, shapes.PromiseRecordShape)
    def retrieve(self, request: Request, pk: str) -> Response:
        return self.record(self.one(self.user, int(pk)))

    @takes(inputs.PromiseInput, shapes.PromiseRecordShape, status=201, summary="Record a promise")
    def create(self, request: Request) -> Response:
        """One made on the phone is logged with its call instead."""
        given = self.read(inputs.PromiseInput)
        promise = actions.record_promise(by=self.user, **{**given, "instalments": inputs.parts_of(given)})
        return self.record(promise, status=201)

    @takes(inputs.ReplaceInput, shapes.PromiseRecordShape, status=201, summary="Replace an open promise")
    @action(detail=True, methods=["post"])
    def replace(self, request: Request, pk: str) -> Response:
        """The old one counts neither as kept nor as broken. Settled already: 422 `promise_judged`."""
        given = self.read(inputs.ReplaceInput)
        promise = actions.replace_promise(
            by=self.user, promise_id=int(pk), **{**given, "instalments": inputs.parts_of(given)}
        )
        return self.record(promise, status=201)

    def record(self, promise: Promise, *, status: int = 200) -> Response:
        """The promise with its instalments."""
        drawn = shapes.PromiseRecordShape(context=self.get_serializer_context())
        return Response(drawn.to_representation(self.one(self.user, promise.pk)), status=status)


def _link(request: Request, word: str, cursor: str) -> str | None:
    if not cursor:
        return None
    other = "before" if word == "after" else "after"
    link: str = replace_query_param(remove_query_param(request.build_absolute_uri(), other), word, cursor)
    return link
