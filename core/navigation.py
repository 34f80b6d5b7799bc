"""The entries of the navigation: their addresses, and the one that a page lies below."""

from __future__ import annotations

from functools import lru_cache

from django.urls import NoReverseMatch, reverse

from core.settings_menu import PAGES

HOME = "desk:home"
SETTINGS = "core:settings"
ENTRIES = (
    "accounts:list_accounts",
    "relationships:list_contacts",
    "visits:list_visits",
    "prospects:board",
    "prospects:list_prospects",
    "prospects:review",
    "prospects:dashboard",
    "prospects:numbers",
    "dunning:queue",
    "dunning:messages",
    "dunning:promises",
    "receivables:dashboard",
    "receivables:list_invoices",
    "receivables:list_payments",
    "receivables:approvals",
    "core:imports",
    SETTINGS,
)


@lru_cache(maxsize=64)
def address_of(view: str) -> str:
    """Where an entry leads; empty where the page does not exist. Looked up once a process."""
    try:
        return reverse(view)
    except NoReverseMatch:
        return ""


def section_of(path: str) -> str:
    """The entry of the page at this path, or of the record or form below it: the nearest one, empty for none.

    Pages of the settings menu are settings, below whatever app they lie.
    """
    if path == address_of(HOME):
        return HOME
    views = (*ENTRIES, *PAGES)
    above = [view for view in views if (address := address_of(view)) not in {"", "/"} and path.startswith(address)]
    nearest = max(above, key=lambda view: len(address_of(view)), default="")
    return SETTINGS if nearest in PAGES else nearest
