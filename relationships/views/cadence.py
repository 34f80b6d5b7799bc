"""Cadence (R11): accounts left alone too long, a year of contact with one, and how long is too long."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts.choices import Tier
from accounts.queries import get_account
from core.answers import attempt, show_form
from core.columns import Column, choice, day, link, number, person, text
from core.lists import ListSpec, show_list
from core.permissions import require
from core.requests import StaffRequest
from relationships import actions
from relationships.filters import NeglectedFilters
from relationships.forms import ContactRuleForm
from relationships.queries import account_heat, contact_rule, neglected_accounts, say_how_late

NEGLECTED = ListSpec(
    key="neglected",
    title=_("Neglected accounts"),
    rows=neglected_accounts,
    columns=(
        link("name", _("Account"), to="accounts:account"),
        choice("tier", _("Tier"), Tier),
        day("last_contact_on", _("Last contact"), sort="last_contact_on"),
        Column(
            key="late", label=_("Days too long"), reads=("late",), css="number",
            cell=lambda row: str(row["late"]), export=lambda row: row["late"],
        ),
        number("open_prospects", _("Open prospects")),
        day("next_step_on", _("Next step")),
        person("owner", _("Owner")),
        text("city", _("City"), shown=False),
    ),
    sort="last_contact_on",
    filters=NeglectedFilters,
    extend=say_how_late,
    empty_icon="mood-smile",
    empty_title=_("Nobody is neglected"),
    empty_text=_("Every account you see was in touch as often as its tier asks for. How often that is, the settings say."),
)  # fmt: skip


def list_neglected(request: StaffRequest) -> HttpResponseBase:
    """The accounts whose silence is longer than their tier allows, the longest silence first."""
    return show_list(request, NEGLECTED)


def account_year(request: StaffRequest, account_id: int) -> HttpResponse:
    """A year of contact with an account, drawn day by day, as a part of its record."""
    account = get_account(request.user, account_id)
    context = {
        "account": account,
        "heat": account_heat(account_id),
        "cadence": contact_rule().cadence(account.tier).days,
    }
    return render(request, "relationships/account_year.html", context)


def settings(request: StaffRequest) -> HttpResponse:
    """How often customers want to hear from us."""
    require(request.user, "settings.manage")
    form = ContactRuleForm(request.POST or None, instance=contact_rule())
    if form.is_valid():
        rule = attempt(form, lambda: actions.set_contact_rule(by=request.user, **form.cleaned_data))
        if rule is not None:
            messages.success(request, _now("Saved."))
            return redirect("visits:settings")
    return show_form(request, form, "relationships/settings.html", submit=_now("Save"))
