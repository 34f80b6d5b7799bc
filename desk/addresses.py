"""Addresses of pages that may not exist in every build or for every reader."""

from __future__ import annotations

from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.http import urlencode


def address(view: str, *args: Any, **words: Any) -> str:
    """The address of a page with words behind it; empty where there is no such page."""
    try:
        path = reverse(view, args=args)
    except NoReverseMatch:
        return ""
    return f"{path}?{urlencode(words)}" if words else path
