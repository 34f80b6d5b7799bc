"""When to call (C7, L3, assurance §2.8): whether a moment is decent, and how good it is.

Best are the first minutes of their working day; never the lunch break; Tuesday to Thursday before Friday, Monday
last; owners of small private firms not early. The hard limits 08:00–21:00 stand whatever the settings say. All times
are the customer's own. Whether people work on a day comes in as a function: the rule asks no calendar.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from dunning.choices import SlotReason

HARD_EARLIEST = time(8, 0)
HARD_LATEST = time(21, 0)

FIRST_MINUTES_SCORE = 30
DAY_SCORES = {SlotReason.BEST_DAY: 70, SlotReason.FAIR_DAY: 60, SlotReason.WORST_DAY: 50}
MONDAY, TUESDAY, THURSDAY = 0, 1, 3

IsWorkday = Callable[[date], bool]


@dataclass(frozen=True)
class Hours:
    """A customer's working day at his own place. `owner_answers`: a small private firm, whose owner settles it himself."""

    zone: str = "Asia/Shanghai"
    opens_at: time = time(9, 0)
    lunch_from: time = time(12, 0)
    lunch_to: time = time(13, 30)
    closes_at: time = time(18, 0)
    owner_answers: bool = False


@dataclass(frozen=True)
class Limits:
    """Our own limits on calls; they only ever narrow the hard ones."""

    earliest: time = time(9, 0)
    latest: time = time(18, 0)
    owners_from: time = time(10, 0)
    first_minutes: int = 15
    attempts_a_day: int = 3
    quiet_weekdays: frozenset[int] = field(default_factory=frozenset)


@dataclass(frozen=True)
class Tally:
    """Calls in one hour of the week, and how many of them reached somebody who can settle it."""

    calls: int = 0
    answered: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(self.calls + other.calls, self.answered + other.answered)


@dataclass(frozen=True)
class Measured:
    """How calls in this hour of the week were answered: by this customer, by all; the rate, and the factor it gives."""

    own: Tally
    everybody: Tally
    rate: float
    factor: float

    @property
    def is_own(self) -> bool:
        """Whether this customer's own calls say something."""
        return self.own.calls >= FEW

    @property
    def is_known(self) -> bool:
        return self.is_own or self.everybody.calls >= ENOUGH


FEW, ENOUGH = 3, 30
"""From how many calls on a customer's own, and everybody's, hour is spoken of."""


@dataclass(frozen=True)
class Slot:
    """A judged moment. `score` is 0 to 100, 0 where no call may be made; `later_today` says that it will get better.

    `measured` is how calls at this hour were answered, where enough of them were made (`rules.answering`).
    """

    score: int
    reasons: tuple[SlotReason, ...]
    later_today: bool = False
    measured: Measured | None = None

    @property
    def is_open(self) -> bool:
        """Whether a call may be made now."""
        return self.score > 0

    @property
    def is_best(self) -> bool:
        return SlotReason.FIRST_MINUTES in self.reasons


def judge(at: datetime, hours: Hours, limits: Limits, is_workday: IsWorkday, *, attempts: int = 0) -> Slot:
    """How good the instant `at` is for a call, after so many attempts on their day."""
    local = at.astimezone(ZoneInfo(hours.zone))
    now, begin, end = local.time(), _begin(hours, limits), _end(hours, limits)
    if stop := _no_day(local.date(), limits, is_workday):
        return Slot(0, (stop,))
    if attempts >= limits.attempts_a_day:
        return Slot(0, (SlotReason.ATTEMPTS,))
    if now < begin:
        return Slot(0, (_why_early(now, hours, limits),), later_today=begin < end)
    if now >= end:
        return Slot(0, (SlotReason.HARD_HOURS if now >= HARD_LATEST else SlotReason.TOO_LATE,))
    if hours.lunch_from <= now < hours.lunch_to:
        return Slot(0, (SlotReason.LUNCH,), later_today=hours.lunch_to < end)
    day = _day_quality(local.date())
    if first_minutes(hours, limits) and now < _plus(begin, limits.first_minutes):
        return Slot(DAY_SCORES[day] + FIRST_MINUTES_SCORE, (SlotReason.FIRST_MINUTES, day))
    return Slot(DAY_SCORES[day], (day,))


def first_minutes(hours: Hours, limits: Limits) -> bool:
    """Whether the minutes after our earliest call are the first of their day, and not some later ones."""
    return hours.owner_answers or hours.opens_at >= max(HARD_EARLIEST, limits.earliest)


def next_opening(
    at: datetime, hours: Hours, limits: Limits, is_workday: IsWorkday, *, days: int = 31
) -> datetime | None:
    """The first instant from `at` on at which a call may be made; None when there is none within `days`."""
    zone = ZoneInfo(hours.zone)
    local = at.astimezone(zone)
    begin, end = _begin(hours, limits), _end(hours, limits)
    if judge(at, hours, limits, is_workday).is_open:
        return at
    for back in range(days + 1):
        day = local.date() + timedelta(days=back)
        if begin >= end or _no_day(day, limits, is_workday):
            continue
        for start in (begin, hours.lunch_to):
            opening = datetime.combine(day, start, tzinfo=zone)
            if opening >= local and judge(opening, hours, limits, is_workday).is_open:
                return opening
    return None


def works(on: date, *, our_calendar: bool, is_workday: IsWorkday) -> bool:
    """Whether a customer works on this day of his own: by our calendar where it is his too, else Monday to Friday.

    Make-up working days and holidays of our country are none abroad; of other countries we keep no calendar.
    """
    return is_workday(on) if our_calendar else on.weekday() < 5


def _begin(hours: Hours, limits: Limits) -> time:
    begin = max(hours.opens_at, limits.earliest, HARD_EARLIEST)
    return max(begin, limits.owners_from) if hours.owner_answers else begin


def _end(hours: Hours, limits: Limits) -> time:
    return min(hours.closes_at, limits.latest, HARD_LATEST)


def _no_day(day: date, limits: Limits, is_workday: IsWorkday) -> SlotReason | None:
    if not is_workday(day):
        return SlotReason.DAY_OFF
    return SlotReason.QUIET_DAY if day.weekday() in limits.quiet_weekdays else None


def _why_early(now: time, hours: Hours, limits: Limits) -> SlotReason:
    if now < HARD_EARLIEST:
        return SlotReason.HARD_HOURS
    opened = now >= max(hours.opens_at, limits.earliest)
    return SlotReason.OWNER_EARLY if hours.owner_answers and opened else SlotReason.TOO_EARLY


def _day_quality(day: date) -> SlotReason:
    """A make-up working day at the weekend counts as fair."""
    if day.weekday() == MONDAY:
        return SlotReason.WORST_DAY
    return SlotReason.BEST_DAY if TUESDAY <= day.weekday() <= THURSDAY else SlotReason.FAIR_DAY


def _plus(start: time, minutes: int) -> time:
    total = start.hour * 60 + start.minute + minutes
    return time(min(total // 60, 23), total % 60) if total < 24 * 60 else time.max
