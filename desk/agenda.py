"""What is due for one person today: his reminders in groups, the loudest first, and the visits of the day in their order.

A reminder stands here from the morning of its day on, told or not yet. What he handed over and nobody has dealt with
yet waits in the last group. Numbers of statements and rows are bounded, however much somebody has let lie.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.models import User
from core.permissions import allowed
from core.statements import Statement
from relationships.models import Visit, VisitCampaign, VisitQuerySet
from relationships.queries import running_campaigns_of, visible_visits
from relationships.rules.campaigns import Standing
from reminders.choices import WAITING_STATES, Arrival, Channel, EndReason, State
from reminders.models import Occurrence, OccurrenceQuerySet
from reminders.queries import lines
from reminders.queries.lines import Line

MOST = 200
"""Reminders read for the page; whoever has more open sees the newest and the way to all."""
SHOWN = 8
"""Lines of one group; the rest is one tap away."""

CLIMBED, OTHER, WAITING = "climbed", "other", "waiting"
GROUPS = (
    (CLIMBED, _("Came up to you"), ()),
    ("confirm", _("Appointments to confirm"), ("relationships.confirm_visit",)),
    ("approve", _("To approve"), ("receivables.write_off_waiting", "receivables.provision_waiting", "dunning.letters_to_review")),
    ("overdue", _("Overdue"), ("prospects.follow_up_overdue", "relationships.follow_up_overdue", "relationships.visit_unrecorded")),
    ("follow_up", _("Follow up"), ("prospects.follow_up_due", "relationships.follow_up_due")),
    ("money", _("Promises and calls"), (
        "dunning.right_to_sue", "dunning.promise_broken", "dunning.promise_due", "dunning.next_action_due",
    )),
    ("board", _("On the board"), ("prospects.next_step_missing", "prospects.slipping", "prospects.review_due")),
    ("contact", _("Too long without contact"), ("relationships.cadence_late", "relationships.accounts_neglected")),
    ("birthday", _("Birthdays"), ("relationships.birthday",)),
    (OTHER, _("Also today"), ()),
    (WAITING, _("Waiting for others"), ()),
)  # fmt: skip
PLACE = {rule: key for key, _title, rules in GROUPS for rule in rules}


@dataclass(frozen=True)
class Group:
    """Reminders of one kind, the loudest and oldest first; `more` counts those not shown."""

    key: str
    title: str
    lines: Sequence[Line]
    more: int


@dataclass(frozen=True)
class Agenda:
    """The day of one person. `visits` are those he makes; to those of `joined`, made by colleagues, he comes along.

    `dealt_with` are the records he has said today are done with, or put off, by their type.
    """

    groups: Sequence[Group] = ()
    visits: Sequence[Visit] = ()
    joined: Sequence[Visit] = ()
    campaigns: Sequence[tuple[VisitCampaign, Standing]] = ()
    done: int = 0
    dealt_with: dict[str, set[int]] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        """Nothing is left that he himself has to do."""
        return not self.visits and all(group.key == WAITING for group in self.groups)

    @property
    def route(self) -> list[Visit]:
        """The way through the day: all visits he goes to, in their order."""
        return sorted([*self.visits, *self.joined], key=lambda visit: (visit.at, visit.pk))

    @property
    def open(self) -> int:
        """How much is left to do."""
        return len(self.visits) + sum(len(group.lines) + group.more for group in self.groups if group.key != WAITING)


def agenda_of(user: User) -> Agenda:
    """What is due for this person today in his own time zone; three statements, one more when he goes out for a campaign."""
    start, end = day_of(user)
    found = FOUND.rows(user, start=start, end=end)
    mine = [row for row in found if row.recipient_id == user.pk]
    open_rows = [row for row in mine if row.ended_at is None]
    visits = VISITS.rows(user, start=start, end=end) if allowed(user, "visits.record") else []
    return Agenda(
        groups=_groups(
            due=[row for row in open_rows if row.state != State.SNOOZED],
            waiting=[row for row in found if row.recipient_id != user.pk],
        ),
        visits=[visit for visit in visits if visit.owner_id == user.pk],
        joined=[visit for visit in visits if visit.owner_id != user.pk],
        campaigns=running_campaigns_of(user, start.date()) if allowed(user, "visits.plan") else (),
        done=len(mine) - len(open_rows),
        dealt_with=_records(mine),
    )


def day_of(user: User) -> tuple[datetime, datetime]:
    """Today where this person is: its first instant, and the next day's."""
    zone = ZoneInfo(user.time_zone or settings.TIME_ZONE)
    on = timezone.now().astimezone(zone).date()
    first, last = (datetime.combine(day, time.min, tzinfo=zone) for day in (on, on + timedelta(days=1)))
    return first, last


def _found(user: User, start: datetime, end: datetime) -> OccurrenceQuerySet:
    """On his desk, to be told before the day is over or put off, dealt with today, handed over by him: each from its index."""
    in_app = Occurrence.objects.filter(channel=Channel.IN_APP)
    mine = in_app.filter(recipient=user)
    parts = (
        Occurrence.objects.on_the_desk().filter(recipient=user).order_by("-sent_at", "-id"),
        mine.filter(Q(due_at__lt=end) | Q(state=State.SNOOZED), state__in=WAITING_STATES).order_by("due_at"),
        mine.filter(ended_at__gte=start, ended_because=EndReason.FINISHED).order_by("-ended_at"),
        in_app.filter(asked_by=user, arrival=Arrival.HANDED_OVER, state=State.SENT).order_by("-sent_at"),
    )
    first, *others = (part.values("pk")[:MOST] for part in parts)
    return Occurrence.objects.filter(pk__in=first.union(*others)).order_by()


def _visits(user: User, start: datetime, end: datetime) -> VisitQuerySet:
    """Those to come that he makes or comes along to."""
    return visible_visits(user).planned().of_people([user.pk], at__gte=start, at__lt=end).order_by("at", "id")


NAMED = ("full_name", "email")
FOUND = Statement(
    _found, brings={"meant_for": NAMED, "asked_by": NAMED, "came_from": (), "came_from__recipient": NAMED}
)
VISITS = Statement(_visits, brings={"account": ("name", "short_name"), "owner": NAMED})


def _groups(*, due: Iterable[Occurrence], waiting: list[Occurrence]) -> list[Group]:
    found: dict[str, list[Occurrence]] = {}
    for row in due:
        key = CLIMBED if row.arrival == Arrival.ESCALATED else PLACE.get(row.rule, OTHER)
        found.setdefault(key, []).append(row)
    found[WAITING] = waiting
    return [
        Group(key, str(title), lines(rows[:SHOWN]), max(len(rows) - SHOWN, 0))
        for key, title, _rules in GROUPS
        if (rows := sorted(found.get(key, ()), key=_pressing))
    ]


def _pressing(row: Occurrence) -> tuple[int, datetime, int]:
    """The most important first, then what has waited longest."""
    return -row.importance, row.first_due_at, row.pk


def _records(rows: Iterable[Occurrence]) -> dict[str, set[int]]:
    found: dict[str, set[int]] = {}
    for row in rows:
        if row.subject_id is not None:
            found.setdefault(row.subject_type, set()).add(row.subject_id)
    return found
