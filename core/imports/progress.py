"""How far a running import is: kept in the cache, because its own transaction is not seen until it ends."""

from __future__ import annotations

import time
from typing import Any

from django.core.cache import cache

from core.imports.run import Progress

EVERY = 0.5
LASTS = 3600


def reporter(job_id: int) -> Progress:
    """A function that notes the phase and the rows done, twice a second at most."""
    last = 0.0
    phase_before = ""

    def report(phase: str, done: int) -> None:
        nonlocal last, phase_before
        now = time.monotonic()
        if phase != phase_before or now - last >= EVERY:
            last, phase_before = now, phase
            cache.set(_key(job_id), {"phase": phase, "done": done}, LASTS)

    return report


def read(job_id: int) -> dict[str, Any]:
    """The last note; empty when there is none."""
    note: dict[str, Any] = cache.get(_key(job_id)) or {}
    return note


def clear(job_id: int) -> None:
    """Forget the notes of an earlier check."""
    cache.delete(_key(job_id))


def _key(job_id: int) -> str:
    return f"import-progress:{job_id}"
