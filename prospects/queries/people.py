"""Whose prospects a person may choose among: colleagues and teams, for filters and for handing over."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet

from core.models import Role, Team, User
from core.roles import SELLS
from core.scope import SEES_ALL
from core.users import Actor


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


def with_owner_names(grouped: QuerySet[Any, Any]) -> list[tuple[Any, ...]]:
    """Rows of a query grouped by `owner_id` and more, the owner's name before each; one statement.

    The names are joined to the groups: joined to the rows, each would be looked up for every prospect.
    """
    return run_with_owner_names(*grouped.query.sql_with_params())


def run_with_owner_names(sql: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
    """The same of a query that is SQL already."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"select u.full_name, g.* from ({sql}) g join core_user u on u.id = g.owner_id",  # noqa: S608
            parameters,
        )
        return list(cursor.fetchall())
