"""The history of a record as one story: why (audit events) and what (field history kept by the database).

An app says which of its records have one, in its `AppConfig.ready`:

    keep_history("accounts.account", get_account)

The function is the app's own query, so whoever may not see a record sees no history of it either.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

RECORDS: dict[str, Callable[[Any, int], Any]] = {}


def keep_history(record_type: str, get: Callable[[Any, int], Any]) -> None:
    """Records of this type (`app_label.model`) have a history page; `get(by, id)` finds one or raises NotFound."""
    RECORDS[record_type] = get
