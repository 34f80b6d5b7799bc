"""The weekly review (P4): what is due, and when "same" has been said too often."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, timedelta

from prospects.choices import Verdict

REVIEW_EVERY_DAYS = 7
"""Shipped number of days between reviews of a card (setting)."""

TIMES_SAME = 3


def due_on(opened_on: date, last_reviewed_on: date | None, every_days: int = REVIEW_EVERY_DAYS) -> date:
    """The day by which the card wants a review: so many days after the last one, or after it was opened."""
    return (last_reviewed_on or opened_on) + timedelta(days=every_days)


def is_due(opened_on: date, last_reviewed_on: date | None, on: date, every_days: int = REVIEW_EVERY_DAYS) -> bool:
    """Whether the card's review is due on this day."""
    return due_on(opened_on, last_reviewed_on, every_days) <= on


def is_stuck(verdicts: Sequence[tuple[date, Verdict, int]], met_on: Collection[date]) -> bool:
    """Three times "same" running at the same class, on different days, and no meeting since the first of them.

    `verdicts` are (day, verdict, class), newest first; `met_on` the days of completed meetings.
    """
    days: list[date] = []
    stage = verdicts[0][2] if verdicts else None
    for on, verdict, at_stage in verdicts:
        if verdict != Verdict.SAME or at_stage != stage:
            break
        if not days or on != days[-1]:
            days.append(on)
        if len(days) == TIMES_SAME:
            return not any(met >= on for met in met_on)
    return False
