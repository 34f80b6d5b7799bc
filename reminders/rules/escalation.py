"""Who hears of it when nobody acts: a chain that is worked out once, when it is first told, and then stays as it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from reminders.choices import Rung
from reminders.rules.workdays import Works, workdays_after, working_hours_after

BACK_OFF = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15), timedelta(hours=1))
MOST_ATTEMPTS = 5


@dataclass(frozen=True)
class Step:
    """One rung with a person on it, and when it is his turn."""

    rung: Rung
    user_id: int
    at: datetime


def chain(
    *,
    owner: int,
    above: Sequence[int],
    stand_ins: Mapping[int, int],
    told_at: datetime,
    rungs: Sequence[tuple[Rung, int]],
    zone: ZoneInfo,
    works: Works,
) -> list[Step]:
    """The steps after `owner` was told: himself again, the manager, the director; whoever is away, by his stand-in.

    `above` lists the owner's manager and director. Nobody stands in the chain twice but the owner, who is told again; a rung
    whose person is there already falls away.
    """
    bosses = {Rung.MANAGER: 0, Rung.DIRECTOR: 1}
    steps: list[Step] = []
    seen = {owner}
    for rung, after in rungs:
        if rung == Rung.AGAIN:
            steps.append(Step(rung, owner, working_hours_after(told_at, after, zone, works)))
            continue
        place = bosses[rung]
        if place >= len(above):
            continue
        person = present(above[place], stand_ins)
        if person in seen:
            continue
        seen.add(person)
        steps.append(Step(rung, person, workdays_after(told_at, after, zone, works)))
    return sorted(steps, key=_by_time)


def _by_time(step: Step) -> datetime:
    return step.at


def next_step_at(written: Sequence[Mapping[str, Any]]) -> datetime | None:
    """When the first step of a stored chain that has not been taken is due; None at its end."""
    left = [datetime.fromisoformat(step["at"]) for step in written if not step["done"]]
    return min(left, default=None)


def present(person: int, stand_ins: Mapping[int, int]) -> int:
    """The person, or who stands in if he is away, or who stands in for that one. Around a circle: the person himself."""
    seen = {person}
    here = person
    while here in stand_ins:
        here = stand_ins[here]
        if here in seen:
            return person
        seen.add(here)
    return here


def next_try(attempts: int, at: datetime) -> datetime | None:
    """When to try again after so many failed attempts; None: it is given up."""
    return None if attempts >= MOST_ATTEMPTS else at + BACK_OFF[min(attempts, len(BACK_OFF)) - 1]
