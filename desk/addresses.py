"""Addresses of pages that may not exist in every build or for every reader."""

from __future__ import annotations

from typing import Any

from django.urls import NoReverseMatch
from django.utils.http import urlencode

from core.navigation import address_of, url_of


def address(view: str, pk: int | None = None, **words: Any) -> str:
    """The address of a page, or of a record's, with words behind it; empty where there is no such page."""
    try:
        path = address_of(view) if pk is None else url_of(view, pk)
    except NoReverseMatch:
        return ""
    return f"{path}?{urlencode(words)}" if words and path else path
