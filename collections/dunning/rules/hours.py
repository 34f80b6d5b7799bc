"""When a letter may reach a customer by mail: within his own working hours and never outside decent ones (L3)."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from dunning.rules.slots import HARD_EARLIEST, HARD_LATEST, Hours, IsWorkday

LOOK_AHEAD = 31  # days; no holiday is longer


def may_write(at: datetime, hours: Hours, is_workday: IsWorkday) -> bool:
    """Whether a mail may be sent at this instant."""
    local = at.astimezone(ZoneInfo(hours.zone))
    begin, end = max(hours.opens_at, HARD_EARLIEST), min(hours.closes_at, HARD_LATEST)
    return begin <= local.time() < end and is_workday(local.date())


def next_writing(at: datetime, hours: Hours, is_workday: IsWorkday) -> datetime:
    """The first instant from `at` on at which a mail may be sent; a month later when none is found."""
    if may_write(at, hours, is_workday):
        return at
    zone = ZoneInfo(hours.zone)
    local = at.astimezone(zone)
    for ahead in range(LOOK_AHEAD):
        opening = datetime.combine(
            local.date() + timedelta(days=ahead), max(hours.opens_at, HARD_EARLIEST), tzinfo=zone
        )
        if opening > local and may_write(opening, hours, is_workday):
            return opening
    return at + timedelta(days=LOOK_AHEAD)
