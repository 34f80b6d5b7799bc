"""Search that understands Chinese: 华为, huawei and hw all find it, in milliseconds among a million names.

What is typed is cut at blanks; every word must be found. Which index answers depends on the word (design decision 9):

- Chinese characters: the stored one- and two-character pieces (GIN); from three on the folded names are looked at again;
- three letters or digits and more: trigrams over names and pinyin, anywhere in the name;
- one or two letters: the beginning of the name, of its pinyin or of its initials.

The conditions stand in a subquery with a limit. It is a fence: without it the planner walks the index of the list's order
and tests row after row, which for a rare word means all of them.
"""

from __future__ import annotations

import re
from operator import add
from typing import Any, TypeVar

from django.db.models import F, Func, IntegerField, Model, Q, QuerySet
from django.db.models.functions import Length

from core.readings import FIRST_WIDE, NAME_END, fold, fold_letters, initials, reading

M = TypeVar("M", bound=Model)

MAX_TERM = 100
MAX_WORDS = 5
CANDIDATES = 1_000  # rows a search looks at, however many match; who sees so many types one more letter
PICKED_FROM = 300  # the same where only the best few are wanted

_THREE_LETTERS = re.compile(r"[^\W_]{3}")


def search_columns(*names: str, person: bool = False) -> dict[str, Any]:
    """The stored columns of a Searchable row, from its names and codes, the main name first.

    `person` reads the main name as a Chinese person's: 单 is Shan, 曾 is Zeng.
    """
    folded = list(dict.fromkeys(text for name in names if name and (text := fold(name))))
    if not folded:
        return {"sort_name": "", "search_grams": [], "search_pinyin": "", "search_initials": "", "search_text": ""}
    main = reading(folded[0], person=person)
    latin = [read for name in folded for read in _typed(name)]
    if person:
        latin += _typed(main)
    short = initials(main)
    return {
        "sort_name": main[:200],
        "search_grams": list(dict.fromkeys(gram for name in folded for gram in grams(name))),
        "search_pinyin": _lines([*dict.fromkeys(latin), short]),
        "search_initials": short[:200],
        "search_text": _lines(folded),
    }


def grams(text: str) -> list[str]:
    """The one- and two-character pieces of a folded text in which a Chinese character stands."""
    if text.isascii():
        return []
    pieces = [*text, *map(add, text, text[1:])]
    return pieces if min(text) >= FIRST_WIDE else [piece for piece in pieces if max(piece) >= FIRST_WIDE]


def _typed(name: str) -> list[str]:
    """What somebody may type of a folded name in Latin letters: with and without its blanks."""
    if not name.isascii():
        return [reading(name).replace(" ", "")]
    return [name, name.replace(" ", "")] if " " in name else [name]


def match(rows: QuerySet[M], term: str, limit: int = CANDIDATES) -> QuerySet[M]:
    """Rows in which every word of the term is found; at most `limit` of them, in no order. An empty term finds all."""
    condition = _condition(term)
    if condition is None:
        return rows
    candidates = rows.filter(condition).order_by().values("pk")[:limit]
    # Scope and filters hold inside the fence. Asked again outside, they would make the planner read the whole table.
    outside: QuerySet[M] = rows if rows.query.annotations else rows.model._default_manager.all()
    return outside.filter(pk__in=candidates)


def matching(rows: QuerySet[M], term: str) -> QuerySet[M]:
    """The same without the limit, for exports: complete, and as slow as there are many."""
    condition = _condition(term)
    return rows if condition is None else rows.filter(condition)


def ranked(rows: QuerySet[M], term: str, limit: int = CANDIDATES) -> QuerySet[M]:
    """`match` with `search_rank`: 0 the name itself, 1 a name that begins so, 2 one that contains it, 3 its initials."""
    whole = " ".join(_words(term))
    latin = fold_letters(whole).replace(" ", "")
    found = match(rows, term, limit).alias(search_length=Length("sort_name"))
    ordered: QuerySet[M] = found.annotate(search_rank=_Rank(whole, latin))
    return ordered


class _Rank(Func):
    """How well a row fits. One expression of our own: four lookups in a Case take the ORM longer than the search takes."""

    output_field = IntegerField()

    def __init__(self, whole: str, latin: str) -> None:
        super().__init__(F("search_text"), F("search_pinyin"))
        self.sought = (_line(whole), _line(latin), NAME_END + whole, NAME_END + latin, whole)

    def as_sql(self, compiler: Any, connection: Any, **_more: Any) -> tuple[str, tuple[str, ...]]:  # type: ignore[override]
        text, pinyin = (compiler.compile(column)[0] for column in self.get_source_expressions())
        whole = f"WHEN strpos({text}, %s) > 0 OR strpos({pinyin}, %s) > 0 THEN 0"
        begins = f"WHEN strpos({text}, %s) > 0 OR strpos({pinyin}, %s) > 0 THEN 1"
        contains = f"WHEN strpos({text}, %s) > 0 THEN 2"
        return f"CASE {whole} {begins} {contains} ELSE 3 END", self.sought


def best(rows: QuerySet[M], term: str, limit: int) -> QuerySet[M]:
    """The few best answers, short names first: for the palette and for pickers."""
    found = ranked(rows, term, limit=PICKED_FROM)
    return found.order_by("search_rank", "search_length", "sort_name", "pk")[:limit]


def _condition(term: str) -> Q | None:
    """Every word found; None when nothing was typed."""
    words = _words(term)
    if not words:
        return None
    condition = Q()
    for word in words:
        condition &= _word_condition(word)
    return condition


def _word_condition(word: str) -> Q:
    pieces = [char for char in word if char >= FIRST_WIDE]
    if pieces:
        pairs = [pair for pair in map(add, word, word[1:]) if max(pair) >= FIRST_WIDE]
        condition = Q(search_grams__contains=pairs or pieces)
        return condition & Q(search_text__contains=word) if len(word) > 2 else condition
    letters = fold_letters(word)
    if _THREE_LETTERS.search(letters):
        return Q(search_pinyin__contains=letters)
    return Q(search_initials__startswith=letters) | Q(sort_name__startswith=letters)


def _words(term: str) -> list[str]:
    return fold(term[: 2 * MAX_TERM])[:MAX_TERM].split()[:MAX_WORDS]


def _lines(texts: list[str]) -> str:
    """Texts with an end mark before, between and after, so that a whole one and a beginning can be asked for."""
    return NAME_END + NAME_END.join(texts) + NAME_END


def _line(text: str) -> str:
    return f"{NAME_END}{text}{NAME_END}"
