"""/api/v1/reminders/ and reminder-preferences/: the same queries and actions as the pages."""

from __future__ import annotations

from typing import Any, ClassVar, cast

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.fields import MomentField
from core.api.resources import ResourceViewSet, takes
from core.api.shapes import Shape
from core.models import User
from reminders import actions
from reminders.choices import Channel
from reminders.filters import ReminderFilters
from reminders.models import Occurrence
from reminders.queries import (
    get_occurrence,
    is_on,
    line_of,
    own_rules,
    preferences_of,
    receiver_of,
    reminders_in_app,
)

LARGEST_ID = 2**63 - 1


class ReminderShape(Shape):
    """One reminder. `words` fill the rule's sentence, `text` is that sentence in the caller's language."""

    recipient_name = serializers.CharField(source="recipient.full_name", read_only=True)
    text = serializers.SerializerMethodField()

    class Meta:
        model = Occurrence
        fields = (
            "id", "rule", "text", "words", "recipient", "recipient_name", "meant_for", "importance", "state", "due_on", "due_at",
            "deadline_on", "sent_at", "read_at", "acknowledged_at", "ended_at", "ended_because", "snoozes", "escalates_at",
            "subject_type", "subject_id", "account_id", "url",
        )  # fmt: skip

    def get_text(self, found: Any) -> str:
        """The sentence; from a row of a list or from an object alike."""
        if isinstance(found, dict):
            found = Occurrence(rule=found["rule"], words=found["words"])
        return line_of(found).text


class SnoozeInput(serializers.Serializer[Any]):
    """Until when, and why if it was put off often."""

    until = MomentField()
    reason = serializers.CharField(max_length=300, allow_blank=True, required=False, default="")


class HandOverInput(serializers.Serializer[Any]):
    """To which colleague, and what he should know."""

    to = serializers.IntegerField(min_value=1, max_value=LARGEST_ID, source="to_user_id")
    note = serializers.CharField(max_length=300, allow_blank=True, required=False, default="", source="reason")


class ReminderViewSet(ResourceViewSet):
    """Reminders as the bell shows them: one's own, and those of the people one leads."""

    shape = ReminderShape
    rows = staticmethod(reminders_in_app)
    one = staticmethod(get_occurrence)
    filterset_class = ReminderFilters
    sorts: ClassVar = {"id": "id", "due_at": "due_at"}

    @takes(None, ReminderShape, summary="It is done")
    @action(detail=True, methods=["post"])
    def finish(self, request: Request, pk: str) -> Response:
        """Off the desk, not told by any other way, and over for those it went up to. Over already: 409."""
        return self.answer(actions.finish_reminder(by=self.user, occurrence_id=int(pk)))

    @takes(None, ReminderShape, summary="I see to it")
    @action(detail=True, methods=["post"])
    def acknowledge(self, request: Request, pk: str) -> Response:
        """It stays and no longer goes up to anybody."""
        return self.answer(actions.acknowledge_reminder(by=self.user, occurrence_id=int(pk)))

    @takes(SnoozeInput, ReminderShape, summary="Put it off")
    @action(detail=True, methods=["post"])
    def snooze(self, request: Request, pk: str) -> Response:
        """Five times and fourteen days are free, beyond that a reason is asked for; never past a legal deadline."""
        given = self.read(SnoozeInput)
        return self.answer(actions.snooze_reminder(by=self.user, occurrence_id=int(pk), **given))

    @takes(HandOverInput, ReminderShape, summary="Hand it over")
    @action(detail=True, methods=["post"], url_path="hand-over")
    def hand_over(self, request: Request, pk: str) -> Response:
        """Answers with the reminder as it was: over. The colleague's is a new one."""
        actions.hand_over_reminder(by=self.user, occurrence_id=int(pk), **self.read(HandOverInput))
        return self.answer(get_occurrence(self.user, int(pk)))

    @takes(None, ReminderShape, summary="Undo what was done last")
    @action(detail=True, methods=["post"], url_path="take-back")
    def take_back(self, request: Request, pk: str) -> Response:
        """Done, put off or handed over becomes open again. Nothing to undo: 409."""
        return self.answer(actions.take_back(by=self.user, occurrence_id=int(pk)))


class PreferenceShape(serializers.Serializer[Any]):
    """Whether one is told of a rule by a channel. `fixed`: it goes up when one does not act, so it stays in the bell."""

    rule = serializers.CharField()
    title = serializers.CharField()
    channel = serializers.ChoiceField(Channel.choices)
    is_on = serializers.BooleanField()
    fixed = serializers.BooleanField()


class PreferenceInput(serializers.Serializer[Any]):
    """One rule by one channel."""

    rule = serializers.CharField(max_length=60)
    channel = serializers.ChoiceField(Channel.choices)
    is_on = serializers.BooleanField()


class HoursShape(serializers.Serializer[Any]):
    """When one is left alone, by one's own clock. An edit carries the `version` it was made from."""

    quiet_from = serializers.TimeField()
    quiet_to = serializers.TimeField()
    rests_on_days_off = serializers.BooleanField()
    bundles = serializers.BooleanField()
    version = serializers.IntegerField(min_value=1, max_value=2**31 - 1)


class ReminderPreferenceViewSet(viewsets.ViewSet):
    """One's own choices: which reminder by which way, and quiet hours."""

    @extend_schema(responses={200: PreferenceShape(many=True)}, summary="What reaches me")
    def list(self, request: Request) -> Response:
        """Every rule by every way it is offered."""
        user = _caller(request)
        chosen = preferences_of(user)
        return Response(
            [
                {
                    "rule": rule.code,
                    "title": str(rule.title),
                    "channel": channel.value,
                    "is_on": is_on(rule, channel, chosen),
                    "fixed": channel == Channel.IN_APP and rule.climbs,
                }
                for rule in own_rules()
                for channel in rule.offered
            ]
        )

    @extend_schema(request=PreferenceInput, responses={200: PreferenceInput}, summary="Choose a way")
    def create(self, request: Request) -> Response:
        """The same again changes nothing."""
        given = _read(PreferenceInput, request)
        channel = Channel(given["channel"])
        row = actions.set_preference(by=_caller(request), rule=given["rule"], channel=channel, is_on=given["is_on"])
        return Response({"rule": row.rule, "channel": row.channel, "is_on": row.is_on})

    @extend_schema(methods=["GET"], responses={200: HoursShape}, summary="My quiet hours")
    @extend_schema(methods=["POST"], request=HoursShape, responses={200: HoursShape}, summary="Set my quiet hours")
    @action(detail=False, methods=["get", "post"], url_path="quiet-hours")
    def quiet_hours(self, request: Request) -> Response:
        """Mails and chats wait for their end; only what is critical does not."""
        user = _caller(request)
        if request.method == "POST":
            row = actions.set_quiet_hours(by=user, **_read(HoursShape, request))
        else:
            row = receiver_of(user)
        return Response(HoursShape(row).data)


def _caller(request: Request) -> User:
    """Who asks; nobody else is let in."""
    return cast("User", request.user)


def _read(shape: type[serializers.Serializer[Any]], request: Request) -> dict[str, Any]:
    reader = shape(data=request.data)
    reader.is_valid(raise_exception=True)
    return dict(reader.validated_data)
