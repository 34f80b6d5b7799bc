"""What the clock starts: slipping and falling back every morning, the snapshot every Monday (handbook P3, P15)."""

from datetime import date, time

from core.tick import daily, weekly
from core.workdays import today
from prospects import actions
from prospects.rules.forecast import week_of

MONDAY = 0


@daily("prospects.slip", at=time(5, 0))
def slip_prospects(on: date) -> None:
    """Mark cards that began to slip, clear those that are sound again, let fall back what slipped long enough."""
    actions.align_teams()
    actions.slip_prospects(on=on)


@weekly("prospects.snapshot", weekday=MONDAY, at=time(0, 30))
def take_snapshot(on: date) -> None:
    """Keep the board as it stands at the beginning of the week. A week gone by cannot be made up for: it has none."""
    if on == week_of(today()):
        actions.take_snapshot(week=on)
