"""The team tree: paths, so that a subtree is one prefix look-up."""

from __future__ import annotations

from core.models import Team


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


def _path(team: Team) -> str:
    return f"{team.parent.path if team.parent else '/'}{team.pk}/"
