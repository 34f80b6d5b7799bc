"""The settings of collecting, and what the calendar says."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time, timedelta
from functools import lru_cache
from typing import Protocol

from django.conf import settings

from core.models import WorkDay
from core.workdays import today
from dunning.models import DunningRule
from dunning.rules import slots
from dunning.rules.slots import Hours, Limits

AROUND = timedelta(days=45)


def dunning_rule(*, lock: bool = False) -> DunningRule:
    """The one row of settings; as shipped until somebody sets something. `lock=True` makes and locks the row."""
    if lock:
        return DunningRule.objects.select_for_update().get_or_create(pk=1)[0]
    return DunningRule.objects.filter(pk=1).first() or DunningRule(pk=1)


def limits_of(rule: DunningRule) -> Limits:
    """The settings as the rule of slots takes them."""
    return Limits(
        earliest=rule.earliest,
        latest=rule.latest,
        owners_from=rule.owners_from,
        first_minutes=rule.first_minutes,
        attempts_a_day=rule.attempts_a_day,
        quiet_weekdays=frozenset(rule.quiet_weekdays),
    )


class Timed(Protocol):
    """A case, or a line of the queue: whatever holds a customer's working day."""

    @property
    def time_zone(self) -> str: ...
    @property
    def opens_at(self) -> time: ...
    @property
    def lunch_from(self) -> time: ...
    @property
    def lunch_to(self) -> time: ...
    @property
    def closes_at(self) -> time: ...
    @property
    def owner_answers(self) -> bool: ...


def hours_of(case: Timed) -> Hours:
    """The customer's working day."""
    return Hours(
        zone=case.time_zone,
        opens_at=case.opens_at,
        lunch_from=case.lunch_from,
        lunch_to=case.lunch_to,
        closes_at=case.closes_at,
        owner_answers=case.owner_answers,
    )


class Calendar:
    """The days from `first` to `last` and a month around them, read in one statement: who works when."""

    def __init__(self, first: date | None = None, last: date | None = None) -> None:
        first = first or today()
        around = (first - AROUND, (last or first) + AROUND)
        self._exceptions = dict(WorkDay.objects.filter(date__range=around).values_list("date", "is_workday"))

    def is_workday(self, on: date) -> bool:
        """Whether we work on this day."""
        return self._exceptions.get(on, on.weekday() < 5)

    def add_workdays(self, on: date, days: int) -> date:
        """The day that lies so many of our working days after `on`; zero gives `on` itself."""
        while days > 0:
            on += timedelta(days=1)
            days -= self.is_workday(on)
        return on

    def of(self, zone: str) -> Callable[[date], bool]:
        """Whether a customer in this zone works on a day."""
        ours = is_ours(zone)
        return lambda on: slots.works(on, our_calendar=ours, is_workday=self.is_workday)


@lru_cache(maxsize=1)
def our_zones() -> tuple[str, ...]:
    """Names of the zones in which our calendar of working days holds: the company's own; China has several names for one."""
    chinese = ("Asia/Shanghai", "Asia/Chongqing", "Asia/Harbin", "Asia/Urumqi", "PRC")
    return chinese if settings.TIME_ZONE in chinese else (settings.TIME_ZONE,)


def is_ours(zone: str) -> bool:
    """Whether customers in this zone keep our working days."""
    return zone in our_zones()
