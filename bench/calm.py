"""How much of the processors the host gave to other guests while something was measured, and the calmest of several tries."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import NamedTuple, TypeVar

import psutil

CALM = 0.05
"""The share of the processors' time up to which a measure stands at once."""
TRIES, PAUSE = 3, 10.0  # seconds between them

T = TypeVar("T")


def calmest(measure: Callable[[], T]) -> tuple[T, float]:
    """What was measured while others took least, and their share (0 to 1); at most TRIES times."""
    found: list[tuple[T, float]] = []
    while True:
        before = psutil.cpu_times()
        result = measure()
        found.append((result, stolen(before, psutil.cpu_times())))
        if found[-1][1] <= CALM or len(found) == TRIES:
            return min(found, key=lambda each: each[1])
        time.sleep(PAUSE)


def stolen(before: NamedTuple, after: NamedTuple) -> float:
    """The share taken by others between two readings of `psutil.cpu_times`; 0 where the system does not say."""
    took = sum(after) - sum(before)
    return (getattr(after, "steal", 0.0) - getattr(before, "steal", 0.0)) / took if took else 0.0
