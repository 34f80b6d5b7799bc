"""Finding accounts: the list, the picker, the warning that one exists already."""

from __future__ import annotations

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from accounts.choices import DevelopmentStage, Kind, Tier
from accounts.filters import AccountPageFilters
from accounts.queries import search_accounts, similar_accounts, visible_accounts
from core.columns import choice, day, link, number, person, text, words
from core.lists import Choosing, ListSpec, show_list
from core.requests import StaffRequest
from core.workdays import today

TIER_TONES = {Tier.VIP: "accent", Tier.LARGE: "", Tier.MEDIUM: "", Tier.SMALL: "", Tier.PROSPECT: ""}

ACCOUNTS = ListSpec(
    key="accounts",
    title=_("Accounts"),
    rows=visible_accounts,
    columns=(
        link("name", _("Name"), sort="sort_name", to="accounts:account", note="city"),
        choice("tier", _("Tier"), Tier, tones=TIER_TONES, sort="tier"),
        choice("development_stage", _("Stage"), DevelopmentStage, sort="development_stage"),
        person("owner", _("Owner")),
        text("industry", _("Industry")),
        text("region", _("Region")),
        day("last_contact_on", _("Last contact"), sort="last_contact_on"),
        day("next_step_on", _("Next step"), sort="next_step_on", late_before=today),
        number("open_prospects", _("Open prospects"), sort="open_prospects"),
        words("tags", _("Tags"), shown=False),
        choice("kind", _("Kind"), Kind, shown=False),
        text("short_name", _("Short name"), shown=False),
        text("english_name", _("English name"), shown=False),
        text("code", _("Code"), shown=False),
        text("credit_code", _("Credit code"), shown=False),
    ),
    sort="name",
    filters=AccountPageFilters,
    empty_icon="building",
    empty_title=_("No accounts yet"),
    empty_text=_("An account is a customer you sell to or want to. Add the first one, or import the list you have."),
    empty_action=(_("New account"), "accounts:add_account", "accounts.add"),
    choosing=Choosing(_("Add to a campaign"), "flag", "visits:choose_campaign", "visits.lead"),
)


def list_accounts(request: StaffRequest) -> HttpResponseBase:
    """The accounts one sees, with search, filters, sort and export."""
    return show_list(request, ACCOUNTS, "accounts/list_accounts.html")


def pick_account(request: StaffRequest) -> HttpResponse:
    """Matches for a picker."""
    found = search_accounts(request.user, request.GET.get("q", ""))
    options = [{"pk": account.pk, "name": account.name, "note": account.city or account.region} for account in found]
    return render(request, "core/_picker_options.html", {"options": options})


def list_similar_accounts(request: StaffRequest) -> HttpResponse:
    """What exists already of the account that is being typed in; nothing at all when nothing does."""
    but = request.GET.get("but", "")
    similar = similar_accounts(
        request.user,
        name=request.GET.get("name", "")[:200],
        credit_code=request.GET.get("credit_code", "")[:40],
        channels=[value[:254] for value in request.GET.getlist("channels-value")[:20]],
        but=int(but) if but.isdigit() else 0,
    )
    return render(request, "accounts/_similar_accounts.html", {"similar": similar})
