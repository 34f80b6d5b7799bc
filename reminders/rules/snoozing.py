"""How often and how long something may be put off."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from enum import StrEnum

MOST_SNOOZES = 5
LONGEST = timedelta(days=14)
HARDLY_LONGER = timedelta(days=365)


class Refusal(StrEnum):
    """Why something may not be put off that way."""

    IN_THE_PAST = "in_the_past"
    TOO_FAR = "too_far"
    PAST_DEADLINE = "past_deadline"
    NEEDS_A_REASON = "needs_a_reason"


def refusal(
    *,
    until: datetime,
    now: datetime,
    first_due_at: datetime,
    snoozes: int,
    deadline_on: date | None,
    reason: str,
    today: date,
) -> Refusal | None:
    """Why putting off to `until` is refused; None when it may be. `today` is the day `until` falls on, where the person is.

    Five times, and fourteen days from when it was first due, are free; beyond either a reason is written down. Nothing is put
    off past the day on which a right is lost.
    """
    if until <= now:
        return Refusal.IN_THE_PAST
    if deadline_on is not None and today >= deadline_on:
        return Refusal.PAST_DEADLINE
    if until - now > HARDLY_LONGER:
        return Refusal.TOO_FAR
    if (snoozes >= MOST_SNOOZES or until - first_due_at > LONGEST) and not reason.strip():
        return Refusal.NEEDS_A_REASON
    return None
