"""The team tree."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.answers import attempt, saved, show_form
from core.permissions import require
from core.requests import StaffRequest
from core.staff import actions
from core.staff.forms import TeamForm
from core.staff.queries import get_team, team_tree


def list_teams(request: StaffRequest) -> HttpResponse:
    """Every team in its place, with its people counted."""
    return render(request, "core/staff/list_teams.html", {"lines": team_tree(request.user)})


def add_team(request: StaffRequest) -> HttpResponse:
    """A new team, below the one named in the address if any."""
    require(request.user, "teams.manage")
    form = TeamForm(request.POST or None, initial={"parent": request.GET.get("parent")})
    if form.is_valid():
        team = attempt(form, lambda: actions.add_team(by=request.user, **form.cleaned_data))
        if team:
            return saved(request, reverse("core:list_teams"), _("Team added."), changed="team", go=True)
    return show_form(
        request, form, title=_("Add a team"), submit=_("Add team"), cancel_url=reverse("core:list_teams"), use_once=True
    )


def edit_team(request: StaffRequest, team_id: int) -> HttpResponse:
    """Rename or move a team."""
    team = get_team(request.user, team_id)
    form = TeamForm(request.POST or None, initial={"name": team.name, "parent": team.parent})
    if form.is_valid():
        edited = attempt(form, lambda: actions.edit_team(by=request.user, team_id=team.pk, **form.cleaned_data))
        if edited:
            return saved(request, reverse("core:list_teams"), _("Saved."), changed="team", go=True)
    return show_form(
        request, form, "core/staff/edit_team.html", title=_("Edit team"), team=team, submit=_("Save"),
        cancel_url=reverse("core:list_teams"),
    )  # fmt: skip


@require_POST
def remove_team(request: StaffRequest, team_id: int) -> HttpResponse:
    """Remove an empty team."""
    actions.remove_team(by=request.user, team_id=team_id)
    messages.success(request, _("Team removed."))
    return redirect("core:list_teams")
