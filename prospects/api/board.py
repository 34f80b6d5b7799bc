"""/api/v1/reports/board/: the board in figures."""

from __future__ import annotations

from typing import Any, cast

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.models import User
from prospects import queries
from prospects.api.fields import StageField
from prospects.choices import Period, Stage
from prospects.queries import Selection
from prospects.rules import shape


class TotalShape(serializers.Serializer[Any]):
    """An amount and its weighted share in one currency."""

    currency = serializers.CharField()
    amount = serializers.DecimalField(20, 2)
    weighted = serializers.DecimalField(20, 2)


class ColumnShape(serializers.Serializer[Any]):
    """One class of the board."""

    stage = StageField()
    name = serializers.CharField()
    probability = serializers.IntegerField()
    count = serializers.IntegerField()
    totals = TotalShape(many=True)


class AnomalyShape(serializers.Serializer[Any]):
    """What is wrong with the board's shape, why, and what helps."""

    code = serializers.CharField()
    name = serializers.CharField()
    cause = serializers.CharField()
    remedy = serializers.CharField()


class BoardShape(serializers.Serializer[Any]):
    """The board in figures: six columns (S: won in the period or the last 30 days), the open ones together, the shape."""

    columns = ColumnShape(many=True)
    totals = TotalShape(many=True)
    is_normal = serializers.BooleanField()
    anomalies = AnomalyShape(many=True)


class BoardInput(serializers.Serializer[Any]):
    """Whose board."""

    owner = serializers.IntegerField(required=False, default=None)
    team = serializers.IntegerField(required=False, default=None)
    period = serializers.ChoiceField(Period.choices, required=False, default=None)


class BoardReport(APIView):
    """/api/v1/reports/board/."""

    @extend_schema(
        operation_id="board_report",
        summary="The board in figures",
        parameters=[
            OpenApiParameter("owner", OpenApiTypes.INT, description="Id of a user."),
            OpenApiParameter("team", OpenApiTypes.INT, description="Id of a team; with the teams below it."),
            OpenApiParameter("period", OpenApiTypes.STR, enum=Period.values, description="By expected close."),
        ],
        responses=BoardShape,
    )
    def get(self, request: Request) -> Response:
        """Counts, sums and weighted sums per class and currency of what the user may see."""
        asked = BoardInput(data=request.query_params)
        asked.is_valid(raise_exception=True)
        given = asked.validated_data
        period = Period(given["period"]) if given["period"] else None
        found = queries.board_figures(cast("User", request.user), Selection(given["owner"], given["team"], period))
        counts: dict[Stage, int] = {column.stage: column.count for column in found.columns if column.stage < Stage.S}
        return Response(
            {
                "columns": [
                    {
                        "stage": column.stage.letter,
                        "name": str(column.stage.label),
                        "probability": column.stage.percent,
                        "count": column.count,
                        "totals": _totals(column.totals),
                    }
                    for column in found.columns
                ],
                "totals": _totals(found.totals),
                "is_normal": shape.is_normal(counts),
                "anomalies": [
                    {
                        "code": reading.anomaly.value,
                        "name": str(reading.anomaly.label),
                        "cause": str(reading.cause),
                        "remedy": str(reading.remedy),
                    }
                    for reading in shape.anomalies(counts)
                ],
            }
        )


def _totals(totals: Any) -> list[dict[str, str]]:
    return [
        {"currency": total.currency, "amount": f"{total.amount:.2f}", "weighted": f"{total.weighted:.2f}"}
        for total in totals
    ]
