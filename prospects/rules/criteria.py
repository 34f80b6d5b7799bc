"""Entry criteria (P2) and the next step every live prospect has (R8).

A criterion is met in one of three ways:

- by the card itself: INTEREST (the card exists), FIRST_MEETING_DATED (`first_meeting_on`), NEXT_STEP_AGREED (a next step
  on a day that has not passed). Nobody ticks these; the date is the evidence.
- by a tick, which carries a note, a link or a visit, a person and a day: WILLING, RIGHT_PERSON, PROPOSAL_FITS, BUDGET_REASONABLE,
  SPOKEN_AGREEMENT and the four of S.
- by a tick and dates that bear it out: FIRST_MEETING_HELD (`first_meeting_on` is not in the future) and
  TIMETABLE_WORKABLE (`decision_on` has not passed, `start_on` is known).

A class asks for its own criteria as P2 lists them, A for all five of B as well. It does not ask for those of the classes
jumped over: who meets all five of B is at B, whatever way he came.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from prospects.choices import Criterion, Stage

B_FIVE = (
    Criterion.RIGHT_PERSON,
    Criterion.PROPOSAL_FITS,
    Criterion.BUDGET_REASONABLE,
    Criterion.TIMETABLE_WORKABLE,
    Criterion.NEXT_STEP_AGREED,
)
CRITERIA: dict[Stage, tuple[Criterion, ...]] = {
    Stage.E: (Criterion.INTEREST,),
    Stage.D: (Criterion.FIRST_MEETING_DATED,),
    Stage.C: (Criterion.FIRST_MEETING_HELD, Criterion.WILLING),
    Stage.B: B_FIVE,
    Stage.A: (Criterion.SPOKEN_AGREEMENT, *B_FIVE),
    Stage.S: (
        Criterion.FIRST_PAYMENT,
        Criterion.COMMISSION_RECEIVED,
        Criterion.DELIVERY_ACCEPTED,
        Criterion.IN_USE,
    ),
}
"""What each class asks for (P2)."""

ONE_OF = frozenset({Stage.S})
"""Classes for which any single one of their criteria is enough."""

NOT_TICKED = frozenset({Criterion.INTEREST, Criterion.FIRST_MEETING_DATED, Criterion.NEXT_STEP_AGREED})
"""Criteria the card itself answers."""

HARD_AS_SHIPPED = frozenset(
    (stage, criterion) for stage in (Stage.D, Stage.B, Stage.A, Stage.S) for criterion in CRITERIA[stage]
)
"""P2: all of D, B, A and S stop a move; C's are asked for only."""

Hardness = Collection[tuple[Stage, Criterion]]


class Facts(Protocol):
    """What the rules read of a card; a Prospect is one."""

    @property
    def first_meeting_on(self) -> date | None: ...
    @property
    def decision_on(self) -> date | None: ...
    @property
    def start_on(self) -> date | None: ...
    @property
    def next_step(self) -> str: ...
    @property
    def next_step_on(self) -> date | None: ...


@dataclass(frozen=True)
class Evidence:
    """What a person says when he confirms a criterion: a note, a link or a recorded visit, and the day it is of.

    The day is the visit's, or today, unless given.
    """

    criterion: Criterion
    note: str = ""
    link: str = ""
    on: date | None = None
    visit_id: int | None = None


@dataclass(frozen=True)
class Check:
    """How one criterion of a class stands: what it still needs, a tick, some fields of the card, or both."""

    criterion: Criterion
    is_hard: bool
    needs_tick: bool
    needs_fields: tuple[str, ...] = ()
    one_of: bool = False

    @property
    def is_met(self) -> bool:
        return not self.needs_tick and not self.needs_fields


def checklist(stage: Stage, facts: Facts, ticked: Collection[Criterion], hard: Hardness, on: date) -> list[Check]:
    """Every criterion of the class, in the handbook's order, and what each still needs."""
    return [
        Check(
            criterion,
            is_hard=(stage, criterion) in hard,
            needs_tick=criterion not in NOT_TICKED and criterion not in ticked,
            needs_fields=lacking_fields(criterion, facts, on),
            one_of=stage in ONE_OF,
        )
        for criterion in CRITERIA[stage]
    ]


def holds(criterion: Criterion, facts: Facts, ticked: Collection[Criterion], on: date) -> bool:
    """Whether the criterion is true on this day: ticked where a person has to, and nothing lacking on the card."""
    return (criterion in NOT_TICKED or criterion in ticked) and not lacking_fields(criterion, facts, on)


def missing(stage: Stage, facts: Facts, ticked: Collection[Criterion], hard: Hardness, on: date) -> list[Check]:
    """The criteria of the class that do not hold. Of S one is enough, so either none is missing or all four stand to choice."""
    checks = checklist(stage, facts, ticked, hard, on)
    if stage in ONE_OF and any(check.is_met for check in checks):
        return []
    return [check for check in checks if not check.is_met]


def stopping(checks: Iterable[Check]) -> list[Check]:
    """Of the missing criteria those that stop the move: the hard ones."""
    return [check for check in checks if check.is_hard]


def lacking_fields(criterion: Criterion, facts: Facts, on: date) -> tuple[str, ...]:
    """Fields of the card that must be filled, or hold another day, before the criterion can be true on this day."""
    if criterion == Criterion.FIRST_MEETING_DATED:
        return () if facts.first_meeting_on else ("first_meeting_on",)
    if criterion == Criterion.FIRST_MEETING_HELD:
        return () if facts.first_meeting_on and facts.first_meeting_on <= on else ("first_meeting_on",)
    if criterion == Criterion.TIMETABLE_WORKABLE:
        decision = () if facts.decision_on and facts.decision_on >= on else ("decision_on",)
        return decision + (() if facts.start_on else ("start_on",))
    if criterion == Criterion.NEXT_STEP_AGREED:
        return lacking_next_step(facts, on)
    return ()


def lacking_next_step(facts: Facts, on: date) -> tuple[str, ...]:
    """R8: the fields to fill before there is a next step with a date that has not passed."""
    step = () if facts.next_step.strip() else ("next_step",)
    return step + (() if facts.next_step_on and facts.next_step_on >= on else ("next_step_on",))


def needs_next_step(stage: Stage) -> bool:
    """R8: nothing live above E without a dated next step; S has left the board. No override lifts this."""
    return Stage.E < stage < Stage.S
