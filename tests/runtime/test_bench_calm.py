"""Measures on a machine whose host has other guests: the calmest of three counts."""

from collections import namedtuple
from collections.abc import Sequence

import pytest

from bench import calm

Times = namedtuple("Times", "user idle steal")
QUIET, BUSY, BUSIER = (95.0, 3.0, 2.0), (40.0, 30.0, 30.0), (20.0, 20.0, 60.0)


@pytest.fixture
def host(monkeypatch: pytest.MonkeyPatch) -> "Host":
    monkeypatch.setattr(calm, "PAUSE", 0)
    return Host(monkeypatch)


class Host:
    """Gives so much to whom, one measure after the other."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.monkeypatch = monkeypatch

    def measure(self, *gives: Sequence[float]) -> tuple[int, float]:
        """The number of the measure that counts, and the share others took meanwhile."""
        now, coming, made = [0.0, 0.0, 0.0], iter(gives), []

        def work() -> int:
            now[:] = [had + more for had, more in zip(now, next(coming), strict=True)]
            made.append(None)
            return len(made)

        self.monkeypatch.setattr(calm.psutil, "cpu_times", lambda: Times(*now))
        return calm.calmest(work)


@pytest.mark.parametrize(
    ("gives", "counts"),
    [
        ([QUIET], (1, 0.02)),
        ([BUSY, QUIET], (2, 0.02)),
        ([BUSIER, BUSY, BUSIER], (2, 0.3)),
    ],
)
def test_a_disturbed_measure_is_taken_again(
    host: Host, gives: Sequence[Sequence[float]], counts: tuple[int, float]
) -> None:
    number, share = host.measure(*gives)
    assert (number, round(share, 2)) == counts


def test_a_system_that_does_not_say_is_taken_as_calm() -> None:
    Two = namedtuple("Two", "user idle")
    assert calm.stolen(Two(1.0, 1.0), Two(5.0, 2.0)) == 0
    assert calm.stolen(Two(1.0, 1.0), Two(1.0, 1.0)) == 0
