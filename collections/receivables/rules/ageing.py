"""How old open money is (C2), two ways that give different answers for the same invoice.

Days past due, for collecting: the due day itself is not overdue, the day after is day 1. And 账龄, the age since the
debt was recognised, in years, for Chinese provisioning. Both at any day, never "now".
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

SHIPPED_EDGES = (30, 60, 90, 180, 365)
"""Last day of each overdue bucket but the open one: 1–30, 31–60, 61–90, 91–180, 181–365, over 365."""


@dataclass(frozen=True)
class Bucket:
    """Days past due from `first` to `last`; `first` is None for what is not due, `last` is None for the oldest."""

    first: int | None
    last: int | None

    @property
    def is_overdue(self) -> bool:
        return self.first is not None


@dataclass(frozen=True)
class OpenItem:
    """What is left of one invoice on the day asked about."""

    due_on: date
    currency: str
    open_amount: Decimal


def buckets(edges: Sequence[int] = SHIPPED_EDGES) -> list[Bucket]:
    """The buckets these edges cut, youngest first. Edges rise and are positive, else ValueError."""
    if not edges or edges[0] <= 0 or any(a >= b for a, b in pairwise(edges)):
        raise ValueError("Bucket edges must be positive and rising.")
    starts = [1, *(edge + 1 for edge in edges)]
    return [Bucket(None, 0), *(Bucket(first, last) for first, last in zip(starts, [*edges, None], strict=True))]


def days_past_due(due_on: date, on: date) -> int:
    """Days after the due day; zero or less while not overdue."""
    return (on - due_on).days


def bucket_index(due_on: date, on: date, edges: Sequence[int] = SHIPPED_EDGES) -> int:
    """Place of the bucket in `buckets(edges)`: 0 is not due, the last is the oldest."""
    days = days_past_due(due_on, on)
    return 0 if days <= 0 else 1 + bisect_left(edges, days)


def age(items: Iterable[OpenItem], on: date, edges: Sequence[int] = SHIPPED_EDGES) -> dict[str, list[Decimal]]:
    """Open amounts per currency and bucket. Currencies are never added together."""
    sums: dict[str, list[Decimal]] = {}
    for item in items:
        row = sums.setdefault(item.currency, [Decimal(0)] * (len(edges) + 2))
        row[bucket_index(item.due_on, on, edges)] += item.open_amount
    return sums


def years_since(recognised_on: date, on: date) -> int:
    """账龄: which year of its life the debt is in, 1 up to and including the first anniversary, then 2 and so on."""
    years = on.year - recognised_on.year
    if (on.month, on.day) > (recognised_on.month, recognised_on.day):
        years += 1
    return max(1, years)


# ------------------------------------------------------------------ as days, for sums in SQL

AGE_YEARS = 5
"""Account ages are told apart up to this many years (账龄): up to 1, 1–2, …, 4–5, over 5."""


def due_cuts(on: date, edges: Sequence[int] = SHIPPED_EDGES) -> list[date]:
    """The due days at which one bucket ends and the younger one begins, oldest first: `bucket_index` as a table.

    A due day on or after the n-th cut but before the next stands in bucket `len(edges) + 1 - n`, counting from 1.
    """
    return [on - timedelta(days=edge) for edge in reversed(edges)] + [on]


def age_cuts(on: date, years: int = AGE_YEARS) -> list[date]:
    """The same for the age since recognition: on or after the last cut the debt is in its first year of life."""
    return [_years_back(on, back) for back in range(years, 0, -1)]


def _years_back(on: date, years: int) -> date:
    """The first day whose anniversary has not passed: 1 March where there is no 29 February."""
    try:
        return on.replace(year=on.year - years)
    except ValueError:
        return date(on.year - years, 3, 1)


def span(cuts: Sequence[date], place: int) -> tuple[date | None, date | None]:
    """First and last day (both included) of the bucket at this place, 0 being the youngest; None where it has no end."""
    turned = len(cuts) - place
    first = cuts[turned - 1] if turned > 0 else None
    last = cuts[turned] - timedelta(days=1) if turned < len(cuts) else None
    return first, last
