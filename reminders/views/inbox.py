"""All reminders of a person on one page."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from core.models import Role
from core.requests import StaffRequest
from reminders.queries import desk_page, lines, rules_on_desk
from reminders.queries.desk import OPEN, OVER, SNOOZED, TEAM
from reminders.registry import RULES


def list_reminders(request: StaffRequest) -> HttpResponse:
    """Open, put off and over; a manager's team beside it. `?kind=` narrows to one rule, `?after=` goes on."""
    tab = request.GET.get("tab", OPEN)
    tabs = _tabs(request, tab)
    tab = next((name for name, current in tabs.items() if current["current"]), OPEN)
    kind = request.GET.get("kind", "") if request.GET.get("kind", "") in RULES else ""
    page = desk_page(request.user, tab, rule=kind, after=request.GET.get("after", ""))
    context: dict[str, Any] = {
        "tab": tab,
        "tabs": list(tabs.values()),
        "lines": lines(page.rows),
        "kinds": _kinds(request, tab, kind),
        "kind": kind,
        "is_later_page": "after" in request.GET,
        "older_url": _url(tab, kind, after=page.older) if page.older else "",
    }
    return render(request, "reminders/list_reminders.html", context)


def _tabs(request: StaffRequest, current: str) -> dict[str, dict[str, Any]]:
    named = {OPEN: _("Open"), SNOOZED: _("Put off"), OVER: _("Over")}
    if request.user.role == Role.MANAGER:
        named[TEAM] = _("My team’s")
    if current not in named:
        current = OPEN
    return {name: {"label": label, "url": _url(name), "current": name == current} for name, label in named.items()}


def _kinds(request: StaffRequest, tab: str, kind: str) -> list[dict[str, Any]]:
    """The kinds there are, as chips; none when there is no choice."""
    found = [code for code in rules_on_desk(request.user, tab) if code in RULES]
    if len(found) < 2 and not kind:
        return []
    chips = [{"label": _("All"), "url": _url(tab), "current": not kind}]
    return chips + [
        {"label": str(RULES[code].title), "url": _url(tab, code), "current": code == kind} for code in found
    ]


def _url(tab: str, kind: str = "", after: str = "") -> str:
    words = {"tab": "" if tab == OPEN else tab, "kind": kind, "after": after}
    given = {name: value for name, value in words.items() if value}
    return f"?{urlencode(given)}" if given else "?"
