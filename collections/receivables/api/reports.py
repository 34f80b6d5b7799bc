"""/api/v1/reports/: ageing on any day, the figures of collection, the statement of account."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, timedelta
from typing import Any, cast

from django.conf import settings
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.models import User
from core.money import CURRENCY_CHOICES
from core.workdays import today
from receivables import queries
from receivables.choices import FigureCode, FigureUnit, Grade, ProvisionBasis
from receivables.queries import AgeLine, MovementKind, Selection

LARGEST_ID = 2**63 - 1
MONEY: dict[str, Any] = {"max_digits": 20, "decimal_places": 2}
GROUPS = ("account", "owner", "team", "grade", "none")
WHOSE = [
    OpenApiParameter("account", OpenApiTypes.INT, description="Only this account."),
    OpenApiParameter("owner", OpenApiTypes.INT, description="Only accounts of this user."),
    OpenApiParameter("team", OpenApiTypes.INT, description="Only accounts of this team and the teams below it."),
    OpenApiParameter("grade", OpenApiTypes.STR, enum=Grade.values, description="Only invoices of this risk grade."),
]


def _in_living_memory(day: date) -> None:
    """A day no arithmetic of the calendar runs out of."""
    if not 1950 <= day.year <= 2200:
        raise serializers.ValidationError("The day is out of any book's range.", code="out_of_range")


class WhoseInput(serializers.Serializer[Any]):
    """A day, and whose receivables."""

    on = serializers.DateField(required=False, validators=[_in_living_memory])
    account = serializers.IntegerField(min_value=1, max_value=LARGEST_ID, required=False, default=None)
    owner = serializers.IntegerField(min_value=1, max_value=LARGEST_ID, required=False, default=None)
    team = serializers.IntegerField(min_value=1, max_value=LARGEST_ID, required=False, default=None)
    grade = serializers.ChoiceField(Grade.choices, required=False, default=None)

    def selection(self) -> Selection:
        """Whose receivables are asked for."""
        given = self.validated_data
        grade = Grade(given["grade"]) if given["grade"] else None
        return Selection(given["account"], given["owner"], given["team"], grade)


class AgeingInput(WhoseInput):
    """What is asked of the ageing."""

    basis = serializers.ChoiceField(["overdue", "age"], required=False, default="overdue")
    by = serializers.ChoiceField(GROUPS, required=False, default="account")
    currency = serializers.ChoiceField(CURRENCY_CHOICES, required=False, default=None)
    page_size = serializers.IntegerField(min_value=1, max_value=200, required=False, default=50)
    after = serializers.CharField(required=False, default="")


class AgeingLineShape(serializers.Serializer[Any]):
    """Open amounts of one group in one currency, by bucket."""

    key = serializers.CharField(allow_null=True, help_text="Id of the account, owner or team, or the grade.")
    label = serializers.CharField()  # type: ignore[assignment]
    currency = serializers.CharField()
    amounts = serializers.ListField(child=serializers.DecimalField(**MONEY))
    total = serializers.DecimalField(**MONEY)
    overdue = serializers.DecimalField(**MONEY)
    disputed = serializers.DecimalField(**MONEY)
    unapplied = serializers.DecimalField(**MONEY, help_text="Receipts and credits that settle nothing; not taken off.")


class BucketShape(serializers.Serializer[Any]):
    """One column: days past due, or years since recognition, from the first to the last; null where it has no end."""

    first = serializers.IntegerField(allow_null=True)
    last = serializers.IntegerField(allow_null=True)
    label = serializers.CharField()  # type: ignore[assignment]


class AgeingShape(serializers.Serializer[Any]):
    """The ageing of a day. Currencies are never added together."""

    on = serializers.DateField()
    basis = serializers.CharField()
    by = serializers.CharField()
    buckets = BucketShape(many=True)
    totals = AgeingLineShape(many=True)
    lines = AgeingLineShape(many=True)
    after = serializers.CharField(help_text="Cursor of the next page; empty on the last.")


class AgeingReport(APIView):
    """/api/v1/reports/ageing/."""

    @extend_schema(
        operation_id="ageing_report",
        summary="How old the open money is, on any day",
        parameters=[
            OpenApiParameter("on", OpenApiTypes.DATE, description="The day; today unless given."),
            OpenApiParameter("basis", OpenApiTypes.STR, enum=["overdue", "age"], description="Days past due, or age since recognition."),
            OpenApiParameter("by", OpenApiTypes.STR, enum=GROUPS),
            OpenApiParameter("currency", OpenApiTypes.STR),
            *WHOSE,
            OpenApiParameter("page_size", OpenApiTypes.INT),
            OpenApiParameter("after", OpenApiTypes.STR, description="Cursor of the page before."),
        ],
        responses=AgeingShape,
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        """Of what the caller may see; lines by currency, the largest first."""
        asked = AgeingInput(data=request.query_params)
        asked.is_valid(raise_exception=True)
        given = asked.validated_data
        report = queries.ageing(
            cast("User", request.user),
            on=given.get("on") or today(),
            basis=given["basis"],
            group=given["by"],
            currency=given["currency"],
            selection=asked.selection(),
            limit=given["page_size"],
            after=given["after"],
        )
        return Response(
            {
                "on": report.on,
                "basis": report.basis,
                "by": report.group,
                "buckets": [{"first": one.first, "last": one.last, "label": one.label} for one in report.buckets],
                "totals": _lines(report.totals),
                "lines": _lines(report.lines),
                "after": report.after,
            }
        )


def _lines(lines: Sequence[AgeLine]) -> list[dict[str, Any]]:
    return [
        {
            "key": None if line.key is None else str(line.key),
            "label": line.label,
            "currency": line.currency,
            "amounts": [f"{amount:.2f}" for amount in line.amounts],
            "total": f"{line.total:.2f}",
            "overdue": f"{line.overdue:.2f}",
            "disputed": f"{line.disputed:.2f}",
            "unapplied": f"{line.unapplied:.2f}",
        }
        for line in lines
    ]


# ------------------------------------------------------------------ figures


class FiguresInput(WhoseInput):
    """What is asked of the figures."""

    currency = serializers.ChoiceField(CURRENCY_CHOICES, required=False, default=settings.DEFAULT_CURRENCY)


class InputShape(serializers.Serializer[Any]):
    """A number a figure is made of."""

    name = serializers.CharField()
    value = serializers.DecimalField(20, 4, allow_null=True)
    unit = serializers.ChoiceField(FigureUnit.choices)


class FigureShape(serializers.Serializer[Any]):
    """One figure; null where nothing divides."""

    code = serializers.ChoiceField(FigureCode.choices)
    name = serializers.CharField()
    value = serializers.DecimalField(20, 4, allow_null=True)
    unit = serializers.ChoiceField(FigureUnit.choices)
    formula = serializers.CharField()
    inputs = InputShape(many=True)


class RollShape(serializers.Serializer[Any]):
    """The share of one bucket a month ago that stands in the next one now."""

    bucket = serializers.CharField()
    into = serializers.CharField()
    before = serializers.DecimalField(**MONEY)
    after = serializers.DecimalField(**MONEY)
    rate = serializers.DecimalField(12, 6, allow_null=True)


class WeekShape(serializers.Serializer[Any]):
    """What should come in in a week; no first day: it should be here already, no last day: later."""

    first = serializers.DateField(allow_null=True)
    last = serializers.DateField(allow_null=True)
    amount = serializers.DecimalField(**MONEY)
    disputed = serializers.DecimalField(**MONEY)
    invoices = serializers.IntegerField()


class ProvisionShape(serializers.Serializer[Any]):
    """What one matrix comes to."""

    basis = serializers.ChoiceField(ProvisionBasis.choices)
    amount = serializers.DecimalField(**MONEY)
    provision = serializers.DecimalField(**MONEY)


class ReceivablesShape(serializers.Serializer[Any]):
    """The figures of collection of a day, in one currency."""

    on = serializers.DateField()
    since = serializers.DateField()
    currency = serializers.CharField()
    open = serializers.DecimalField(**MONEY)
    overdue = serializers.DecimalField(**MONEY)
    invoiced = serializers.DecimalField(**MONEY)
    figures = FigureShape(many=True)
    roll_rates = RollShape(many=True)
    expected_cash = WeekShape(many=True)
    provisions = ProvisionShape(many=True)
    top_debtors = AgeingLineShape(many=True)


class ReceivablesReport(APIView):
    """/api/v1/reports/receivables/."""

    @extend_schema(
        operation_id="receivables_report",
        summary="The figures of collection",
        parameters=[
            OpenApiParameter("on", OpenApiTypes.DATE, description="The day; today unless given."),
            OpenApiParameter("currency", OpenApiTypes.STR),
            *WHOSE,
        ],
        responses=ReceivablesShape,
    )
    def get(self, request: Request) -> Response:
        """DSO three ways, effectiveness, lateness, roll rates, expected cash, provisions, the ten largest debtors."""
        asked = FiguresInput(data=request.query_params)
        asked.is_valid(raise_exception=True)
        by, currency = cast("User", request.user), asked.validated_data["currency"]
        on, selection = asked.validated_data.get("on") or today(), asked.selection()
        found = queries.figures(by, on=on, currency=currency, selection=selection)
        matrices = [
            queries.provision_matrix(by, on=on, basis=basis, currency=currency, selection=selection)
            for basis in ProvisionBasis
        ]
        weeks = queries.expected_cash(by, on=on, currency=currency, selection=selection)
        debtors = queries.ageing(by, on=on, currency=currency, selection=selection, limit=10)
        return Response(
            {
                "on": found.on,
                "since": found.since,
                "currency": currency,
                "open": f"{found.total:.2f}",
                "overdue": f"{found.overdue:.2f}",
                "invoiced": f"{found.invoiced:.2f}",
                "figures": [
                    {
                        "code": figure.code,
                        "name": str(figure.name),
                        "value": _number(figure.value),
                        "unit": figure.unit,
                        "formula": str(figure.formula),
                        "inputs": [
                            {"name": str(one.name), "value": _number(one.value), "unit": one.unit}
                            for one in figure.inputs
                        ],
                    }
                    for figure in found.figures
                ],
                "roll_rates": [
                    {
                        "bucket": roll.bucket.label,
                        "into": roll.into.label,
                        "before": f"{roll.before:.2f}",
                        "after": f"{roll.after:.2f}",
                        "rate": None if roll.rate is None else f"{roll.rate:.6f}",
                    }
                    for roll in found.rolls
                ],
                "expected_cash": [
                    {
                        "first": week.first,
                        "last": week.last,
                        "amount": f"{week.amount:.2f}",
                        "disputed": f"{week.disputed:.2f}",
                        "invoices": week.invoices,
                    }
                    for week in weeks
                ],
                "provisions": [
                    {"basis": one.basis, "amount": f"{one.amount:.2f}", "provision": f"{one.total:.2f}"}
                    for one in matrices
                ],
                "top_debtors": _lines(debtors.lines),
            }
        )


def _number(value: Any) -> str | None:
    return None if value is None else f"{value:.4f}"


# ------------------------------------------------------------------ statement


class StatementInput(serializers.Serializer[Any]):
    """Which account, in which currency, from when to when."""

    account = serializers.IntegerField(min_value=1, max_value=LARGEST_ID)
    currency = serializers.ChoiceField(CURRENCY_CHOICES, required=False, default=settings.DEFAULT_CURRENCY)
    since = serializers.DateField(required=False, default=None, validators=[_in_living_memory])
    until = serializers.DateField(required=False, default=None, validators=[_in_living_memory])


class MovementShape(serializers.Serializer[Any]):
    """What the customer owes more (positive) or less, and the balance after it."""

    on = serializers.DateField()
    kind = serializers.ChoiceField([(kind.value, kind.value) for kind in MovementKind])
    id = serializers.IntegerField()
    number = serializers.CharField()
    due_on = serializers.DateField(allow_null=True)
    amount = serializers.DecimalField(**MONEY)
    balance = serializers.DecimalField(**MONEY)


class StatementShape(serializers.Serializer[Any]):
    """A statement of account: opening + movements = closing, which is the opening of the next."""

    account = serializers.IntegerField()
    account_name = serializers.CharField()
    currency = serializers.CharField()
    since = serializers.DateField()
    until = serializers.DateField()
    opening = serializers.DecimalField(**MONEY)
    movements = MovementShape(many=True)
    closing = serializers.DecimalField(**MONEY)


class StatementReport(APIView):
    """/api/v1/reports/statement/."""

    @extend_schema(
        operation_id="statement_report",
        summary="Statement of account",
        parameters=[
            OpenApiParameter("account", OpenApiTypes.INT, required=True),
            OpenApiParameter("currency", OpenApiTypes.STR),
            OpenApiParameter(
                "since", OpenApiTypes.DATE, description="First day; 90 days before the last unless given."
            ),
            OpenApiParameter("until", OpenApiTypes.DATE, description="Last day; today unless given."),
        ],
        responses=StatementShape,
    )
    def get(self, request: Request) -> Response:
        """Everything that moved the balance of an account the caller sees."""
        asked = StatementInput(data=request.query_params)
        asked.is_valid(raise_exception=True)
        given = asked.validated_data
        until = given["until"] or today()
        since = given["since"] or until - timedelta(days=90)
        found = queries.statement(cast("User", request.user), given["account"], given["currency"], since, until)
        return Response(
            {
                "account": found.account.pk,
                "account_name": found.account.name,
                "currency": found.currency,
                "since": since,
                "until": until,
                "opening": f"{found.opening:.2f}",
                "movements": [
                    asdict(line) | {"amount": f"{line.amount:.2f}", "balance": f"{line.balance:.2f}"}
                    for line in found.movements
                ],
                "closing": f"{found.closing:.2f}",
            }
        )
