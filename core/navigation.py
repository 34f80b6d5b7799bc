"""The entries of the navigation: their addresses, and the one that a page lies below."""

from __future__ import annotations

from functools import lru_cache

from django.urls import NoReverseMatch, get_script_prefix, reverse

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


def address_of(view: str) -> str:
    """Where a page without a record is; empty where there is no such page. Looked up once a process."""
    return _address_of(view, get_script_prefix())


@lru_cache(maxsize=256)
def _address_of(view: str, prefix: str) -> str:
    """`prefix` is where the site is mounted."""
    try:
        return reverse(view)
    except NoReverseMatch:
        return ""


def url_of(view: str, pk: int) -> str:
    """Where a record's page is: the way is looked up once, and only the number differs from record to record."""
    before, after = _way_to(view, get_script_prefix())
    return f"{before}{pk}{after}"


@lru_cache(maxsize=256)
def _way_to(view: str, prefix: str) -> tuple[str, str]:
    """What stands before and after the record's number; `prefix` as above."""
    before, _number, after = reverse(view, args=[0]).rpartition("0")
    return before, after


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
