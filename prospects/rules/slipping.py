"""Falling back (P3): when a card slips, why, to which class it would fall and on which day."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

from prospects.choices import Criterion, SlipReason, Stage
from prospects.rules import criteria
from prospects.rules.criteria import Facts, Hardness

FALL_BACK_AFTER_DAYS = 14
"""Shipped number of days a card may slip before it falls back (setting)."""


def slip_reason(
    stage: Stage,
    facts: Facts,
    ticked: Collection[Criterion],
    waived: Collection[Criterion],
    hard: Hardness,
    on: date,
) -> SlipReason | None:
    """Why the card slips on this day; None while everything its class rests on still holds.

    `waived` are criteria that were missing when it entered the class (let in by override, soft, or imported): they cannot
    stop being true. Opportunities (E) and closed cards do not slip.
    """
    if not criteria.needs_next_step(stage):
        return None
    if not facts.next_step.strip() or facts.next_step_on is None:
        return SlipReason.NO_NEXT_STEP
    if facts.next_step_on < on:
        return SlipReason.NEXT_STEP_PASSED
    lost = {
        check.criterion
        for check in criteria.stopping(criteria.missing(stage, facts, ticked, hard, on))
        if check.criterion not in waived
    }
    if Criterion.FIRST_MEETING_DATED in lost:
        return SlipReason.MEETING_CANCELLED
    if stage >= Stage.B and facts.decision_on is not None and facts.decision_on < on:
        return SlipReason.DECISION_PASSED
    return SlipReason.CRITERION_LOST if lost else None


def fall_back_class(stage: Stage, facts: Facts, ticked: Collection[Criterion], hard: Hardness, on: date) -> Stage:
    """The highest class below whose hard criteria hold; without a next step that is E: no response."""
    if criteria.lacking_next_step(facts, on):
        return Stage.E
    below = stage.next_down
    while below is not None and below > Stage.E:
        if not criteria.stopping(criteria.missing(below, facts, ticked, hard, on)):
            return below
        below = below.next_down
    return Stage.E


def falls_back_on(slipping_since: date, after_days: int = FALL_BACK_AFTER_DAYS) -> date:
    """The day a card that slips since then falls back by itself, unless the reason goes away first."""
    return slipping_since + timedelta(days=after_days)
