"""How a class of the board is read and written over the API."""

from __future__ import annotations

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from prospects.choices import Stage

LETTERS = [stage.letter for stage in Stage]


@extend_schema_field({"type": "string", "enum": LETTERS, "description": "The class by its letter."})
class StageField(serializers.Field[Stage, str, str, Any]):
    """A class, read and written as its letter; its percentage is understood too."""

    default_error_messages: ClassVar = {"unknown": "A class is one of E, D, C, B, A, S."}

    def to_internal_value(self, data: Any) -> Stage:
        if str(data).upper() in LETTERS:
            return Stage[str(data).upper()]
        try:
            return Stage(int(str(data)))
        except ValueError:
            self.fail("unknown")

    def to_representation(self, value: Any) -> str:
        return Stage(value).letter
