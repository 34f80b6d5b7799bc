"""What the customer wrote on his transfer: which of the open invoices his words name (Civil Code 560: his word comes first)."""

from __future__ import annotations

import re
from collections.abc import Iterable

SHORTEST = 3
"""Shorter numbers are found in any text and mean nothing."""


def named_in(text: str, numbers: Iterable[str]) -> list[str]:
    """Those numbers that stand in the text as words of their own, in the order they are first named."""
    spots, lowered = [], text.lower()
    for number in set(numbers):
        # A key account has thousands of numbers and the text names three: a pattern is made for those only.
        if len(number) < SHORTEST or number.lower() not in lowered:
            continue
        found = re.search(rf"(?<![0-9A-Za-z]){re.escape(number)}(?![0-9A-Za-z])", text, re.IGNORECASE)
        if found:
            spots.append((found.start(), -len(number), number))
    # A number inside a longer one that stands at the same place is not what was meant: INV-1 in INV-1-A.
    kept: list[tuple[int, int, str]] = []
    for spot in sorted(spots):
        if not any(start <= spot[0] and spot[0] - spot[1] <= start - length for start, length, _number in kept):
            kept.append(spot)
    return [number for _start, _length, number in kept]
