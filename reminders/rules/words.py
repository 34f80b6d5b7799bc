"""A rule's sentence with the words of one fact."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext

from core.money import format_money

DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}")
"""A day and a minute on the receiver's own clock: it needs no time zone any more."""


def fill(sentence: str, words: Mapping[str, Any], *, translated: frozenset[str] = frozenset()) -> str:
    """The sentence for a reader: days and moments as he writes them, `{money}` from amount and currency, our own words in his language."""
    said: dict[str, Any] = {name: _said(value, ours=name in translated) for name, value in words.items()}
    if words.get("amount") is not None and words.get("currency"):
        said["money"] = format_money(Decimal(str(words["amount"])), str(words["currency"]))
    return sentence.format_map(_Blank(said))


def _said(value: Any, *, ours: bool) -> Any:
    if isinstance(value, str) and ours and value:
        return gettext(value)
    if isinstance(value, str) and DAY.fullmatch(value):
        with suppress(ValueError):
            return date_format(date.fromisoformat(value), "SHORT_DATE_FORMAT")
    if isinstance(value, str) and MOMENT.fullmatch(value):
        with suppress(ValueError):
            at = datetime.fromisoformat(value)
            return f"{date_format(at, 'D')} {date_format(at, 'SHORT_DATETIME_FORMAT')}"
    return "–" if value in (None, "") else value


class _Blank(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "–"
