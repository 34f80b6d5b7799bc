"""Finding people: the list, the warning that one exists already, the people of an account."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from html import escape

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.queries import get_account
from core.columns import Column, Row, addresses, link, person, text, words
from core.lists import ListSpec, show_list
from core.requests import StaffRequest
from core.words import listed
from relationships.choices import ContactRole
from relationships.filters import ContactFilters
from relationships.queries import list_facts, people_at, similar_contacts, visible_contacts

ROLES = dict(ContactRole.choices)
ACCOUNT = addresses("accounts:account")
SHORT = 8  # people shown on an account's overview


def _accounts_cell(row: Row) -> str:
    return SafeString(listed(f'<a href="{ACCOUNT(pk)}">{escape(name)}</a>' for name, pk in row["accounts"]))


def _roles(row: Row) -> str:
    return listed(ROLES.get(role, role) for role in row["roles"])


CONTACTS = ListSpec(
    key="contacts",
    title=_("Contacts"),
    rows=visible_contacts,
    columns=(
        link("full_name", pgettext_lazy("person", "Name"), sort="sort_name", to="relationships:contact", note="salutation"),
        Column(
            key="accounts", label=_("Account"), reads=("accounts",), cell=_accounts_cell, css="cell-wide",
            export=lambda row: ", ".join(name for name, _pk in row["accounts"]),
        ),
        text("title", _("Title")),
        Column(key="roles", label=_("Roles"), reads=("roles",), cell=_roles, export=_roles, css="cell-wide"),
        text("phone", _("Phone")),
        text("email", _("Email")),
        person("owner", _("Owner")),
        words("tags", _("Tags"), shown=False),
        text("english_name", _("English name"), shown=False),
        text("code", _("Code"), shown=False),
    ),
    sort="full_name",
    filters=ContactFilters,
    empty_icon="users",
    empty_title=_("No contacts yet"),
    empty_text=_("Contacts are the people at your accounts: who decides, who uses, who pays. Add the first one."),
    empty_action=(_("New contact"), "relationships:add_contact", "contacts.add"),
)  # fmt: skip


def list_contacts(request: StaffRequest) -> HttpResponseBase:
    """The people one sees, with search, filters, sort and export."""
    spec = replace(CONTACTS, extend=partial(list_facts, request.user))
    return show_list(request, spec, "relationships/list_contacts.html")


def list_similar_contacts(request: StaffRequest) -> HttpResponse:
    """Who of them exists already; nothing at all when nobody does."""
    but = request.GET.get("but", "")
    similar = similar_contacts(
        request.user,
        full_name=request.GET.get("full_name", "")[:120],
        channels=[value[:254] for value in request.GET.getlist("channels-value")[:20]],
        but=int(but) if but.isdigit() else 0,
    )
    return render(request, "relationships/_similar_contacts.html", {"similar": similar})


def account_panel(request: StaffRequest, account_id: int) -> HttpResponse:
    """The people of an account, as a part of its record."""
    account = get_account(request.user, account_id)
    short = request.GET.get("short") == "1"
    people = people_at(request.user, account_id, limit=SHORT + 1 if short else 200)
    context = {
        "account": account,
        "short": short,
        "people": people[:SHORT] if short else people,
        "more": short and len(people) > SHORT,
        "former": [] if short else people_at(request.user, account_id, past=True),
    }
    return render(request, "relationships/account_panel.html", context)
