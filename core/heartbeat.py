"""A sign of life while something long is done: a lease that is renewed by it can be short, so that the dead are soon replaced."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread

from django.db import connections

log = logging.getLogger(__name__)


@contextmanager
def beating(renew: Callable[[], object], *, every: float) -> Iterator[None]:
    """Call `renew` every so many seconds, on a database connection of its own, until the block ends."""
    over = Event()
    thread = Thread(target=_beat, args=(renew, every, over), name="heartbeat", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _beat(renew: Callable[[], object], every: float, over: Event) -> None:
    try:
        while not over.wait(every):
            try:
                renew()
            except Exception:  # the database may be away for a moment; the next beat comes
                log.exception("A lease could not be renewed")
    finally:
        connections.close_all()
