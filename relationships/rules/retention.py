"""How long personal facts are kept (L1)."""

from __future__ import annotations

from calendar import monthrange
from datetime import date


def kept_since(on: date, months: int) -> date:
    """The day so many months before `on`; the last of its month where that is shorter. Who left before is forgotten."""
    year, month = divmod(on.year * 12 + on.month - 1 - months, 12)
    return date(year, month + 1, min(on.day, monthrange(year, month + 1)[1]))
