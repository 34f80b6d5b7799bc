"""Checks Django runs by itself, here for what only the database can tell."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections


@register(Tags.database)
def check_database_speaks_chinese(databases: Sequence[str] | None = None, **_kwargs: Any) -> list[CheckMessage]:
    """Search needs a UTF-8 database whose character type knows Chinese: with LC_CTYPE "C" it has no trigrams."""
    problems: list[CheckMessage] = []
    for alias in databases or []:
        with connections[alias].cursor() as cursor:
            cursor.execute(
                "select pg_encoding_to_char(encoding), datctype from pg_database where datname = current_database()"
            )
            encoding, character_type = cursor.fetchone()
        if encoding != "UTF8" or character_type in ("C", "POSIX"):
            problems.append(
                Error(
                    f"The database has encoding {encoding} and character type {character_type}: Chinese names "
                    "could not be searched.",
                    hint="Create it with: createdb --encoding=UTF8 --locale=C.UTF-8 --template=template0 keyline",
                    id="core.E001",
                )
            )
    return problems
