"""Only those filters of a FilterSet that an address has words for.

A FilterSet copies every filter it has and makes a form with a field for each, on each request: for the nineteen filters
of the prospects that costs more than reading the rows. Most addresses speak of none or two.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from django_filters import FilterSet


def narrowed(filters: type[FilterSet], words: Iterable[str]) -> type[FilterSet] | None:
    """The FilterSet with just the filters these words of an address concern; None where they concern none."""
    spoken = frozenset(
        name for name in filters.base_filters for word in words if word == name or word.startswith(f"{name}_")
    )
    return _with(filters, spoken) if spoken else None  # type: ignore[arg-type]


@lru_cache(maxsize=500)
def _with(filters: type[FilterSet], names: frozenset[str]) -> type[FilterSet]:
    narrow: type[FilterSet] = type(filters.__name__, (filters,), {})
    narrow.base_filters = {name: one for name, one in filters.base_filters.items() if name in names}
    return narrow
