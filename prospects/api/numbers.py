"""/api/v1/tallies/ and /api/v1/reports/numbers/: the numbers 15-7-1 (P7)."""

from __future__ import annotations

from typing import Any, cast

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.api.fields import MomentField
from core.models import User
from core.permissions import require
from prospects import actions
from prospects.choices import Counter, Span
from prospects.queries.numbers import day_counters, numbers_of, numbers_person
from prospects.rules.numbers import SALE, norm, ratios


class DayCounterShape(serializers.Serializer[Any]):
    """One counter of the day: taps and what was written up, each contact once."""

    counter = serializers.ChoiceField(Counter.choices)
    count = serializers.IntegerField()
    norm = serializers.IntegerField(help_text="What a working day should hold.")


class TapInput(serializers.Serializer[Any]):
    """One more of something, or with `take_back` one less."""

    counter = serializers.ChoiceField(Counter.choices)
    at = MomentField(required=False, allow_null=True, default=None, help_text="When, at most a week ago; empty: now.")
    take_back = serializers.BooleanField(required=False, default=False)


class TallyView(APIView):
    """/api/v1/tallies/: one's own counters of today."""

    @extend_schema(operation_id="tallies_list", summary="Your counters of today", responses=DayCounterShape(many=True))
    def get(self, request: Request) -> Response:
        """Dials, conversations and appointments of your day, tapped or written up."""
        by = cast("User", request.user)
        require(by, "prospects.tally")
        return Response(DayCounterShape(day_counters(by), many=True).data)

    @extend_schema(
        operation_id="tallies_create",
        summary="One more, or one less",
        request=TapInput,
        responses=DayCounterShape(many=True),
    )
    def post(self, request: Request) -> Response:
        """A tap on one of your counters; with an Idempotency-Key it counts once, however often it is sent."""
        by = cast("User", request.user)
        given = TapInput(data=request.data)
        given.is_valid(raise_exception=True)
        act = actions.take_back_tap if given.validated_data.pop("take_back") else actions.tap_counter
        act(by=by, counter=Counter(given.validated_data["counter"]), at=given.validated_data["at"])
        return Response(DayCounterShape(day_counters(by), many=True).data)


class FigureShape(serializers.Serializer[Any]):
    """One figure with its norm over the span."""

    counter = serializers.ChoiceField([*Counter.choices, (SALE, "Sales")])
    count = serializers.IntegerField()
    norm = serializers.IntegerField()


class RatioShape(serializers.Serializer[Any]):
    """How many of one thing bring one of the next: dials a conversation, conversations a first appointment, appointments a sale."""

    key = serializers.CharField()
    value = serializers.DecimalField(10, 1, allow_null=True)
    norm = serializers.DecimalField(10, 1, source="normal")
    has_enough = serializers.BooleanField(help_text="At least thirty cases.")


class SpanShape(serializers.Serializer[Any]):
    """Today, this week or thirteen weeks."""

    span = serializers.ChoiceField(Span.choices)
    workdays = serializers.IntegerField()
    figures = FigureShape(many=True)
    ratios = RatioShape(many=True)


class NumbersShape(serializers.Serializer[Any]):
    """The numbers of one person."""

    person = serializers.IntegerField()
    spans = SpanShape(many=True)


class NumbersReport(APIView):
    """/api/v1/reports/numbers/."""

    @extend_schema(
        operation_id="numbers_report",
        summary="15-7-1: figures and ratios against the norm",
        parameters=[
            OpenApiParameter("person", OpenApiTypes.INT, description="Id of somebody you lead; empty: yourself.")
        ],
        responses=NumbersShape,
    )
    def get(self, request: Request) -> Response:
        """Dials, conversations, appointments of both kinds and sales of today, this week and thirteen weeks."""
        by = cast("User", request.user)
        asked = PersonInput(data=request.query_params)
        asked.is_valid(raise_exception=True)
        person = numbers_person(by, asked.validated_data["person"])
        if person is None:
            require(by, "prospects.tally")
            person = by
        found = numbers_of([person])
        return Response(NumbersShape({"person": person.pk, "spans": [_span(found, span) for span in Span]}).data)


class PersonInput(serializers.Serializer[Any]):
    """Whose numbers."""

    person = serializers.IntegerField(required=False, default=None, min_value=1)


def _span(found: Any, span: Span) -> dict[str, Any]:
    counts, workdays = found.people[0].spans[span], found.workdays[span]
    return {
        "span": span,
        "workdays": workdays,
        "figures": [{"counter": key, "count": count, "norm": norm(key, workdays)} for key, count in counts.items()],
        "ratios": ratios(counts),
    }
