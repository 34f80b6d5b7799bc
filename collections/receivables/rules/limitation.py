"""The clock of the right to sue (C14, assurance §2.5): three years, and how it restarts.

A fold over the events in order, not a maximum: an event restarts the clock only if it falls on or before the day the
clock runs out at that moment. After that day nothing restarts it by itself; what the debtor then does may revive the
debt, which is for counsel to say. Weekends and holidays move nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

YEARS = 3
WARN_DAYS = (180, 90, 60, 30, 7)
"""How many days before the last one somebody is warned, each time anew (C14, assurance §0)."""
PRESSING_DAYS = 60


@dataclass(frozen=True)
class Interruption:
    """Something that restarts the clock: when it arrived, and whether the debtor himself did it."""

    on: date
    by_debtor: bool = False


@dataclass(frozen=True)
class Clock:
    """The last day of the right; `revived` when the debtor acted after it had run out."""

    expires_on: date
    revived: bool = False

    def days_left(self, on: date) -> int:
        """Days until the last day; negative when it has passed."""
        return (self.expires_on - on).days


def run_clock(due_on: date, interruptions: Iterable[Interruption], years: int = YEARS) -> Clock:
    """The clock of a debt due on this day after these interruptions."""
    expires_on, revived = years_later(due_on, years), False
    for event in sorted(interruptions, key=lambda event: event.on):
        if event.on <= expires_on:
            expires_on = max(expires_on, years_later(event.on, years))  # nothing before the due day shortens it
        elif event.by_debtor:
            revived = True
    return Clock(expires_on, revived)


def years_later(on: date, years: int) -> date:
    """The same day so many years on; the last of February where there is no 29th."""
    try:
        return on.replace(year=on.year + years)
    except ValueError:
        return on.replace(year=on.year + years, day=28)
