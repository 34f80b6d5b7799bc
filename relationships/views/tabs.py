"""The pages of visits, side by side: list, calendar, week, campaigns."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _


def visit_tabs(current: str) -> list[dict[str, Any]]:
    """As `components/tabs.html` takes them."""
    pages = (
        ("list", _("List"), "visits:list_visits"),
        ("calendar", _("Calendar"), "visits:calendar"),
        ("week", _("Week"), "visits:week"),
        ("campaigns", _("Campaigns"), "visits:list_campaigns"),
    )
    return [
        {"label": label, "url": reverse(view), "current": key == current, "count": None} for key, label, view in pages
    ]
