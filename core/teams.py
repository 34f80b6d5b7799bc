"""The team tree: paths, so that a subtree is one prefix look-up."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from django.db import models
from django.db.models import Q

from core.models import Team, User


def add_team(*, name: str, parent: Team | None = None) -> Team:
    """A new team below `parent`, or at the root."""
    team = Team.objects.create(name=name, parent=parent)
    team.path = _path(team)
    team.save(update_fields=["path"])
    return team


def move_subtree(team: Team) -> None:
    """Write the paths of a team whose parent changed and of every team below it."""
    old, team.path = team.path, _path(team)
    below = list(Team.objects.filter(path__startswith=old).exclude(pk=team.pk)) if old else []
    for child in below:
        child.path = team.path + child.path.removeprefix(old)
    Team.objects.bulk_update([team, *below], ["path"])


def with_team_ids(people: Iterable[User]) -> None:
    """Give these people the ids of their teams and of those below (`User.team_ids`); one statement for all of them."""
    paths = dict(Team.objects.values_list("id", "path"))
    for person in people:
        person.team_ids = [pk for pk, path in paths.items() if person.team_id and f"/{person.team_id}/" in path]


def _path(team: Team) -> str:
    return f"{team.parent.path if team.parent else '/'}{team.pk}/"


# ------------------------------------------------------------------ rows that belong to their owner's team

Rows = TypeVar("Rows", bound=type[models.Model])
FOLLOWING: list[tuple[type[models.Model], Q]] = []
"""Models with `owner` and `team` and which of their rows follow the owner, in the order in which apps are loaded."""


def follows_owner(only: Q | None = None) -> Callable[[Rows], Rows]:
    """Class decorator: a row's `team` is its owner's; when the owner changes team, his rows go with him, or `only` these."""

    def declare(model: Rows) -> Rows:
        FOLLOWING.append((model, only or Q()))
        return model

    return declare


def owned_rows(user: User) -> list[models.QuerySet[models.Model]]:
    """What a person owns and would take along, one query set a model."""
    return [model._default_manager.filter(only, owner=user) for model, only in FOLLOWING]


def follow_owner(user: User) -> int:
    """Give this owner's rows the team he is in now; returns how many changed. One statement a model."""
    return sum(rows.exclude(team=user.team_id).update(team=user.team_id) for rows in owned_rows(user))
