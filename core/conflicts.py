"""A conflict told field by field: what the record says now, beside what the person was about to write."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model
from django.utils.text import capfirst

from core.errors import Conflict


@dataclass(frozen=True)
class Row:
    """One field of two versions, in words for a person."""

    label: str
    current: str
    yours: str

    @property
    def differs(self) -> bool:
        return self.current != self.yours


def rows_of(conflict: Conflict) -> list[Row]:
    """The fields of `conflict.yours` that the current record has too; those that differ come first."""
    current = conflict.current
    if not isinstance(current, Model):
        return []
    rows = [row for name, value in conflict.yours.items() if (row := _row(current, name, value))]
    return sorted(rows, key=lambda row: not row.differs)


def _row(current: Model, name: str, yours: Any) -> Row | None:
    try:
        field = current._meta.get_field(name)
    except FieldDoesNotExist:
        return None
    if not hasattr(field, "verbose_name") or name == "version":
        return None
    choices = dict(getattr(field, "flatchoices", None) or [])
    return Row(capfirst(str(field.verbose_name)), _words(getattr(current, name), choices), _words(yours, choices))


def _words(value: Any, choices: dict[Any, Any]) -> str:
    if value is None or value == "":
        return ""
    return str(choices.get(value, value))
