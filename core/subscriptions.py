"""Something below moves something above: an app hears of another app's events without that app knowing it.

    @on_event("receivables.payment_allocated")
    def judge_promises(event: AuditEvent) -> None: ...

in an app's `tasks.py`. It is run after the commit, by a worker, and may be run twice or, if a broker was lost, only by
the nightly job that catches up: so it must ask what is true now, not count.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import TYPE_CHECKING

from django.utils.module_loading import autodiscover_modules

if TYPE_CHECKING:
    from core.models import AuditEvent

    Listener = Callable[[AuditEvent], object]

LISTENERS: dict[str, list[Listener]] = defaultdict(list)
_deaf: ContextVar[bool] = ContextVar("deaf", default=False)


def on_event(*codes: str) -> Callable[[Listener], Listener]:
    """Declare a listener of these event codes."""

    def declare(listener: Listener) -> Listener:
        for code in codes:
            LISTENERS[code].append(listener)
        return listener

    return declare


def listeners_of(code: str) -> list[Listener]:
    """Who listens to this code."""
    if _deaf.get():
        return []
    _read_tasks()
    return LISTENERS.get(code, [])


@contextmanager
def nobody_listens() -> Iterator[None]:
    """Within it events are written and told to nobody: for a story of the past, whose consequences are told with it."""
    token = _deaf.set(True)
    try:
        yield
    finally:
        _deaf.reset(token)


@cache
def _read_tasks() -> None:
    """A worker reads every app's `tasks.py` by itself; a web process, where most events happen, does so here, once."""
    autodiscover_modules("tasks")
