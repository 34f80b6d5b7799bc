"""The entries of the navigation: their addresses, and the one that a page lies below."""

from __future__ import annotations

from functools import lru_cache

from django.urls import NoReverseMatch, reverse

HOME = "desk:home"
ENTRIES = (
    "accounts:list_accounts",
    "relationships:list_contacts",
    "visits:list_visits",
    "prospects:board",
    "prospects:list_prospects",
    "prospects:review",
    "prospects:dashboard",
    "dunning:queue",
    "dunning:messages",
    "dunning:promises",
    "dunning:calls",
    "receivables:dashboard",
    "receivables:list_invoices",
    "receivables:list_payments",
    "receivables:list_credit_notes",
    "receivables:list_contracts",
    "receivables:ageing",
    "receivables:approvals",
    "core:imports",
    "core:settings",
)

OF_SETTINGS = (
    "prospects:settings",
    "dunning:settings",
    "dunning:ladder",
    "receivables:settings",
)  # shown in their menu


@lru_cache(maxsize=64)
def address_of(view: str) -> str:
    """Where an entry leads; empty where the page does not exist. Looked up once a process."""
    try:
        return reverse(view)
    except NoReverseMatch:
        return ""


def section_of(path: str) -> str:
    """The entry of the page at this path, or of the record or form below it: the nearest one, empty for none."""
    if path == address_of(HOME):
        return HOME
    if any((address := address_of(view)) and path.startswith(address) for view in OF_SETTINGS):
        return "core:settings"
    above = [entry for entry in ENTRIES if (address := address_of(entry)) not in {"", "/"} and path.startswith(address)]
    return max(above, key=lambda entry: len(address_of(entry)), default="")
