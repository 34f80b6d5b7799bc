"""Filling tables fast: what a row costs beside itself (index entries, look-ups of other tables, triggers) is put off to the end.

`bare` takes indexes, foreign keys and triggers off and puts them back, so that an index is built once, sorted, and a foreign
key is checked by one join. Primary keys and checks stay: rows that break a rule do not get in.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from io import StringIO
from typing import Any

from django.db import connection

DICE = """
create or replace function pg_temp.dice(n bigint, throw int) returns double precision language sql immutable as
$$ select (hashint8extended(n, throw) & 9007199254740991) / 9007199254740992.0::double precision $$
"""


def run(sql: str, **values: Any) -> list[tuple[Any, ...]]:
    """Run a statement; `%(name)s` are the values, `dice(n, throw)` is an even number in [0, 1), always the same one."""
    with connection.cursor() as cursor:
        if "dice(" in sql:
            cursor.execute(DICE)
            sql = sql.replace("dice(", "pg_temp.dice(")
        cursor.execute(sql, values)
        return list(cursor.fetchall()) if cursor.description else []


@contextmanager
def bare(*tables: str) -> Iterator[None]:
    """The tables have no indexes but their primary keys, no foreign keys and no triggers meanwhile."""
    keys = _found("c.conrelid::regclass::text, c.conname, pg_get_constraintdef(c.oid)", CONSTRAINTS, tables)
    indexes = _found("i.indrelid::regclass::text, x.relname, pg_get_indexdef(x.oid)", INDEXES, tables)
    for table in tables:
        run(f"alter table {table} disable trigger user")
    for table, name, _definition in keys:
        run(f'alter table {table} drop constraint "{name}"')
    for _table, name, _definition in indexes:
        run(f'drop index "{name}"')
    yield
    run("set maintenance_work_mem = '512MB'")
    for _table, _name, definition in indexes:
        run(definition)
    for table, name, definition in keys:
        run(f'alter table {table} add constraint "{name}" {definition}')
    for table in tables:
        run(f"alter table {table} enable trigger user")
        run(
            f"select setval(pg_get_serial_sequence('{table}', 'id'), coalesce((select max(id) from {table}), 0) + 1, false)"
        )
        run(f"vacuum (freeze, analyze) {table}")


CONSTRAINTS = "pg_constraint c where c.contype in ('f', 'u', 'x') and c.conrelid = any(%(tables)s::regclass[]) order by c.contype desc"
INDEXES = (
    "pg_index i join pg_class x on x.oid = i.indexrelid where i.indrelid = any(%(tables)s::regclass[])"
    " and not exists (select 1 from pg_constraint c where c.conindid = i.indexrelid and c.contype in ('p', 'u', 'x'))"
)


def _found(columns: str, source: str, tables: Iterable[str]) -> list[tuple[Any, ...]]:
    return run(f"select {columns} from {source}", tables=list(tables))


def insert(table: str, columns: Mapping[str, str], source: str, **values: Any) -> None:
    """INSERT … SELECT: each column's SQL, and what is selected from."""
    names = ", ".join(f'"{name}"' for name in columns)
    run(f"insert into {table} ({names}) select {', '.join(columns.values())} from {source}", **values)


def copy_rows(table: str, rows: Iterable[dict[str, Any]], **same: Any) -> None:
    """COPY rows into a table, 20,000 at a time; `same` are columns with one value for all."""
    lines: list[str] = []
    columns: list[str] = []
    tail = "".join(f"\t{_field(value)}" for value in same.values())
    for row in rows:
        columns = columns or [*row, *same]
        lines.append("\t".join(map(_field, row.values())) + tail)
        if len(lines) == 20_000:
            _send(table, columns, lines)
            lines = []
    if lines:
        _send(table, columns, lines)


def _send(table: str, columns: list[str], lines: list[str]) -> None:
    names = ", ".join(f'"{column}"' for column in columns)
    with connection.cursor() as cursor:
        cursor.copy_expert(f"copy {table} ({names}) from stdin", StringIO("\n".join(lines) + "\n"))


def _field(value: Any) -> str:
    if value is None:
        return "\\N"
    return str(value.isoformat() if isinstance(value, date) else value).replace("\\", "\\\\").replace("\t", " ")
