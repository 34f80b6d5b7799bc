"""Which rows exist for whom (design decision 10). Out of scope is 404, everywhere."""

from __future__ import annotations

from typing import Any, Self, TypeVar

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import F, Func, Q

from core.models import Role
from core.users import Actor

M = TypeVar("M", bound=models.Model)

SEES_ALL = frozenset({Role.FINANCE, Role.EXECUTIVE, Role.ADMINISTRATOR})


def among(column: str, ids: models.QuerySet[Any, Any]) -> Q:
    """Condition: the column holds one of these ids.

    For use beside an OR: the ids are looked up once, as an array, and an index on the column still serves, so that
    PostgreSQL joins the answers of several indexes. `IN (SELECT …)` beside an OR makes it read the whole table.
    """
    return Q(
        Func(
            F(column),
            ArraySubquery(ids.order_by()),
            template="%(expressions)s)",
            arg_joiner=" = ANY(",
            output_field=models.BooleanField(),
        )
    )


class ScopedQuerySet(models.QuerySet[M]):
    """Rows with an owner. A subclass says which are a person's own or shared with him, and which belong to teams."""

    def shared_with(self, user: Any) -> Q:
        """Condition: the user's own rows and those of accounts he is on the team of."""
        raise NotImplementedError

    def of_teams(self, team_ids: list[int]) -> Q:
        """Condition: rows that belong to one of these teams."""
        return Q(team_id__in=team_ids)

    def visible_to(self, by: Actor) -> Self:
        """The rows this actor may read: rep own and shared, manager also the team's subtree, the others all."""
        if by.is_system or by.role in SEES_ALL:
            return self.all()
        condition = self.shared_with(by)
        if by.role == Role.MANAGER and by.team_ids:
            # First what the row itself tells: PostgreSQL asks for memberships only where that does not settle it.
            condition = self.of_teams(by.team_ids) | condition
        return self.filter(condition)
