"""How long something takes, for tests that hold a bound on it."""

import time
from collections.abc import Callable


def quickest(act: Callable[[], object], tries: int = 3) -> float:
    """Seconds on the clock, the database's share included, of the quickest try: the others may have waited for other work."""
    spent = []
    for _again in range(tries):
        start = time.perf_counter()
        act()
        spent.append(time.perf_counter() - start)
    return min(spent)
