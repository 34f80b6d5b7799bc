"""Whose prospects a person may choose among: colleagues and teams, for filters and for handing over."""

from __future__ import annotations

from django.db.models import Q

from core.models import Role, Team, User
from core.scope import SEES_ALL
from core.users import Actor

SELLS = (Role.REP, Role.MANAGER)


def sellers(by: Actor) -> list[User]:
    """People who own prospects this person may see: himself, a manager's teams, or everybody; by name."""
    people = User.objects.filter(is_active=True, role__in=SELLS)
    if not isinstance(by, User) or by.role in SEES_ALL:
        return list(people)
    if by.role == Role.MANAGER:
        return list(people.filter(Q(team_id__in=by.team_ids) | Q(pk=by.pk)))
    return list(people.filter(pk=by.pk))


def heirs() -> list[User]:
    """People a prospect may be handed to: everybody who sells."""
    return list(User.objects.filter(is_active=True, role__in=SELLS))


def teams(by: Actor) -> list[Team]:
    """Teams whose prospects this person may see as a whole, the upper ones first; a rep none."""
    if not isinstance(by, User) or by.role in SEES_ALL:
        return list(Team.objects.all())
    if by.role == Role.MANAGER:
        return list(Team.objects.filter(pk__in=by.team_ids))
    return []
