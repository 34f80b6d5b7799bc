"""Settings of the board: norms of the sales cycle, hard and soft criteria, the two clocks."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.answers import attempt
from core.errors import NotFound
from core.models import Team
from core.permissions import allowed, require
from core.requests import StaffRequest
from prospects import actions
from prospects.choices import OPEN_STAGES, Stage
from prospects.forms import BoardRuleForm, CriteriaForm, NormsForm
from prospects.queries import board_settings
from prospects.queries.people import teams
from prospects.rules.cycle import SHIPPED_NORMS, Norms


def settings(request: StaffRequest) -> HttpResponse:
    """How long a class should take, what stops a move, the clocks. A manager sets the norms of his teams."""
    require(request.user, "prospects.set_norms")
    return _show(request)


@require_POST
def set_norms(request: StaffRequest) -> HttpResponse:
    """The norms of the team in the address, or the company's."""
    require(request.user, "prospects.set_norms")
    team = _team(request)
    form = NormsForm(_inherited(team), request.POST)
    if form.is_valid() and _done(
        form, lambda: actions.set_norms(by=request.user, team_id=team.pk if team else None, days=form.norms())
    ):
        return _saved(request)
    return _show(request, norms=form)


@require_POST
def set_criteria(request: StaffRequest) -> HttpResponse:
    """Which criteria stop a move."""
    require(request.user, "settings.manage")
    form = CriteriaForm(request.POST)
    if form.is_valid() and _done(form, lambda: actions.set_criteria(by=request.user, hard=form.hard())):
        return _saved(request)
    return _show(request, criteria=form)


@require_POST
def set_board_rule(request: StaffRequest) -> HttpResponse:
    """The two clocks."""
    require(request.user, "settings.manage")
    form = BoardRuleForm(request.POST)
    if form.is_valid() and _done(form, lambda: actions.set_board_rule(by=request.user, **form.cleaned_data)):
        return _saved(request)
    return _show(request, rule=form)


def _done(form: Any, act: Any) -> bool:
    """Whether the action went through; it returns nothing of interest."""
    return bool(attempt(form, lambda: (act(),)))


def _saved(request: StaffRequest) -> HttpResponse:
    messages.success(request, _("Saved."))
    chosen = request.GET.get("team", "")
    return redirect(f"{reverse('prospects:settings')}?team={chosen}" if chosen else reverse("prospects:settings"))


def _show(request: StaffRequest, *, norms: Any = None, criteria: Any = None, rule: Any = None) -> HttpResponse:
    found, team = board_settings(), _team(request)
    own = found.norms.teams.get(team.pk, {}) if team else found.norms.company
    is_refused = any(form is not None for form in (norms, criteria, rule))
    context = {
        "teams": teams(request.user),
        "team": team,
        "may_set_company": allowed(request.user, "settings.manage"),
        "norms": norms or NormsForm(_inherited(team), initial={f"days_{Stage(s).letter}": d for s, d in own.items()}),
        "criteria": criteria
        or CriteriaForm(initial={f"{stage.letter}-{criterion}": True for stage, criterion in found.hard}),
        "rule": rule or BoardRuleForm(instance=found.rule),
    }
    return render(request, "prospects/settings.html", context, status=422 if is_refused else 200)


def _team(request: StaffRequest) -> Team | None:
    """The team whose norms are shown: the one asked for; a manager's own unless he asks for another."""
    chosen = request.GET.get("team", "")
    mine = {team.pk: team for team in teams(request.user)}
    if chosen:
        if not chosen.isdigit() or int(chosen) not in mine:
            raise NotFound
        return mine[int(chosen)]
    if allowed(request.user, "settings.manage"):
        return None
    return mine.get(request.user.team_id or 0)


def _inherited(team: Team | None) -> dict[Stage, int]:
    """What holds where a box stays empty: the nearest team above, the company's, the shipped ones."""
    if team is None:
        return dict(SHIPPED_NORMS)
    found = board_settings().norms
    above = Norms(found.company, {key: days for key, days in found.teams.items() if key != team.pk})
    return {stage: above.days(stage, team.path) or SHIPPED_NORMS[stage] for stage in OPEN_STAGES}
