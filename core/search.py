"""Search that understands Chinese: 华为, huawei and hw all find it (design decision 9)."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, TypeVar

from django.db.models import Model, Q, QuerySet
from pypinyin import Style, lazy_pinyin

M = TypeVar("M", bound=Model)


def search_columns(*names: str) -> dict[str, Any]:
    """The four stored columns of a Searchable row, from its names and codes, the main name first."""
    given = [name for name in names if name]
    pinyin = [_pinyin(name) for name in given]
    return {
        "sort_name": (pinyin[0][0] if pinyin else "")[:200],
        "search_grams": sorted({gram for name in given for gram in grams(name)}),
        "search_pinyin": " ".join(dict.fromkeys(full.replace(" ", "") for full, _short in pinyin))[:600],
        "search_initials": (pinyin[0][1] if pinyin else "")[:200],
    }


def grams(text: str) -> set[str]:
    """Lower-cased one- and two-character pieces of a text."""
    text = text.lower()
    return set(text) | {text[n : n + 2] for n in range(len(text) - 1)}


def match(rows: QuerySet[M], term: str) -> QuerySet[M]:
    """Rows whose name, code, pinyin or initials contain the term. Always cut the answer with a limit."""
    term = term.strip().lower()[:100]
    if not term:
        return rows
    pieces = [term] if len(term) == 1 else [term[n : n + 2] for n in range(len(term) - 1)]
    return rows.filter(Q(search_grams__contains=pieces) | Q(search_initials__startswith=term))


@lru_cache(maxsize=20_000)
def _pinyin(text: str) -> tuple[str, str]:
    syllables = lazy_pinyin(text.lower(), errors=lambda rest: list(rest))
    return " ".join(syllables) if len(syllables) != len(text) else "".join(syllables), "".join(
        s[:1] for s in lazy_pinyin(text.lower(), style=Style.NORMAL)
    )
