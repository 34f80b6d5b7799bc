"""The half year of money, lived again: deeds in their order, each at its own moment, with the nights between them."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random

from django.db.models import Max
from django.utils import timezone

from core.models import AuditEvent
from desk.demo.days import Days, clock_at
from dunning import actions as dunning
from receivables import actions as receivables

DAYS_KEPT = 61
"""So many of the last days have their totals kept, so that trends can be drawn."""
REGRADED_DAILY = 30


@dataclass
class Replay:
    """What happens on which day. Deeds of one day happen in the order of their hours, then as they were planned."""

    days: Days
    random: Random
    deeds: dict[date, list[tuple[datetime, Callable[[], object]]]] = field(default_factory=lambda: defaultdict(list))
    watched: set[date] = field(default_factory=set)
    told: list[tuple[int, datetime]] = field(default_factory=list)

    def plan(self, on: date, hour: int, deed: Callable[[], object], *, watched: bool = False) -> None:
        """Let this be done on that day in that hour. `watched`: the collecting files are put in order the night before."""
        at = timezone.make_aware(datetime.combine(on, time(hour, self.random.randrange(60))))
        self.deeds[on].append((at, deed))
        if watched:
            self.watched.add(on)

    def live(self) -> None:
        """Do everything from the first day until yesterday evening, and put the files in order for this morning."""
        first = min(self.deeds)
        for number in range((self.days.today - first).days + 1):
            on = first + timedelta(days=number)
            self._night(on)
            for at, deed in sorted(self.deeds[on], key=lambda planned: planned[0]):
                with self._at(min(at, self.days.now)):
                    deed()

    @contextmanager
    def _at(self, moment: datetime) -> Iterator[None]:
        """Something is done at that moment; what it tells is told then, though the database writes down its own clock's."""
        with clock_at(moment):
            yield
        last = AuditEvent.objects.aggregate(last=Max("pk"))["last"] or 0
        self.told.append((last, moment))

    def when(self, event: AuditEvent) -> datetime:
        """The moment of the story at which this event was told."""
        place = bisect_left(self.told, (event.pk,))
        return self.told[place][1] if place < len(self.told) else event.at

    def _night(self, on: date) -> None:
        """What the clock's jobs do in the first half hour of a day; of this one, as far as it has come."""
        ago = (self.days.today - on).days
        half_past_midnight = timezone.make_aware(datetime.combine(on, time(0, 30)))
        with self._at(min(half_past_midnight, self.days.now)):
            if ago < DAYS_KEPT:
                receivables.take_snapshot(on=on - timedelta(days=1))
            if ago < REGRADED_DAILY or on.weekday() == 0:
                receivables.regrade()
            if on in self.watched or ago < 3:
                dunning.judge_promises()
                dunning.count_broken_promises()
                dunning.refresh_cases()
