"""Fields of inputs: records named by their ids, moments, numbers and addresses."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from core.channels import clean_channels
from core.errors import DomainError, NotFound
from core.models import ChannelKind

FIRST_YEAR, LAST_YEAR = 2000, 2100


@extend_schema_field({"type": "integer"})
class RecordField(serializers.Field[Any, Any, Any, Any]):
    """An id, read as the record the caller sees; `find(user, id)` raises NotFound for any other."""

    default_error_messages: ClassVar = {"unknown": "There is no such record."}

    def __init__(self, find: Callable[[Any, int], Any], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.find = find

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, bool) or not str(data).isdigit():
            self.fail("unknown")
        try:
            return self.find(self.context["request"].user, int(data))
        except NotFound:
            self.fail("unknown")

    def to_representation(self, value: Any) -> Any:
        return value.pk


class MomentField(serializers.DateTimeField):
    """An instant of our time (others overflow when they are told in another zone), in UTC as all we answer."""

    default_error_messages: ClassVar = {"far": "Choose a moment between the years 2000 and 2100."}

    def enforce_timezone(self, value: datetime) -> datetime:
        if not FIRST_YEAR <= value.year <= LAST_YEAR:
            self.fail("far")
        return super().enforce_timezone(value).astimezone(UTC)


class ChannelShape(serializers.Serializer[Any]):
    """One number or address."""

    kind = serializers.ChoiceField(ChannelKind.choices)
    label = serializers.CharField(max_length=30, allow_blank=True, default="")  # type: ignore[assignment]
    value = serializers.CharField(max_length=254)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        try:
            clean_channels([attrs])
        except DomainError as refusal:
            raise serializers.ValidationError({"value": str(refusal.message)}) from refusal
        return attrs
