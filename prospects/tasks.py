"""What runs by itself: slipping and falling back every morning, the snapshot every Monday (handbook P3, P15), and what
moves with a visit.
"""

from datetime import date, time

from django.utils.translation import gettext_lazy as _

from core.models import AuditEvent
from core.subscriptions import on_event
from core.tick import daily, weekly
from core.users import SYSTEM
from core.workdays import today
from prospects import actions
from prospects.rules.forecast import week_of
from relationships import events as visits

MONDAY = 0


@daily("prospects.slip", _("Slipping and falling back"), at=time(5, 0))
def slip_prospects(on: date) -> None:
    """Mark cards that began to slip, clear those that are sound again, let fall back what slipped long enough."""
    actions.align_teams()
    actions.slip_prospects(on=on)


@weekly("prospects.snapshot", _("Snapshot of the board"), weekday=MONDAY, at=time(0, 30))
def take_snapshot(on: date) -> None:
    """Keep the board as it stands at the beginning of the week. A week gone by cannot be made up for: it has none."""
    if on == week_of(today()):
        actions.take_snapshot(week=on)


@on_event(visits.VISIT_MOVED.code, visits.VISIT_CANCELLED.code, visits.VISIT_EDITED.code)
def follow_first_meeting(event: AuditEvent) -> None:
    """Keep the date of a first meeting with its visit: moved, called off, or of a kind that is no meeting after all."""
    if event.code == visits.VISIT_EDITED.code and "kind" not in event.details["after"]:
        return
    was = date.fromisoformat(event.details.get("from_day") or event.details["day"])
    actions.follow_first_meeting(by=SYSTEM, visit_id=event.target_id, was=was)
