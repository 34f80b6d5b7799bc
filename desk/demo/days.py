"""Days and hours of the story: working days only, in the company's time zone, never ahead of now."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from random import Random
from typing import NamedTuple
from unittest.mock import patch

from django.utils import timezone

from core.models import WorkDay
from core.workdays import today
from reminders.registry import MORNING

HISTORY_DAYS = 190


class LetLie(NamedTuple):
    """A next step that was not taken: its day, when its owner was told that it is overdue, and when his manager was."""

    agreed_for: date
    told_at: datetime
    climbed_at: datetime


class Days:
    """Today, and where working days lie around it."""

    def __init__(self) -> None:
        self.today = today()
        self.now = timezone.now()
        self.exceptions = dict(WorkDay.objects.values_list("date", "is_workday"))

    def works(self, on: date) -> bool:
        return self.exceptions.get(on, on.weekday() < 5)

    def ago(self, days: int) -> date:
        """So many days ago, or the working day before."""
        return self.before(self.today - timedelta(days=days))

    def before(self, on: date) -> date:
        """`on`, or the last working day before it."""
        while not self.works(on):
            on -= timedelta(days=1)
        return on

    def ahead(self, days: int) -> date:
        """In so many days, or the working day after."""
        on = self.today + timedelta(days=days)
        while not self.works(on):
            on += timedelta(days=1)
        return on

    def workday(self, number: int) -> date:
        """The working day so many after the first one from today on."""
        on = self.ahead(0)
        for _day in range(number):
            on += timedelta(days=1)
            while not self.works(on):
                on += timedelta(days=1)
        return on

    def moment(self, on: date, random: Random) -> datetime:
        """Some minute of that day's working hours that has passed already."""
        at = timezone.make_aware(datetime.combine(on, time(9 + random.randrange(9), random.randrange(60))))
        return min(at, self.now - timedelta(minutes=random.randrange(1, 30)))

    def let_lie(self) -> LetLie:
        """A step nobody took, whose third working day is the latest that has dawned."""
        climbed = self.before(self.today)
        if self._morning(climbed) > self.now:
            climbed = self.before(climbed - timedelta(days=1))
        told = self.before(climbed - timedelta(days=1))
        return LetLie(self.before(told - timedelta(days=1)), self._morning(told), self._morning(climbed))

    def _morning(self, on: date) -> datetime:
        return timezone.make_aware(datetime.combine(on, MORNING))

    def mondays(self, weeks: int) -> list[date]:
        """The Mondays of the last weeks, this week's last."""
        monday = self.today - timedelta(days=self.today.weekday())
        return [monday - timedelta(weeks=back) for back in range(weeks - 1, -1, -1)]

    def early(self, on: date) -> datetime:
        """Five past midnight of that day, when the clock's jobs have run."""
        return min(timezone.make_aware(datetime.combine(on, time(0, 5))), self.now)


@contextmanager
def clock_at(moment: datetime) -> Iterator[None]:
    """Within it the clock stands at that moment: what is done then bears its day, as if the half year were lived again."""
    with patch.object(timezone, "now", return_value=moment):
        yield
