"""A refused file that comes back: its column of reasons is known, and what was made harmless for spreadsheets is restored."""

from __future__ import annotations

from collections.abc import Iterable

from core.exports import neutral
from core.imports.headings import normalise

REASON_HEADINGS = frozenset(normalise(word) for word in ("Refused because", "拒绝原因"))


def is_mended(headings: Iterable[str]) -> bool:
    """Whether these are the columns of a refused file of ours."""
    return any(normalise(heading) in REASON_HEADINGS for heading in headings)


def without_reasons(headings: Iterable[str]) -> list[str]:
    """The headings of the file that first came in."""
    return [heading for heading in headings if normalise(heading) not in REASON_HEADINGS]


def restored(text: str) -> str:
    """The text as it was before it was made harmless: `'=1+1` was `=1+1`."""
    return text[1:] if text.startswith("'") and neutral(text[1:]) == text else text
