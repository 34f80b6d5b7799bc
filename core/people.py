"""Reading colleagues and teams. Everybody signed in may know who works here and in which team."""

from __future__ import annotations

from django.db.models import QuerySet

from core.errors import NotFound
from core.models import Team, User
from core.users import Actor


def colleagues(by: Actor) -> QuerySet[User]:
    """Everybody who works or worked here."""
    return User.objects.all()


def get_colleague(by: Actor, user_id: int) -> User:
    """One of them. NotFound otherwise."""
    user = colleagues(by).filter(pk=user_id).first()
    if user is None:
        raise NotFound
    return user


def teams(by: Actor) -> QuerySet[Team]:
    """All teams."""
    return Team.objects.all()


def get_team(by: Actor, team_id: int) -> Team:
    """One of them. NotFound otherwise."""
    team = teams(by).filter(pk=team_id).first()
    if team is None:
        raise NotFound
    return team
