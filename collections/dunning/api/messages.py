"""/api/v1/letters/: what is proposed, sent and failed; approving, leaving out, the PDF, a statement of account."""

from __future__ import annotations

from typing import Any, ClassVar

import django_filters
from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.resources import ResourceViewSet, takes
from core.api.shapes import Shape
from core.workdays import today
from dunning import actions
from dunning.api.inputs import LARGEST_ID, an_id
from dunning.choices import MessageKind, MessageState, StepChannel
from dunning.documents import typeset
from dunning.documents.messages import file_name, message_document
from dunning.models import Message
from dunning.queries.messages import get_message, visible_messages

FIELDS = (
    "id", "account", "account_name", "contact", "step", "promise", "kind", "channel", "language", "on", "since", "to",
    "subject", "body", "currency", "amount", "pay_by", "state", "approved_by", "sent_at", "attempts", "not_before", "error",
    "skipped_because", "arrived_on", "arrived_how",
)  # fmt: skip


class MessageShape(Shape):
    """A letter or mail. `error` and `skipped_because` are codes where the program itself wrote them."""

    account_name = serializers.CharField(source="account.name", read_only=True)

    class Meta:
        model = Message
        fields = FIELDS


class ApproveMessagesInput(serializers.Serializer[Any]):
    """Which letters may leave; those that no longer wait are passed over."""

    letters = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=LARGEST_ID), allow_empty=False, max_length=1000
    )


class ApprovedShape(serializers.Serializer[Any]):
    """How many were approved."""

    approved = serializers.IntegerField()


class SkipInput(serializers.Serializer[Any]):
    """Why a letter is left out."""

    reason = serializers.CharField(max_length=200)


class StatementInput(serializers.Serializer[Any]):
    """A statement of account to be sent; without a currency that of most invoices, without days the last three months."""

    account = an_id("account_id")
    currency = serializers.CharField(max_length=3, required=False, default="")
    since = serializers.DateField(required=False, allow_null=True, default=None)
    until = serializers.DateField(required=False, allow_null=True, default=None)
    channel = serializers.ChoiceField(
        [StepChannel.MAIL.value, StepChannel.LETTER.value], default=StepChannel.MAIL.value
    )


class MessageFilters(django_filters.FilterSet):
    """Narrowing the letters."""

    account = django_filters.NumberFilter(field_name="account_id")
    state = django_filters.ChoiceFilter(choices=MessageState.choices)
    kind = django_filters.ChoiceFilter(choices=MessageKind.choices)


class MessageViewSet(ResourceViewSet):
    """Letters to customers: reminders, formal demands, confirmations, statements, thanks."""

    shape = MessageShape
    rows = staticmethod(visible_messages)
    one = staticmethod(get_message)
    filterset_class = MessageFilters
    sorts: ClassVar = {"id": "id", "on": "on"}

    @takes(StatementInput, MessageShape, status=201, summary="Send a statement of account")
    def create(self, request: Request) -> Response:
        """It is mailed within their working hours, or (no address, or wished so) joins the print queue."""
        given = self.read(StatementInput)
        made = actions.make_statement(by=self.user, **{**given, "channel": StepChannel(given["channel"])})
        return self.answer(made, status=201)

    @takes(ApproveMessagesInput, ApprovedShape, summary="Approve letters")
    @action(detail=False, methods=["post"])
    def approve(self, request: Request) -> Response:
        """Mails leave by themselves, letters join the print queue."""
        given = self.read(ApproveMessagesInput)
        return Response({"approved": actions.approve_messages(by=self.user, message_ids=given["letters"])})

    @takes(SkipInput, MessageShape, summary="Leave a letter out")
    @action(detail=True, methods=["post"])
    def skip(self, request: Request, pk: str) -> Response:
        """With the reason. One that is under way or sent: 409 `under_way`."""
        return self.answer(actions.skip_message(by=self.user, message_id=int(pk), **self.read(SkipInput)))

    @extend_schema(
        summary="The letter as PDF",
        responses={
            (200, "application/pdf"): OpenApiResponse(OpenApiTypes.BINARY, "As it was sent; before, as it would be.")
        },
    )
    @action(detail=True, methods=["get"])
    def pdf(self, request: Request, pk: str) -> HttpResponse:
        """As it was sent; before that, as it would be set today."""
        found = get_message(self.user, int(pk))
        pdf = bytes(found.pdf) if found.pdf else typeset(*message_document(found, today()))
        response = HttpResponse(pdf, content_type="application/pdf")
        response["Content-Disposition"] = f'attachment; filename="{file_name(found)}"'
        return response
