"""Which rows exist for whom (design decision 10). Out of scope is 404, everywhere."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property, reduce
from operator import or_
from typing import Any, Self, TypeVar

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.expressions import RawSQL

from core.models import Role
from core.users import Actor

M = TypeVar("M", bound=models.Model)

SEES_ALL = frozenset({Role.FINANCE, Role.EXECUTIVE, Role.ADMINISTRATOR})


class IdsOfPerson:
    """Ids that belong to a person: `SHARED = IdsOfPerson(lambda user_id: AccountMember.objects.filter(…).values("account"))`.

    Nearly every statement asks for them. Their SQL is the same for everybody, so it is written once a process and not
    put together by the ORM each time; `SHARED(user)` is that SQL for one person.
    """

    def __init__(self, ids_of: Callable[[int], models.QuerySet[Any, Any]]) -> None:
        self.ids_of = ids_of

    def __call__(self, user: Any) -> RawSQL:
        sql, count = self._statement
        return RawSQL(sql, [user.pk] * count)  # noqa: S611  the ORM wrote it

    @cached_property
    def _statement(self) -> tuple[str, int]:
        """The SQL, and how often the person's id stands in it."""
        somebody = -1
        sql, parameters = self.ids_of(somebody).order_by().query.sql_with_params()
        if set(parameters) != {somebody}:
            raise ValueError(f"These ids depend on more than the person: {parameters}")
        return sql, len(parameters)


def among(column: str, ids: models.QuerySet[Any, Any] | RawSQL) -> Q:
    """Condition: the column holds one of these ids.

    For use beside an OR: the ids are looked up once, as an array, and an index on the column still serves, so that
    PostgreSQL joins the answers of several indexes. `IN (SELECT …)` beside an OR makes it read the whole table.
    """
    if isinstance(ids, RawSQL):
        return _compared(column, ids, " = ANY(ARRAY")
    return _compared(column, ArraySubquery(ids.order_by()), " = ANY(")


def one_of(column: str, ids: list[int]) -> Q:
    """Condition: the column holds one of these known ids; said as one array, which a dozen or a thousand fit in alike."""
    return _compared(column, Value(ids, output_field=ArrayField(models.BigIntegerField())), " = ANY(")


def _compared(column: str, ids: Any, joiner: str) -> Q:
    return Q(Func(F(column), ids, template="%(expressions)s)", arg_joiner=joiner, output_field=models.BooleanField()))


class ScopedQuerySet(models.QuerySet[M]):
    """Rows with an owner. A subclass says which are a person's own or shared with him, and which belong to teams."""

    def shared_with(self, user: Any) -> Q:
        """Condition: the user's own rows and those of accounts he is on the team of."""
        raise NotImplementedError

    def of_teams(self, team_ids: list[int]) -> Q:
        """Condition: rows that belong to one of these teams."""
        return one_of("team_id", team_ids)

    def visible_to(self, by: Actor) -> Self:
        """The rows this actor may read: rep own and shared, manager also the team's subtree, the others all."""
        reasons = self._reasons(by)
        return self.filter(reduce(or_, reasons)) if reasons else self.all()

    def parts_visible_to(self, by: Actor) -> list[Self]:
        """The same rows as query sets one beside the other, one a reason to see them; a row may be in two of them.

        For the ids of all that somebody sees: each part reads an index of its own, where an OR makes PostgreSQL look
        at every row of everybody.
        """
        return [self.filter(reason) for reason in self._reasons(by)] or [self.all()]

    def _reasons(self, by: Actor) -> list[Q]:
        """Why this actor may read a row, any of them; none for who sees everything."""
        if by.is_system or by.role in SEES_ALL:
            return []
        shared = self.shared_with(by)
        if by.role == Role.MANAGER and by.team_ids:
            # First what the row itself tells: PostgreSQL asks for memberships only where that does not settle it.
            return [self.of_teams(by.team_ids), shared]
        return [shared]
