"""What a line of the log must not say."""

import logging
import re

from django.db import InterfaceError, OperationalError

SECRET_ADDRESS = re.compile(r"(/calendar/)[\w-]+(\.ics)")
GOING_OR_COMING = ("08", "57P")
"""What SQLSTATE begins with when the server is lost, stops or starts; none at all when it cannot be reached."""


class WithoutSecrets(logging.Filter):
    """Takes the key out of addresses of calendar feeds: Django logs the path of what it refuses."""

    def filter(self, record: logging.LogRecord) -> bool:
        said = record.getMessage()
        if SECRET_ADDRESS.search(said):
            record.msg, record.args = SECRET_ADDRESS.sub(r"\1…\2", said), None
        return True


class DatabaseAway(logging.Filter):
    """One line, without the way there, for each request that found no database: there are many, and all say the same."""

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if record.exc_info else None
        if error and _finds_no_database(error):
            why, _, _ = str(error).partition("\n")
            record.msg, record.args = f"{record.getMessage()}: {why}", None
            record.exc_info = record.exc_text = None
        return True


def _finds_no_database(error: BaseException) -> bool:
    if isinstance(error, InterfaceError):
        return "connection" in str(error)  # a closed cursor is a mistake of ours
    state = getattr(error.__cause__, "pgcode", None)
    return isinstance(error, OperationalError) and (state is None or state.startswith(GOING_OR_COMING))
