"""The side menu of the settings: one line a page, shown to those who may open it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from core.permissions import allowed
from core.users import Actor


@dataclass(frozen=True)
class Entry:
    """One page: its address's name, words, icon, the right it takes (none: everyone's), and the pages that lie behind it."""

    view: str
    label: Any
    icon: str
    verb: str = ""
    behind: tuple[str, ...] = ()


OWN = _("You")
COMPANY = _("Company")
ENTRIES: tuple[tuple[Any, tuple[Entry, ...]], ...] = (
    (
        OWN,
        (
            Entry("core:profile", _("Your profile"), icon="user"),
            Entry(
                "core:security",
                _("Password and devices"),
                icon="shield-lock",
                behind=("account_change_password", "mfa_index"),
            ),
            Entry("reminders:preferences", _("What reaches me"), icon="bell"),
            Entry("core:calendar_feed", _("Calendar feed"), icon="calendar-share"),
            Entry("core:list_tokens", _("API tokens"), icon="key"),
        ),
    ),
    (
        COMPANY,
        (
            Entry("core:list_users", _("Users"), icon="users", verb="users.manage"),
            Entry("core:list_teams", _("Teams"), icon="sitemap", verb="teams.manage"),
            Entry("core:calendar", _("Working calendar"), icon="calendar", verb="calendar.manage"),
            Entry("prospects:settings", _("Board and criteria"), icon="layout-kanban", verb="prospects.set_norms"),
            Entry("visits:settings", _("Rhythm of contact"), icon="calendar-heart", verb="settings.manage"),
            Entry("dunning:settings", _("Collecting"), icon="phone", verb="dunning.set_ladder"),
            Entry("dunning:ladder", _("Dunning ladder"), icon="stairs-up", verb="dunning.set_ladder"),
            Entry("dunning:excuses", _("Excuses and answers"), icon="message-question", verb="dunning.set_ladder"),
            Entry("receivables:settings", _("Receivables"), icon="report-money", verb="receivables.set_rules"),
            Entry("reminders:list_rules", _("Reminder rules"), icon="bell-cog", verb="reminders.manage"),
            Entry("reminders:ledger", _("Reminders sent"), icon="bell-check", verb="reminders.manage"),
            Entry("core:list_events", _("Audit trail"), icon="history", verb="audit.read"),
            Entry("core:list_jobs", _("Jobs"), icon="clock-cog", verb="jobs.read"),
        ),
    ),
)

PAGES = tuple(entry.view for _title, entries in ENTRIES for entry in entries)
"""The addresses of all of them, wherever they lie."""


def menu(by: Actor, path: str) -> list[dict[str, Any]]:
    """The groups with the entries this person may open; the one whose address, or that of a page behind it, begins the path is
    the current one.
    """
    groups = []
    for title, entries in ENTRIES:
        lines = [
            {
                "label": entry.label,
                "icon": entry.icon,
                "url": url,
                "current": path.startswith((url, *map(reverse, entry.behind))),
            }
            for entry in entries
            if (url := _address(entry.view)) and (not entry.verb or allowed(by, entry.verb))
        ]
        if lines:
            groups.append({"title": title, "lines": lines})
    return groups


def _address(view: str) -> str:
    try:
        return reverse(view)
    except NoReverseMatch:
        return ""
