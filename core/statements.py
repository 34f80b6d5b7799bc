"""Statements the ORM writes once a process, for pages that are asked for all day.

A page of a dozen statements waits longer for the ORM to put them together than for PostgreSQL to answer them. Such a page
declares one as a function of its reader and of the values that change:

    OF_THE_DAY = Statement(lambda by, start, end: visible_visits(by).filter(at__gte=start, at__lt=end))
    OF_THE_DAY.rows(user, start=morning, end=evening)

The function is asked once for each kind of reader, with stand-ins for him and for the values; from then on the real ones
take their places among the parameters. Who sees what is said in the query set, in its one place, as everywhere.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import F, Model, QuerySet

from core.models import Role, User
from core.users import SYSTEM, Actor

M = TypeVar("M", bound=Model)

NOBODY = -7_919_555_000
"""This number and those just below stand in for ids: no row has one."""
NEAR_NOBODY = "-79195"
LONG_AGO = datetime(1900, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class _Written(Generic[M]):
    """SQL and its parameters; `places` says of each which value belongs there, or None where it stays."""

    model: type[M]
    sql: str
    parameters: Sequence[Any]
    places: Sequence[str | None]


class Statement(Generic[M]):
    """A query set of a reader and values (numbers, days, instants, lists of ids) whose SQL is written once a process.

    What else it depends on would stay as it was the first time. So a day reckoned from another one and a day in the
    reader's time zone are refused (ValueError), and of the reader nothing is there but what scope asks for.

    `brings` names columns of rows on the way from each row, which come along: {"account": ["name"]}. Such a row is a
    deferred one: what else of it is asked for is read then. All columns of a row: `columns_of`.
    """

    def __init__(
        self, rows_of: Callable[..., QuerySet[M, Any]], *, brings: Mapping[str, Sequence[str]] | None = None
    ) -> None:
        self._rows_of = rows_of
        self._brings = {way: tuple(dict.fromkeys(("id", *columns))) for way, columns in (brings or {}).items()}
        self._written: dict[tuple[str | None, bool], _Written[M]] = {}

    def sql(self, by: Actor, **values: Any) -> tuple[str, list[Any]]:
        """The SQL and its parameters for this reader, to stand within another statement."""
        written, parameters = self._for(by, values)
        return written.sql, parameters

    def rows(self, by: Actor, **values: Any) -> list[M]:
        """The rows this reader gets, and what they bring along; one statement."""
        written, parameters = self._for(by, values)
        found = list(written.model._default_manager.raw(written.sql, parameters))
        for row in found:
            self._bring(row)
        return found

    def tuples(self, by: Actor, **values: Any) -> list[tuple[Any, ...]]:
        """What this reader gets of a query set of `values_list`; one statement."""
        with connection.cursor() as cursor:
            cursor.execute(*self.sql(by, **values))
            return list(cursor.fetchall())

    def _for(self, by: Actor, values: dict[str, Any]) -> tuple[_Written[M], list[Any]]:
        teams = by.team_ids if by.role == Role.MANAGER else []
        kind = (by.role, bool(teams))
        if kind not in self._written:
            self._written[kind] = self._write(*kind, values)
        written = self._written[kind]
        given = {"by": by.pk, "teams": teams, **values}
        filled = zip(written.places, written.parameters, strict=True)
        return written, [parameter if place is None else given[place] for place, parameter in filled]

    def _write(self, role: str | None, has_teams: bool, values: Mapping[str, Any]) -> _Written[M]:
        """Have the ORM write it with stand-ins, and find them again among the parameters."""
        teams = [NOBODY - 1] if has_teams else []
        by = SYSTEM if role is None else _somebody(role, teams)
        stand_ins = {name: _stand_in(value, number) for number, (name, value) in enumerate(values.items(), start=2)}
        rows = self._rows_of(by, **stand_ins)
        if self._brings:
            rows = rows.annotate(**{_beside(path): F(path) for path in self._paths()})
        sql, parameters = rows.query.sql_with_params()
        named = {repr(stand_in): name for name, stand_in in stand_ins.items()}
        named |= {repr(NOBODY): "by"} | ({repr(teams): "teams"} if teams else {})
        places = [named.get(repr(parameter)) for parameter in parameters]
        if lost := stand_ins.keys() - set(places):
            raise ValueError(f"These do not reach the statement: {', '.join(sorted(lost))}")
        if "AT TIME ZONE" in sql or any(
            place is None and (isinstance(parameter, date) or NEAR_NOBODY in repr(parameter))
            for place, parameter in zip(places, parameters, strict=True)
        ):
            raise ValueError(f"This statement depends on more than what is handed to it: {parameters}")
        return _Written(rows.model, sql, parameters, places)

    def _paths(self) -> list[str]:
        return [f"{way}__{column}" for way, columns in self._brings.items() for column in columns]

    def _bring(self, row: Any) -> None:
        """Hang the rows that came along where the ways to them lead."""
        for way, columns in self._brings.items():
            values = {column: row.__dict__.pop(_beside(f"{way}__{column}")) for column in columns}
            if values["id"] is None:
                continue
            holder, (*steps, last) = row, way.split("__")
            for step in steps:
                holder = getattr(holder, step)
            setattr(holder, last, _deferred(holder._meta.get_field(last).related_model, values))


def _deferred(model: type[Any], values: Mapping[str, Any]) -> Any:
    """A row of which these columns are known; Django wants them in the order of the fields."""
    names = [field.attname for field in model._meta.concrete_fields if field.attname in values]
    return model.from_db(DEFAULT_DB_ALIAS, names, [values[name] for name in names])


def _somebody(role: str, teams: list[int]) -> Actor:
    somebody: User = _deferred(User, {"id": NOBODY, "role": role})
    somebody.team_ids = teams
    return somebody


def columns_of(model: type[Model], *, but: Collection[str] = ()) -> list[str]:
    """All columns of a model, less those named."""
    return [field.attname for field in model._meta.concrete_fields if field.name not in but]


def _beside(path: str) -> str:
    """The name of a column that comes along."""
    return f"brought_{path}".replace("__", "_of_")


def _stand_in(value: Any, number: int) -> Any:
    """A value of the same kind that occurs nowhere else."""
    if isinstance(value, datetime):
        return LONG_AGO + timedelta(days=number)
    if isinstance(value, date):
        return LONG_AGO.date() + timedelta(days=number)
    if isinstance(value, list):
        return [NOBODY - number]
    if type(value) is int:
        return NOBODY - number
    raise TypeError(f"Not a value of a statement: {value!r}")
