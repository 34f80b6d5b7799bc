"""How far tests search for a counterexample: a few examples, the same each time; at random and long when asked to.

    KEYLINE_SEARCH=1 make test ARGS='tests/receivables/test_ledger_machine.py -n0'

A search may run for many minutes and so has no time limit. What it finds is printed as a small example to write a test of.
`KEYLINE_SEARCH=0.2` searches a fifth as long.
"""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, settings

REACH = float(os.environ.get("KEYLINE_SEARCH") or 0)

settings.register_profile("same", derandomize=True, deadline=None, max_examples=100, print_blob=False)
settings.register_profile("searching", deadline=None, max_examples=max(1, round(REACH * 2_000)), print_blob=True)
settings.load_profile("searching" if REACH else "same")


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """A search takes its time."""
    if REACH:
        config.option.timeout = 0


def times(usually: int, *, searching: int) -> int:
    """How many rounds or examples: so many in every run, the other number in a search."""
    return max(1, round(REACH * searching)) if REACH else usually


def examples(usually: int, *, searching: int, steps: tuple[int, int] = (50, 50)) -> settings:
    """For tests on the database: how many examples, and how many steps a machine takes, usually and in a search."""
    return settings(
        max_examples=times(usually, searching=searching),
        stateful_step_count=steps[1] if REACH else steps[0],
        suppress_health_check=list(HealthCheck),
    )
