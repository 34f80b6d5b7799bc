"""The plan of visits: whose one may look at, the calendar of a span of days, and the week of one person (V2)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone

from core.errors import NotFound
from core.models import Role, User, WorkDay
from core.roles import SELLS
from core.scope import SEES_ALL
from core.users import Actor
from relationships.models import Visit
from relationships.queries.visits import visible_visits

MOST = 1_500
"""Visits one answer of the calendar holds; a team's month of some thirty people."""
LONGEST = timedelta(days=45)
"""The longest span one answer covers: a month's page of six weeks, and a little."""
FIELDS = (
    "id", "version", "account_id", "account__name", "account__short_name", "owner_id", "owner__full_name", "kind", "at",
    "minutes", "purpose", "recorded_at",
)  # fmt: skip


def people_to_look_at(by: User) -> list[User]:
    """Whose plans this person may open: his own; a manager those of his teams; who sees all, everybody's who sells."""
    people = User.objects.filter(is_active=True).order_by("full_name", "id")
    if by.role in SEES_ALL:
        return list(people.filter(Q(role__in=SELLS) | Q(pk=by.pk)))
    if by.role == Role.MANAGER:
        return list(people.filter(Q(role__in=SELLS, team_id__in=by.team_ids) | Q(pk=by.pk)))
    return [by]


def get_person(by: User, user_id: int | None) -> tuple[User, list[User]]:
    """The person whose plan is asked for, oneself without an id, and all one may choose among. NotFound otherwise."""
    people = people_to_look_at(by)
    wanted = by.pk if user_id is None else user_id
    for person in people:
        if person.pk == wanted:
            return person, people
    raise NotFound


@dataclass(frozen=True)
class DayOff:
    """A day that is none to plan for, or one that is made up for: what the calendar shades."""

    day: date
    is_workday: bool
    name: str


def special_days(start: date, end: date) -> list[DayOff]:
    """Weekends and holidays from `start` to before `end`, and the make-up days people work on; one statement."""
    rows = {row.date: row for row in WorkDay.objects.filter(date__gte=start, date__lt=end)}
    found = []
    for number in range((end - start).days):
        day = start + timedelta(days=number)
        row, is_weekend = rows.get(day), day.weekday() >= 5
        if row is not None and row.is_workday == is_weekend:
            found.append(DayOff(day, row.is_workday, row.name))
        elif is_weekend:
            found.append(DayOff(day, is_workday=False, name=row.name if row else ""))
    return found


def calendar_visits(by: Actor, owners: Collection[int], start: datetime, end: datetime) -> list[dict[str, Any]]:
    """The visits these people planned, made or came along to between two instants, in order, at most MOST; one statement.

    Visits called off are no plan any more and are left out.
    """
    end = min(end, start + LONGEST)
    rows = visible_visits(by).of_people(owners, at__gte=start, at__lt=end).filter(cancelled_at=None)
    return list(rows.order_by("at", "id").values(*FIELDS)[:MOST])


def visits_of_week(by: Actor, person: User, monday: date) -> list[Visit]:
    """What one person planned, made or came along to from Monday to Sunday, in order; one statement."""
    start, end = midnight(monday), midnight(monday + timedelta(days=7))
    rows = visible_visits(by).of_people([person.pk], at__gte=start, at__lt=end).filter(cancelled_at=None)
    return list(rows.select_related("account", "owner").order_by("at", "id"))


def midnight(on: date) -> datetime:
    """The first instant of a day where the reader is."""
    return timezone.make_aware(datetime.combine(on, time.min))
