"""The first page of the day: what wants to be done now, by whom, and what moved.

A rep sees his own cards; a manager those of his team; an executive all of them; finance what was won and what is expected;
an administrator whether the house is in order. Every card stands once, under the loudest thing that is true of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Case, CharField, Count, DurationField, F, Q, QuerySet, Value, When, Window
from django.db.models.functions import RowNumber
from django.utils.translation import gettext as _

from accounts.queries import visible_accounts
from core.models import ImportJob, ImportState, JobRun, JobState, Role, User, WorkDay
from core.models.day import DayStatus
from core.permissions import allowed
from core.workdays import today
from desk.addresses import address
from prospects.choices import Attention, Outcome, Stage
from prospects.queries import Board, Selection, board_figures, board_settings, visible_prospects
from prospects.queries.conditions import NOTHING_PLANNED, SLIPPING, overdue, review_due
from prospects.queries.dashboard import Moves, moves_since

SHOWN = 6  # cards of each section
LATELY = timedelta(days=30)
Row = dict[str, Any]


@dataclass(frozen=True)
class Line:
    """One card that wants something: what it is, and what is said about it."""

    id: int
    name: str
    account: str
    stage: Stage
    amount: Decimal | None
    currency: str
    owner: str
    next_step: str
    day: date | None
    is_late: bool


@dataclass(frozen=True)
class Section:
    """Cards that want the same, the most pressing first; `total` counts those not shown too."""

    key: str
    title: str
    lines: list[Line]
    total: int
    url: str

    @property
    def is_loud(self) -> bool:
        return self.key in {Attention.OVERDUE, Attention.NOTHING_PLANNED, Attention.SLIPPING}


@dataclass(frozen=True)
class Reviewer:
    """Whose weekly reviews are due."""

    owner_id: int
    name: str
    due: int
    open: int

    @property
    def url(self) -> str:
        return address("prospects:review", owner=self.owner_id)


@dataclass(frozen=True)
class Today:
    """Everything on the page."""

    on: date
    by: User
    board: Board | None = None
    sections: Sequence[Section] = ()
    reviewers: Sequence[Reviewer] = ()
    moves: Moves | None = None
    accounts: Sequence[Mapping[str, Any]] = ()
    imports: Sequence[ImportJob] = ()
    house: Sequence[dict[str, Any]] = field(default_factory=list)

    @property
    def reviews_due(self) -> int:
        return sum(reviewer.due for reviewer in self.reviewers)

    @property
    def is_own(self) -> bool:
        """Whether the cards are the reader's own, so that naming their owner would only repeat him."""
        return self.by.role == Role.REP

    @property
    def is_quiet(self) -> bool:
        return not any(section.is_loud for section in self.sections)


def today_of(by: User) -> Today:
    """The page of this person."""
    on = today()
    if by.role == Role.ADMINISTRATOR:
        return Today(on, by, accounts=_accounts(by), imports=_imports(by), house=_house(on))
    if by.role == Role.FINANCE:
        return Today(
            on, by, sections=_sections(by, on, _money_sections(on)), accounts=_accounts(by), imports=_imports(by)
        )
    selection = Selection(owner_id=by.pk) if by.role == Role.REP else Selection()
    is_lead = allowed(by, "reports.team")
    return Today(
        on,
        by,
        board=board_figures(by, selection),
        sections=_sections(by, on, _work_sections(on), selection.owner_id),
        reviewers=_reviewers(by, on, selection.owner_id),
        moves=moves_since(by, selection, on - timedelta(days=on.weekday())) if is_lead else None,
        accounts=() if is_lead else _accounts(by),
        imports=_imports(by) if allowed(by, "imports.run") else (),
    )


# ------------------------------------------------------------------ cards


@dataclass(frozen=True)
class _Wanted:
    """A section to come: what it is about, which day counts, and the condition."""

    key: str
    title: str
    day: str
    condition: Q
    words: dict[str, Any] | None = None  # of the list that holds them all; None where no filter says it

    def until(self, on: date) -> Any:
        """What a section is ordered by: the longest overdue first, then the next; of what was won the latest."""
        return Value(on) - F(self.day) if self.key == "won" else F(self.day) - Value(on)


def _work_sections(on: date) -> list[_Wanted]:
    """The loudest first: a card is shown in the first one that fits it."""
    open_cards = Q(closed_on=None)
    month_end = _month_end(on)
    return [
        _Wanted(Attention.OVERDUE, _("Next step overdue"), "next_step_on", overdue(on), {"attention": "overdue"}),
        _Wanted("due", _("Due today"), "next_step_on", open_cards & Q(next_step_on=on)),
        _Wanted(
            Attention.NOTHING_PLANNED, _("Nothing planned"), "entered_stage_on", NOTHING_PLANNED, {"attention": "nothing_planned"}
        ),
        _Wanted(Attention.SLIPPING, _("Slipping"), "slipping_since", SLIPPING, {"attention": "slipping"}),
        _Wanted(
            "ahead", _("In the next seven days"), "next_step_on",
            open_cards & Q(next_step_on__gt=on, next_step_on__lte=on + timedelta(days=7)),
        ),
        _Wanted(
            "closing", _("Closing this month"), "expected_close_on",
            open_cards & Q(expected_close_on__lte=month_end, stage__gte=Stage.C),
            {"state": "open", "expected_before": month_end.isoformat()},
        ),
    ]  # fmt: skip


def _money_sections(on: date) -> list[_Wanted]:
    return [
        _Wanted(
            "won", _("Won in the last 30 days"), "closed_on", Q(outcome=Outcome.WON, closed_on__gte=on - LATELY),
            {"state": "won", "closed_after": (on - LATELY).isoformat()},
        ),
        _Wanted(
            "closing", _("Spoken agreement, closing this month"), "expected_close_on",
            Q(closed_on=None, stage=Stage.A, expected_close_on__lte=_month_end(on)),
            {"state": "open", "stage": int(Stage.A), "expected_before": _month_end(on).isoformat()},
        ),
    ]  # fmt: skip


def _sections(by: User, on: date, wanted: list[_Wanted], owner_id: int | None = None) -> list[Section]:
    """The cards of all sections with their counts, in one statement."""
    # Each of the three asks the conditions anew: built on one another they would repeat them a hundredfold.
    kind = Case(*(When(one.condition, then=Value(one.key)) for one in wanted), output_field=CharField())
    day = Case(*(When(one.condition, then=F(one.day)) for one in wanted))
    until = Case(*(When(one.condition, then=one.until(on)) for one in wanted), output_field=DurationField())
    rows = visible_prospects(by) if owner_id is None else visible_prospects(by).filter(owner=owner_id)
    any_of = Q()
    for one in wanted:
        any_of |= one.condition
    numbered = (
        rows.filter(any_of)
        .annotate(section=kind)
        .annotate(day=day)
        .annotate(until=until)
        .annotate(
            place=Window(RowNumber(), partition_by="section", order_by=[F("until").asc(nulls_first=True), "id"]),
            total=Window(Count("id"), partition_by="section"),
        )
        .filter(place__lte=SHOWN)
        .order_by("section", "place")
    )
    found: dict[str, list[Row]] = {}
    for row in numbered.values(*_FIELDS):
        found.setdefault(row["section"], []).append(row)
    return [
        Section(
            one.key,
            one.title,
            [_line(row, on) for row in found[one.key]],
            found[one.key][0]["total"],
            _list_url(one, owner_id),
        )
        for one in wanted
        if one.key in found
    ]


_FIELDS = (
    "id", "name", "account__name", "account__short_name", "stage", "amount", "currency", "owner__full_name", "next_step", "day",
    "section", "total",
)  # fmt: skip


def _line(row: Row, on: date) -> Line:
    return Line(
        id=row["id"],
        name=row["name"],
        account=row["account__short_name"] or row["account__name"] or "",
        stage=Stage(row["stage"]),
        amount=row["amount"],
        currency=row["currency"],
        owner=row["owner__full_name"],
        next_step=row["next_step"],
        day=row["day"],
        is_late=bool(row["day"] and row["day"] < on and row["section"] in {Attention.OVERDUE, "closing"}),
    )


def _list_url(wanted: _Wanted, owner_id: int | None) -> str:
    if wanted.words is None:
        return ""
    words = wanted.words if owner_id is None else {**wanted.words, "owner": owner_id}
    return address("prospects:list_prospects", **words)


def _month_end(on: date) -> date:
    return (on.replace(day=1) + timedelta(days=32)).replace(day=1) - timedelta(days=1)


# ------------------------------------------------------------------ the rest


def _reviewers(by: User, on: date, owner_id: int | None) -> list[Reviewer]:
    """Owners with reviews due, most first; two statements."""
    rows: QuerySet[Any] = visible_prospects(by) if owner_id is None else visible_prospects(by).filter(owner=owner_id)
    due = review_due(board_settings(), on)
    counted = (
        rows.filter(closed_on=None)
        .order_by()
        .values("owner_id", "owner__full_name")
        .annotate(due=Count("id", filter=due), open=Count("id"))
    )
    people = [
        Reviewer(row["owner_id"], row["owner__full_name"], row["due"], row["open"]) for row in counted if row["due"]
    ]
    return sorted(people, key=lambda person: (-person.due, person.name))


def _accounts(by: User) -> Sequence[Mapping[str, Any]]:
    """The accounts that changed last; a rep's own ones."""
    rows = visible_accounts(by)
    if by.role == Role.REP:
        rows = rows.filter(owner=by)
    return list(rows.order_by("-updated_at", "-id").values("id", "name", "short_name", "city", "updated_at")[:SHOWN])


def _imports(by: User) -> list[ImportJob]:
    """Files one has brought in and that are under way, waiting for an answer, or failed a short while ago."""
    waiting = ~Q(state=ImportState.DONE)
    jobs = ImportJob.objects.filter(waiting, by=by, created_at__date__gte=today() - timedelta(days=7))
    return list(jobs.order_by("-id")[:3])


def _house(on: date) -> list[dict[str, Any]]:
    """What an administrator looks after: people, jobs, the working calendar; three statements."""
    people = User.objects.aggregate(
        active=Count("id", filter=Q(is_active=True)),
        homeless=Count("id", filter=Q(is_active=True, team=None) & ~Q(role=Role.ADMINISTRATOR)),
    )
    jobs = JobRun.objects.exclude(state=JobState.DONE).aggregate(
        failed=Count("id", filter=Q(state__in=[JobState.FAILED, JobState.PARKED])), waiting=Count("id")
    )
    last = WorkDay.objects.filter(status=DayStatus.OFFICIAL).order_by("-date").values_list("date", flat=True).first()
    days_left = (date(last.year, 12, 31) - on).days if last else 0
    return [
        {"label": _("People who may sign in"), "value": people["active"], "url": address("core:list_users"), "tone": ""},
        {
            "label": _("Without a team"), "value": people["homeless"], "url": address("core:list_users"),
            "tone": "warn" if people["homeless"] else "",
            "note": _("Nobody but the administrator and those who see all can see their records."),
        },
        {
            "label": _("Jobs that failed"), "value": jobs["failed"], "url": address("core:jobs"),
            "tone": "bad" if jobs["failed"] else "",
        },
        {
            "label": _("Days of official working calendar left"), "value": max(days_left, 0), "url": address("core:calendar"),
            "tone": "warn" if days_left < 60 else "",
        },
    ]  # fmt: skip
