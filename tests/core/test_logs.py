"""While the database is away the log says so in a line a request; whatever else fails keeps its traceback."""

import logging
import sys

import psycopg2
import pytest
from django.db import InterfaceError, OperationalError, connections

from core.logs import DatabaseAway

pytestmark = pytest.mark.django_db


def told(error: Exception) -> logging.LogRecord:
    """The line of a request that died of this error, as the console gets it."""
    try:
        raise error
    except Exception:
        record = logging.LogRecord(
            "django.request", logging.ERROR, __file__, 1, "%s: %s", ("Failed", "/board/"), sys.exc_info()
        )
    assert DatabaseAway().filter(record)
    return record


def caused(error: Exception, by: Exception) -> Exception:
    error.__cause__ = by
    return error


def test_a_database_that_cannot_be_reached_is_one_line() -> None:
    nowhere = connections.create_connection("default")
    nowhere.settings_dict = {**nowhere.settings_dict, "HOST": "/nowhere", "PORT": "1"}
    with pytest.raises(OperationalError) as away:
        nowhere.ensure_connection()
    record = told(away.value)
    assert record.getMessage().startswith("Failed: /board/: connection to server on socket")
    assert "\n" not in record.getMessage()
    assert record.exc_info is None


def test_a_connection_cut_off_is_one_line() -> None:
    lost = caused(InterfaceError("connection already closed"), psycopg2.InterfaceError("connection already closed"))
    assert told(lost).exc_info is None


def test_a_statement_that_took_too_long_keeps_its_traceback() -> None:
    with connections["default"].cursor() as cursor, pytest.raises(OperationalError) as slow:
        cursor.execute("set local statement_timeout = 10")
        cursor.execute("select pg_sleep(1)")
    record = told(slow.value)
    assert record.getMessage() == "Failed: /board/"
    assert record.exc_info


@pytest.mark.parametrize("mistake", [ValueError("no"), InterfaceError("cursor already closed")])
def test_our_own_mistakes_keep_their_traceback(mistake: Exception) -> None:
    assert told(mistake).exc_info
