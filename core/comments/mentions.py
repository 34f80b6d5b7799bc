"""Whom a comment is for: @ and a colleague's name, found in the text and drawn in it."""

from __future__ import annotations

import re
from collections.abc import Iterable

from django.template.defaultfilters import linebreaksbr
from django.utils.html import format_html, urlize
from django.utils.safestring import SafeString, mark_safe


def named_in(text: str, people: Iterable[tuple[int, str]]) -> dict[str, list[int]]:
    """The names that stand behind an @ in the text, each with the ids of all who bear it; the longest name counts.

    An @ inside a word is an address, not a mention.
    """
    bearers: dict[str, list[int]] = {}
    spelled: dict[str, str] = {}
    for pk, name in people:
        if name:
            bearers.setdefault(name.casefold(), []).append(pk)
            spelled.setdefault(name.casefold(), name)
    pattern = _pattern(bearers)
    found = pattern.findall(text) if pattern else []
    return {spelled[name.casefold()]: bearers[name.casefold()] for name in found}


def drawn(text: str, names: Iterable[str]) -> SafeString:
    """A comment as it is read: everything escaped, addresses as links, line breaks kept, mentions of these names marked."""
    pattern = _pattern(names)
    pieces = pattern.split(text) if pattern else [text]
    # What stands between mentions and the names that are mentioned take turns.
    html = [
        format_html('<span class="mention">@{}</span>', piece)
        if place % 2
        else urlize(piece, nofollow=True, autoescape=True)
        for place, piece in enumerate(pieces)
    ]
    return linebreaksbr(mark_safe("".join(html)), autoescape=False)  # noqa: S308  every piece is escaped above


def _pattern(names: Iterable[str]) -> re.Pattern[str] | None:
    """Finds @name for any of these names, longest first; None without names. What it captures is the name."""
    longest_first = sorted(filter(None, names), key=len, reverse=True)
    if not longest_first:
        return None
    names_in_turn = "|".join(map(re.escape, longest_first))
    return re.compile(rf"(?<![A-Za-z0-9_.+-])[@＠]({names_in_turn})(?![A-Za-z0-9_])", re.IGNORECASE)
