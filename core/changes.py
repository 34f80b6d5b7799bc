"""Editing a row: notice a newer edit, write only what changed, say what it was before."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from core.errors import Conflict
from core.models import Versioned


def check_version(row: Versioned, version: int | None, yours: dict[str, Any] | None = None) -> None:
    """Raise Conflict (409) when the row has moved on since `version` was read. None skips the check (jobs)."""
    if version is not None and row.version != version:
        raise Conflict(_("Somebody else saved this record while you were editing it."), current=row, yours=yours)


def apply_changes(row: Versioned, changes: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Set and save the fields that differ, one version up; return (before, after) of just those. Same values write nothing."""
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    for name, value in changes.items():
        old = getattr(row, name)
        if old != value:
            before[name], after[name] = _named(old), _named(value)
            setattr(row, name, value)
    if after:
        row.version += 1
        row.save(update_fields=[*after, "version", "updated_at"])
    return before, after


def _named(value: Any) -> Any:
    return str(value) if isinstance(value, models.Model) else value
