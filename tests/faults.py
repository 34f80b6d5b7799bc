"""A database that fails at a chosen statement, and what its tables hold before and after (T12)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from django.db import connection, transaction


class Broken(Exception):
    """The database is gone, as far as the action can tell."""


class Fuse:
    """Lets so many statements pass and breaks at the next one. Savepoints are not statements of the action."""

    def __init__(self, passes: int | None) -> None:
        self.passes, self.seen = passes, 0

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if not sql.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK")):
            if self.seen == self.passes:
                raise Broken(sql)
            self.seen += 1
        return execute(sql, params, many, context)


def books(tables: Sequence[str]) -> dict[str, list[tuple[str]]]:
    """Every row of these tables."""
    found = {}
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"select t::text from {table} t order by 1")
            found[table] = cursor.fetchall()
    return found


def assert_all_or_nothing(call: Callable[[], object], tables: Sequence[str]) -> None:
    """Whole, the call changes these tables; failing at any of its statements, it changes none of them."""
    before = books(tables)
    whole = Fuse(None)
    with transaction.atomic():
        with connection.execute_wrapper(whole):
            call()
        assert books(tables) != before
        transaction.set_rollback(True)
    assert whole.seen >= 3
    for passes in range(whole.seen):
        with pytest.raises(Broken), connection.execute_wrapper(Fuse(passes)):
            call()
        assert books(tables) == before, f"statement {passes + 1} of {whole.seen}"
