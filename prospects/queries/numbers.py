"""Dials, conversations, appointments and sales of people: tapped or written up, each once (P7)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection

from core.errors import NotFound
from core.models import User
from core.permissions import allowed
from core.workdays import is_workday, today, workdays_between
from prospects.choices import Counter, Span
from prospects.queries.people import sellers
from prospects.rules import numbers
from relationships.choices import VisitKind
from relationships.models import Visit

WEEKS = 13
NOTHING = (0, 0, 0)

_COUNTED = f"""
    with logged as (
        select v.owner_id user_id, (v.at at time zone coalesce(nullif(u.time_zone, ''), %(zone)s))::date as on_day, c.counter
        from relationships_visit v join core_user u on u.id = v.owner_id
        cross join lateral unnest(
            case when v.kind = '{VisitKind.CALL.value}' then array['{Counter.DIAL.value}', '{Counter.CONVERSATION.value}']
                 else array[v.meeting] end) c(counter)
        where v.owner_id = any(%(people)s) and v.recorded_at is not null and c.counter <> ''
          and v.at >= %(first)s::date - 1 and v.at < %(last)s::date + 2
    ),
    stood as (
        select user_id, on_day, counter, count(*) n from logged where on_day between %(first)s and %(last)s group by 1, 2, 3
        union all
        select user_id, "on", counter, count from prospects_tally
        where user_id = any(%(people)s) and "on" between %(first)s and %(last)s
        union all
        select owner_id, closed_on, '{numbers.SALE}', count(*) from prospects_prospect
        where owner_id = any(%(people)s) and outcome = 'won' and closed_on between %(first)s and %(last)s group by 1, 2
    ),
    days as (select user_id, on_day, counter, max(n) n from stood group by 1, 2, 3)
    select user_id, counter, coalesce(sum(n) filter (where on_day = %(last)s), 0)::int,
           coalesce(sum(n) filter (where on_day >= %(monday)s), 0)::int, sum(n)::int
    from days group by 1, 2"""  # noqa: S608  our own words; values are parameters
"""A day's figure is the larger of where the counter stood and what was written up: never both."""


@dataclass(frozen=True)
class PersonNumbers:
    """What one person counted: per span of time the figure of each counter, and of sales."""

    user: User
    spans: Mapping[Span, dict[str, int]] = field(default_factory=dict)


@dataclass(frozen=True)
class Numbers:
    """The figures of some people up to a day, and how many working days each span has."""

    on: date
    workdays: Mapping[Span, int]
    people: Sequence[PersonNumbers]


@dataclass(frozen=True)
class DayCounter:
    """One counter of somebody's day: where it stands, and what a working day should hold."""

    counter: Counter
    count: int

    @property
    def norm(self) -> int:
        return numbers.norm(self.counter, 1)

    @property
    def is_reached(self) -> bool:
        return self.count >= self.norm


def day_counters(user: User, on: date | None = None) -> list[DayCounter]:
    """How the counters of this person's day stand; one statement."""
    on = on or today()
    found = _counted([user.pk], on, on)
    return [DayCounter(counter, found.get((user.pk, counter.value), NOTHING)[0]) for counter in Counter]


def numbers_of(people: Sequence[User], on: date | None = None) -> Numbers:
    """Today, this week and thirteen weeks of these people; four statements, however many they are."""
    on = on or today()
    monday = on - timedelta(days=on.weekday())
    first = monday - timedelta(weeks=WEEKS - 1)
    found = _counted([user.pk for user in people], first, on)
    counters = (*(counter.value for counter in Counter), numbers.SALE)
    return Numbers(
        on=on,
        workdays={
            Span.TODAY: int(is_workday(on)),
            Span.WEEK: workdays_between(monday - timedelta(days=1), monday + timedelta(days=6)),
            Span.QUARTER: workdays_between(first - timedelta(days=1), on),
        },
        people=[
            PersonNumbers(
                user,
                {
                    span: {counter: found.get((user.pk, counter), NOTHING)[place] for counter in counters}
                    for place, span in enumerate(Span)
                },
            )
            for user in people
        ],
    )


def numbers_person(by: User, user_id: int | None) -> User | None:
    """Whose numbers are shown: a colleague this person may look at (NotFound otherwise), himself, or nobody."""
    if user_id is None or user_id == by.pk:
        return by if allowed(by, "prospects.tally") else None
    for person in sellers(by):
        if person.pk == user_id:
            return person
    raise NotFound


def numbers_team(by: User) -> list[User]:
    """Everybody whose numbers this person follows: those of his teams who sell; a rep nobody."""
    return sellers(by) if allowed(by, "reports.team") else []


def written_up(user: User, counter: Counter, on: date) -> int:
    """How many of these the person's recorded calls and meetings of a day come to."""
    zone = ZoneInfo(user.time_zone or settings.TIME_ZONE)
    start, end = (datetime.combine(day, time.min, tzinfo=zone) for day in (on, on + timedelta(days=1)))
    rows = Visit.objects.recorded().filter(owner=user, at__gte=start, at__lt=end)
    is_called = counter in {Counter.DIAL, Counter.CONVERSATION}
    return (rows.filter(kind=VisitKind.CALL) if is_called else rows.filter(meeting=counter)).count()


def _counted(people: list[int], first: date, last: date) -> dict[tuple[int, str], tuple[int, int, int]]:
    """By person and counter: of the last day, since its Monday, and since the first day; one statement."""
    monday = last - timedelta(days=last.weekday())
    given = {"people": people, "first": first, "last": last, "monday": monday, "zone": settings.TIME_ZONE}
    with connection.cursor() as cursor:
        cursor.execute(_COUNTED, given)
        return {(user_id, counter): (day, week, whole) for user_id, counter, day, week, whole in cursor.fetchall()}
