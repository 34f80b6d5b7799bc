"""When calls are answered, as measured (assurance §2.8): by hour of the week, on the customer's own clock.

Evidence about the best time of day conflicts, so it is counted. A rate is a posterior, (s + α) ÷ (n + α + β): the hour's
own calls over a prior, which for all customers is the rate of the whole week, and for one customer that of all
customers in the same hour. Few calls move it little, so a single answered call promises nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from dunning.rules import slots
from dunning.rules.slots import Hours, IsWorkday, Limits, Measured, Slot, Tally

STRENGTH = 10
"""α + β: as many calls as the prior is worth."""
UNKNOWN = 0.5
LEAST, MOST = 0.7, 1.3
"""How far what was measured may move the worth of a moment: the rules of C7 stay the stronger word."""
DAYS_AHEAD = 7

HourOfWeek = tuple[int, int]
"""Weekday (Monday is 0) and hour."""


def posterior(tally: Tally, prior: float) -> float:
    """The rate after these calls, from 0 to 1."""
    return (tally.answered + STRENGTH * prior) / (tally.calls + STRENGTH)


def measured(own: Tally, everybody: Tally, whole_week: Tally) -> Measured:
    """What is known of one hour: the customer's posterior over that of all customers, and how it compares with the week."""
    week = posterior(whole_week, UNKNOWN)
    rate = posterior(own, posterior(everybody, week))
    return Measured(own, everybody, rate, min(max(rate / week, LEAST), MOST))


def weigh(slot: Slot, found: Measured) -> Slot:
    """A judged moment with what was measured of it. A closed one stays closed, an open one open."""
    if not slot.is_open or not found.is_known:
        return slot
    return replace(slot, score=max(1, min(100, round(slot.score * found.factor))), measured=found)


@dataclass(frozen=True)
class Rates:
    """Calls by hour of the week: of all customers, and of one."""

    everybody: Mapping[HourOfWeek, Tally] = field(default_factory=dict)
    own: Mapping[HourOfWeek, Tally] = field(default_factory=dict)

    @cached_property
    def whole_week(self) -> Tally:
        return sum(self.everybody.values(), Tally())

    def at(self, local: datetime) -> Measured:
        """What is known of the hour of this instant, which is on the customer's own clock."""
        hour = local.weekday(), local.hour
        return measured(self.own.get(hour, Tally()), self.everybody.get(hour, Tally()), self.whole_week)


@dataclass(frozen=True)
class BestHour:
    """The instant to call in the days ahead, and why."""

    at: datetime
    slot: Slot


def best_hour(at: datetime, hours: Hours, limits: Limits, is_workday: IsWorkday, rates: Rates) -> BestHour | None:
    """Of the hours of the next week in which a call may be made, the one worth most; of equals the first."""
    zone = ZoneInfo(hours.zone)
    begins = at.astimezone(zone)
    found: list[BestHour] = []
    for ahead in range(DAYS_AHEAD):
        day = begins.date() + timedelta(days=ahead)
        for hour in range(slots.HARD_EARLIEST.hour, slots.HARD_LATEST.hour):
            moment = datetime.combine(day, time(hour), tzinfo=zone)
            slot = slots.judge(moment, hours, limits, is_workday)
            if moment > begins and slot.is_open:
                found.append(BestHour(moment, weigh(slot, rates.at(moment))))
    return max(found, key=lambda one: one.slot.score, default=None)
