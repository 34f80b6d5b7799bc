"""What an action or a query may refuse with. One middleware and one API handler turn these into answers."""

from __future__ import annotations

from typing import Any


class DomainError(Exception):
    """The business says no; `message` is a sentence for a person, `field` the input it is about. Answered with 422."""

    status = 422

    def __init__(
        self, message: Any, *, field: str | None = None, code: str = "invalid", details: dict[str, Any] | None = None
    ) -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        self.code = code
        self.details = details or {}


class Conflict(DomainError):
    """Somebody else was quicker. `current` is the row as it is now, `yours` what was about to be written. Answered with 409."""

    status = 409

    def __init__(
        self, message: Any, *, current: Any = None, yours: dict[str, Any] | None = None, **kwargs: Any
    ) -> None:
        super().__init__(message, **{"code": "conflict", **kwargs})
        self.current = current
        self.yours = yours or {}


class NotAllowed(Exception):
    """This person may not do this at all. Answered with 403."""


class NotFound(Exception):
    """The row does not exist, or not for this person. Answered with 404."""
