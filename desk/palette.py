"""What Ctrl-K offers: records by name, pages to go to, things to do, and what one worked on last."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.choices import Tier
from accounts.queries import visible_accounts
from core import search
from core.models import AuditEvent, User
from core.permissions import allowed
from core.readings import fold, reading
from desk.addresses import address
from prospects.choices import Outcome, Stage
from prospects.queries import visible_prospects
from relationships.queries import visible_contacts

FOUND = 5  # of each kind
RECENT = 6
LOOKED_BACK = 60  # own events in which the last records are sought


@dataclass(frozen=True)
class Choice:
    """One line: where it leads, or with `sheet` what slides in."""

    name: str
    url: str
    icon: str
    note: str = ""
    sheet: bool = False


@dataclass(frozen=True)
class Group:
    """Lines of one kind under a heading."""

    title: str
    choices: list[Choice] = field(default_factory=list)


# Page, words, icon and the right it takes.
PAGES = (
    ("desk:home", gettext_lazy("Today"), "sun", ""),
    ("accounts:list_accounts", gettext_lazy("Accounts"), "building", ""),
    ("relationships:list_contacts", gettext_lazy("Contacts"), "users", ""),
    ("prospects:board", gettext_lazy("Board"), "layout-kanban", ""),
    ("prospects:list_prospects", gettext_lazy("Prospects"), "list-details", ""),
    ("prospects:review", gettext_lazy("Weekly review"), "checkbox", ""),
    ("prospects:dashboard", gettext_lazy("Dashboard"), "chart-bar", ""),
    ("prospects:numbers", "15-7-1", "phone-call", "prospects.tally"),
    ("dunning:queue", gettext_lazy("Queue"), "list-numbers", "dunning.collect"),
    ("dunning:promises", gettext_lazy("Promises"), "heart-handshake", ""),
    ("dunning:calls", gettext_lazy("Call log"), "phone", ""),
    ("core:imports", gettext_lazy("Import"), "file-import", "imports.run"),
    ("core:settings", gettext_lazy("Settings"), "settings", ""),
    ("core:profile", gettext_lazy("Your profile"), "user", ""),
    ("core:list_users", gettext_lazy("Users"), "users-group", "users.manage"),
    ("core:list_teams", gettext_lazy("Teams"), "hierarchy", "teams.manage"),
    ("api-docs", gettext_lazy("API"), "api", ""),
)
DEEDS = (
    ("accounts:add_account", gettext_lazy("New account"), "building-plus", "accounts.add"),
    ("relationships:add_contact", gettext_lazy("New contact"), "user-plus", "contacts.add"),
    ("prospects:add_prospect", gettext_lazy("New prospect"), "target-arrow", "prospects.add"),
)


def suggestions(by: User) -> list[Group]:
    """Before anything is typed: what one worked on last, what one may do, where one may go."""
    groups = [Group(_("Last worked on"), _recent(by)), Group(_("Do"), _deeds(by)), Group(_("Go to"), _pages(by))]
    return [group for group in groups if group.choices]


def answers(by: User, term: str) -> list[Group]:
    """Deeds and pages that are called so, then accounts, contacts and prospects one sees; three statements."""
    groups = [
        Group(_("Do"), _named(_deeds(by), term)),
        Group(_("Go to"), _named(_pages(by), term)),
        Group(_("Accounts"), _accounts(by, term)),
        Group(_("Contacts"), _contacts(by, term)),
        Group(_("Prospects"), _prospects(by, term)),
    ]
    return [group for group in groups if group.choices]


def _accounts(by: User, term: str) -> list[Choice]:
    rows = search.best(visible_accounts(by), term, FOUND).values("id", "name", "city", "tier")
    return [_account(row) for row in rows]


def _account(row: Mapping[str, Any]) -> Choice:
    note = row["city"] or (Tier(row["tier"]).label if row["tier"] else "")
    return Choice(row["name"], address("accounts:account", row["id"]), "building", str(note))


def _contacts(by: User, term: str) -> list[Choice]:
    rows = search.best(visible_contacts(by), term, FOUND).values("id", "full_name", "salutation")
    return [_contact(row) for row in rows]


def _contact(row: Mapping[str, Any]) -> Choice:
    return Choice(row["full_name"], address("relationships:contact", row["id"]), "user", row["salutation"])


def _prospects(by: User, term: str) -> list[Choice]:
    rows = search.best(visible_prospects(by), term, FOUND).values("id", "name", "stage", "outcome", "account__name")
    return [_prospect(row) for row in sorted(rows, key=lambda row: bool(row["outcome"]))]  # open ones first


def _prospect(row: Mapping[str, Any]) -> Choice:
    standing = str(Outcome(row["outcome"]).label) if row["outcome"] else Stage(row["stage"]).letter
    note = " · ".join(filter(None, [row["account__name"], standing]))
    return Choice(row["name"], address("prospects:prospect", row["id"]), "target-arrow", note)


def _deeds(by: User) -> list[Choice]:
    return [Choice(*line, sheet=True) for line in _lines(by, DEEDS)]


def _pages(by: User) -> list[Choice]:
    return [Choice(*line) for line in _lines(by, PAGES)]


def _lines(by: User, table: Iterable[tuple[str, Any, str, str]]) -> list[tuple[str, str, str]]:
    lines = ((str(name), address(view), icon) for view, name, icon, right in table if not right or allowed(by, right))
    return [line for line in lines if line[1]]


def _named(choices: list[Choice], term: str) -> list[Choice]:
    """Those whose name holds the term, or reads so: sh finds 设置 as well as Settings' "s"."""
    wanted = fold(term)
    return [choice for choice in choices if any(wanted in text for text in _spellings(choice.name))]


def _spellings(name: str) -> list[str]:
    folded = fold(name)
    read = reading(folded)
    return [folded, read.replace(" ", ""), "".join(word[0] for word in read.split())]


# ------------------------------------------------------------------ what one worked on last


def _recent(by: User) -> list[Choice]:
    """The records of one's own latest events, the newest first; one statement, and one per kind of record found."""
    events = AuditEvent.objects.filter(actor=by).order_by("-id").values_list("target_type", "target_id")[:LOOKED_BACK]
    touched = [event for event in dict.fromkeys(events) if event[0] in _KINDS][:RECENT]
    known: dict[tuple[str, int], Choice] = {}
    for kind in {kind for kind, _id in touched}:
        visible, fields, draw = _KINDS[kind]
        for row in visible(by).filter(pk__in=[pk for one, pk in touched if one == kind]).values(*fields):
            known[kind, row["id"]] = draw(row)
    return [known[event] for event in touched if event in known]


_KINDS: dict[str, tuple[Any, tuple[str, ...], Any]] = {
    "accounts.account": (visible_accounts, ("id", "name", "city", "tier"), _account),
    "relationships.contact": (visible_contacts, ("id", "full_name", "salutation"), _contact),
    "prospects.prospect": (visible_prospects, ("id", "name", "stage", "outcome", "account__name"), _prospect),
}
