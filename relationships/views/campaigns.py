"""Campaigns: the list, one with its progress, and every change of it (V2)."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from core.answers import attempt, given_version, saved, show_conflict, show_form
from core.errors import Conflict
from core.permissions import allowed, require
from core.requests import StaffRequest
from core.workdays import today
from relationships import actions
from relationships.forms import AddCampaignForm, AssignTargetForm, CampaignForm, CloseCampaignForm, TargetsForm
from relationships.models import VisitCampaign
from relationships.queries import (
    get_campaign,
    newest_campaigns,
    people_of_campaign,
    seen_accounts,
    standings,
    teams_to_lead,
)
from relationships.rules.campaigns import Standing, per_person
from relationships.views.tabs import visit_tabs

SHOWN = 60  # campaigns on the list: years of them
LINES = 200  # accounts shown on a campaign's page


def list_campaigns(request: StaffRequest) -> HttpResponse:
    """The campaigns one sees, the running ones first, each with how far it is."""
    rows = newest_campaigns(request.user, SHOWN)
    found = standings(rows)
    lines = [_line(row, found[row.pk]) for row in rows]
    context = {
        "tabs": visit_tabs("campaigns"),
        "running": [line for line in lines if line["campaign"].is_open],
        "closed": [line for line in lines if not line["campaign"].is_open],
        "may_lead": allowed(request.user, "visits.lead"),
    }
    return render(request, "relationships/list_campaigns.html", context)


def campaign(request: StaffRequest, campaign_id: int) -> HttpResponse:
    """One campaign: how far it is together and per person, and which accounts are not visited yet."""
    found = get_campaign(request.user, campaign_id)
    standing = standings([found])[found.pk]
    seen = seen_accounts(request.user, standing)
    context = {
        **_line(found, standing),
        "people": per_person(standing.targets),
        "open_targets": [target for target in standing.open_targets if target.account_id in seen][:LINES],
        "done_targets": [target for target in standing.targets if target.is_done and target.account_id in seen][:LINES],
        "hidden": standing.accounts - len(seen),
        "may_lead": _may_lead(request, found),
        "may_plan": found.is_open and allowed(request.user, "visits.plan"),
        "is_over": found.ends_on < today(),
        "history_url": reverse("core:history", args=["relationships.visitcampaign", found.pk]),
    }
    return render(request, "relationships/campaign.html", context)


def add_campaign(request: StaffRequest) -> HttpResponse:
    """A new round of visits; the accounts are chosen next."""
    require(request.user, "visits.lead")
    form = AddCampaignForm(request.POST or None, by=request.user, initial={"starts_on": today()})
    if form.is_valid():
        opened = attempt(form, lambda: actions.add_campaign(by=request.user, **form.given()))
        if opened:
            return saved(request, opened, _("Opened. Now choose the accounts."), changed="campaign", go=True)
    return show_form(
        request, form, title=_("New campaign"), submit=_("Open it"), use_once=True,
        cancel_url=reverse("visits:list_campaigns"),
    )  # fmt: skip


def edit_campaign(request: StaffRequest, campaign_id: int) -> HttpResponse:
    """What it says. Over somebody's newer edit both versions are shown (409)."""
    require(request.user, "visits.lead")
    found = get_campaign(request.user, campaign_id)
    form = CampaignForm(request.POST or None, instance=found)
    page: dict[str, Any] = {"cancel_url": found.get_absolute_url()}
    if form.is_valid():
        change = partial(
            actions.edit_campaign,
            by=request.user,
            campaign_id=campaign_id,
            version=given_version(request),
            **form.cleaned_data,
        )
        try:
            edited = attempt(form, change)
        except Conflict as conflict:
            theirs = {name: getattr(found, name) for name in form.cleaned_data}
            return show_conflict(request, form, conflict, theirs, **page)
        if edited:
            return saved(request, edited, _("Saved."), changed="campaign")
    return show_form(
        request, form, title=_("Edit the campaign"), submit=_("Save"),
        version=given_version(request) or found.version, **page,
    )  # fmt: skip


def add_targets(request: StaffRequest, campaign_id: int) -> HttpResponse:
    """One account by hand, or all of some people that fit."""
    require(request.user, "visits.lead")
    found = get_campaign(request.user, campaign_id)
    form = TargetsForm(request.POST or None, by=request.user, people=list(people_of_campaign(found)))
    if form.is_valid():
        added = attempt(
            form,
            lambda: actions.add_targets(
                by=request.user, campaign_id=campaign_id, account_ids=form.wanted(request.user),
                rep_id=form.cleaned_data["rep"],
            ),
        )  # fmt: skip
        if added is not None:
            said = ngettext("%(count)s account added.", "%(count)s accounts added.", len(added)) % {"count": len(added)}
            return saved(request, found, said, changed="campaign")
    return show_form(
        request,
        form,
        title=_("Add accounts"),
        subtitle=found.name,
        submit=_("Add"),
        cancel_url=found.get_absolute_url(),
    )


def assign_target(request: StaffRequest, campaign_id: int, account_id: int) -> HttpResponse:
    """Who goes to this account."""
    require(request.user, "visits.lead")
    found = get_campaign(request.user, campaign_id)
    form = AssignTargetForm(request.POST or None, people=list(people_of_campaign(found)))
    if form.is_valid():
        change = partial(actions.assign_target, by=request.user, campaign_id=campaign_id, account_id=account_id)
        if attempt(form, lambda: change(rep_id=form.cleaned_data["rep"])):
            return saved(request, found, _("Saved."), changed="campaign")
    return show_form(
        request, form, title=_("Who goes there?"), subtitle=found.name, submit=_("Save"),
        cancel_url=found.get_absolute_url(),
    )  # fmt: skip


@require_POST
def remove_target(request: StaffRequest, campaign_id: int, account_id: int) -> HttpResponse:
    """Off the list; its visits stay."""
    require(request.user, "visits.lead")
    found = get_campaign(request.user, campaign_id)
    actions.remove_target(by=request.user, campaign_id=campaign_id, account_id=account_id)
    return saved(request, found, _("Taken off the list."), changed="campaign")


def close_campaign(request: StaffRequest, campaign_id: int) -> HttpResponse:
    """The round is over."""
    require(request.user, "visits.lead")
    found = get_campaign(request.user, campaign_id)
    form = CloseCampaignForm(request.POST or None)
    if form.is_valid():
        change = partial(
            actions.close_campaign,
            by=request.user,
            campaign_id=campaign_id,
            version=given_version(request),
            **form.cleaned_data,
        )
        if closed := attempt(form, change):
            return saved(request, closed, _("Closed."), changed="campaign")
    return show_form(
        request, form, title=_("Close the campaign"), subtitle=found.name, submit=_("Close it"),
        version=given_version(request) or found.version, cancel_url=found.get_absolute_url(),
    )  # fmt: skip


# ------------------------------------------------------------------ shared


def _line(row: VisitCampaign, standing: Standing) -> dict[str, Any]:
    """A campaign with how far it is, in words too."""
    return {
        "campaign": row,
        "standing": standing,
        "days_left": max((row.ends_on - today()).days + 1, 0) if row.is_open else 0,
    }


def _may_lead(request: StaffRequest, found: VisitCampaign) -> bool:
    """Whether the reader may change it: who leads it, or its team."""
    if not found.is_open or not allowed(request.user, "visits.lead"):
        return False
    return found.led_by_id == request.user.pk or teams_to_lead(request.user).filter(pk=found.team_id).exists()
