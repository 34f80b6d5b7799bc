"""Landmines at an account: shown on top, laid, cleared (R4)."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from accounts.queries import get_account
from core.answers import attempt, given_version, saved, show_form
from core.permissions import require
from core.requests import StaffRequest
from relationships import actions
from relationships.forms import ClearLandmineForm, LandmineForm
from relationships.queries import get_landmine, landmines_at


def landmines(request: StaffRequest, account_id: int) -> HttpResponse:
    """What to be careful about, as a part of the account's record."""
    account = get_account(request.user, account_id)
    context = {"account": account, "landmines": landmines_at(request.user, account_id)}
    return render(request, "relationships/landmines.html", context)


def lay_landmine(request: StaffRequest, account_id: int) -> HttpResponse:
    """Warn the team."""
    require(request.user, "visits.record")
    account = get_account(request.user, account_id)
    form = LandmineForm(request.POST or None)
    if form.is_valid():
        given = form.cleaned_data
        if attempt(form, lambda: actions.lay_landmine(by=request.user, account_id=account_id, **given)):
            return saved(request, account, _("The team is warned."), changed="landmine")
    return show_form(
        request, form,
        title=_("A landmine"), subtitle=account.name, submit=_("Warn the team"), cancel_url=account.get_absolute_url(),
        use_once=True,
    )  # fmt: skip


def clear_landmine(request: StaffRequest, landmine_id: int) -> HttpResponse:
    """It lies there no more."""
    require(request.user, "visits.record")
    landmine = get_landmine(request.user, landmine_id)
    form = ClearLandmineForm(request.POST or None)
    if form.is_valid():
        because = form.cleaned_data["because"]
        cleared = attempt(
            form,
            lambda: actions.clear_landmine(
                by=request.user, landmine_id=landmine_id, because=because, version=given_version(request)
            ),
        )
        if cleared:
            return saved(request, landmine.account, _("Cleared."), changed="landmine")
    return show_form(
        request, form,
        title=_("No danger any more?"), subtitle=landmine.text, submit=_("Clear it"), version=landmine.version,
        cancel_url=landmine.account.get_absolute_url(),
    )  # fmt: skip
