"""Conditions on prospects that a number counts and the list behind it shows: one definition for both."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from typing import TypedDict

from django.db.models import Q
from django.utils import timezone

from core.models import Team
from core.scope import among
from prospects.choices import OPEN_STAGES, Attention, ChangeKind, Stage
from prospects.models import STILL_OPEN
from prospects.queries.settings import BoardSettings
from prospects.rules import cycle
from prospects.rules.cycle import Norms

NOTHING_PLANNED = STILL_OPEN & Q(stage__gt=Stage.E) & (Q(next_step_on=None) | Q(next_step=""))
"""R8: live without a next step or its date."""

MOVES = Q(from_stage__isnull=False) & ~Q(kind__in=[ChangeKind.IMPORTED, ChangeKind.REOPENED])
"""Class changes that are moves on the board: not its coming onto it, nor its coming back."""

SLIPPING = STILL_OPEN & Q(slipping_since__isnull=False)


class ReviewDays(TypedDict):
    """The days that tell whether a review is due."""

    latest: date
    before: datetime


def overdue(on: date) -> Q:
    """Open, and the next step's day has passed."""
    return STILL_OPEN & Q(next_step_on__lt=on)


def review_due(settings: BoardSettings, on: date) -> Q:
    """Open, and the weekly review is due (P4)."""
    return unreviewed(**review_days(settings, on))


def review_days(settings: BoardSettings, on: date) -> ReviewDays:
    """What `unreviewed` compares with: the latest day a review that is due can go back to, and when the next one began."""
    latest = on - timedelta(days=settings.rule.review_every_days)
    return {"latest": latest, "before": _start_of(latest + timedelta(days=1))}


def unreviewed(latest: date, before: datetime) -> Q:
    """Open, and not looked at since."""
    return STILL_OPEN & (Q(last_reviewed_at__lt=before) | Q(last_reviewed_at=None, opened_on__lte=latest))


def beyond_norm(norms: Norms, on: date, stages: Iterable[Stage] = OPEN_STAGES) -> Q:
    """Open, and longer in its class than twice its team's norm (P5)."""
    paths = team_paths(norms)
    found = Q(pk__in=[])
    for stage in stages:
        usual = norms.days(stage)
        own = {team_id: norms.days(stage, path) for team_id, path in paths.items()}
        ours = {team_id: days for team_id, days in own.items() if days is not None and days != usual}
        elsewhere = Q(entered_stage_on__lt=cycle.beyond_since(usual or 0, on))
        if ours:
            elsewhere &= ~Q(team__in=ours) | Q(team=None)
        found |= Q(stage=stage) & (elsewhere | _of_teams(ours, on))
    return STILL_OPEN & found


def _of_teams(norms: Mapping[int, int], on: date) -> Q:
    found = Q(pk__in=[])
    for team_id, days in norms.items():
        found |= Q(team=team_id, entered_stage_on__lt=cycle.beyond_since(days, on))
    return found


def condition_of(attention: Attention, settings: BoardSettings, on: date) -> Q:
    """The condition behind one kind of attention, except STUCK, which is no single condition."""
    if attention == Attention.NOTHING_PLANNED:
        return NOTHING_PLANNED
    if attention == Attention.OVERDUE:
        return overdue(on)
    if attention == Attention.SLIPPING:
        return SLIPPING
    if attention == Attention.BEYOND_NORM:
        return beyond_norm(settings.norms, on)
    if attention == Attention.REVIEW_DUE:
        return review_due(settings, on)
    raise ValueError(attention)


def team_paths(norms: Norms) -> dict[int, str]:
    """Paths of the teams to which norms of their own apply, those of a team above included; no statement without any."""
    if not norms.teams:
        return {}
    below = Q(pk__in=[])
    for team_id in norms.teams:
        below |= Q(path__contains=f"/{team_id}/")
    return dict(Team.objects.filter(below).values_list("id", "path"))


def team_path(team_id: int) -> str:
    """The path of a team, "/1/4/"."""
    return Team.objects.filter(pk=team_id).values_list("path", flat=True).first() or ""


def of_team(team_id: int) -> Q:
    """Of the team or of one below it."""
    return among("team_id", Team.objects.filter(path__contains=f"/{team_id}/").values("pk"))


def _start_of(day: date) -> datetime:
    """The first instant of a day where the reader is."""
    return timezone.make_aware(datetime.combine(day, time()))
