"""The first page of the day: what wants to be done now, by whom, and what moved.

Everybody begins with what is due for himself (`agenda`). Below, a rep sees his own cards; a manager those of his team;
an executive all of them; finance the day's collecting, what was won and what is expected; an administrator whether the
house is in order. Every card stands once, under the loudest thing that is true of it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Account, AccountQuerySet
from accounts.queries import visible_accounts
from core.models import ImportJob, ImportState, JobRun, JobState, Role, User, WorkDay
from core.models.day import DayStatus
from core.money import format_money
from core.permissions import allowed, require
from core.scope import one_of
from core.statements import Statement
from core.workdays import today
from desk.addresses import address
from desk.agenda import Agenda, agenda_of
from dunning.queries import DaysWork, days_work
from prospects.choices import Attention, Outcome, Stage
from prospects.models import Prospect
from prospects.queries import Selection, board_settings
from prospects.queries.conditions import NOTHING_PLANNED, SLIPPING, overdue
from prospects.queries.dashboard import Moves, moves_since
from prospects.queries.day import (
    OpenCards,
    OwnerReviews,
    Pile,
    PileCard,
    first_cards,
    fitting,
    open_cards,
    prospects_to_tend,
)
from prospects.queries.numbers import DayCounter, day_counters
from prospects.templatetags.prospects import day_month, when
from relationships.queries import Neglected, neglected_key_accounts

SHOWN = 6  # cards of each section
LATELY = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Line:
    """One card that wants something, in the words of the page: what it is, and what is said about it."""

    name: str
    url: str
    plan_url: str
    stage: Stage
    about: str
    amount: str
    day: str
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
class Today:
    """Everything on the page."""

    on: date
    by: User
    open: OpenCards | None = None
    sections: Sequence[Section] = ()
    accounts: Sequence[Account] = ()
    imports: Sequence[ImportJob] = ()
    house: Sequence[dict[str, Any]] = field(default_factory=list)
    collecting: DaysWork | None = None
    agenda: Agenda = field(default_factory=Agenda)
    counters: Sequence[DayCounter] = ()
    is_lead: bool = False
    """Whether he looks after others: what moved, what is neglected and his imports come after the page (`Team`)."""
    is_new: bool = False
    """He sees no account yet: there is nothing to visit, and the first step is to bring some in."""

    @property
    def reviewers(self) -> Sequence[OwnerReviews]:
        """Whose weekly reviews are due, most first."""
        return self.open.reviews if self.open else ()

    @property
    def is_own(self) -> bool:
        """Whether the cards are the reader's own, so that naming their owner would only repeat him."""
        return self.by.role == Role.REP


def today_of(by: User) -> Today:
    """The page of this person."""
    on, agenda = today(), agenda_of(by)
    if by.role == Role.ADMINISTRATOR:
        return Today(on, by, accounts=ACCOUNTS.rows(by), imports=_imports(by), house=_house(on), agenda=agenda)
    if by.role == Role.FINANCE:
        return Today(
            on, by, sections=_money(by, on), accounts=ACCOUNTS.rows(by), imports=_imports(by),
            collecting=days_work(by, on), agenda=agenda,
        )  # fmt: skip
    is_lead = allowed(by, "reports.team")
    accounts = () if is_lead else ACCOUNTS.rows(by)
    cards = open_cards(by, board_settings(), on)
    return Today(
        on,
        by,
        open=cards,
        sections=_work(by, on, seen=agenda.dealt_with.get("prospects.prospect", set())),
        accounts=accounts,
        imports=_imports(by) if allowed(by, "imports.run") and not is_lead else (),
        collecting=days_work(by, on) if allowed(by, "dunning.collect") else None,
        agenda=agenda,
        counters=day_counters(by, on) if allowed(by, "prospects.tally") else (),
        is_lead=is_lead,
        is_new=not (accounts or cards.count) and agenda.is_empty and not visible_accounts(by).exists(),
    )


@dataclass(frozen=True)
class Team:
    """Beside the day of who looks after others."""

    neglected: Sequence[Neglected]
    moves: Moves
    imports: Sequence[ImportJob]


def team_of(by: User) -> Team:
    """VIP and large accounts nobody has been in touch with, what changed class since Monday, his own imports. Or NotAllowed."""
    require(by, "reports.team")
    on = today()
    return Team(
        neglected=neglected_key_accounts(by, on),
        moves=moves_since(by, Selection(), on - timedelta(days=on.weekday())),
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

    @property
    def pile(self) -> Pile:
        """Its cards: the longest overdue first, then the next; of what was won the latest."""
        return Pile(self.condition, self.day, latest_first=self.key == "won")


def _work_sections(on: date, week_end: date, month_end: date) -> list[_Wanted]:
    """The loudest first: a card is shown in the first one that fits it."""
    open_cards = Q(closed_on=None)
    return [
        _Wanted(Attention.OVERDUE, _("Next step overdue"), "next_step_on", overdue(on), {"attention": "overdue"}),
        _Wanted("due", _("Due today"), "next_step_on", open_cards & Q(next_step_on=on)),
        _Wanted(
            Attention.NOTHING_PLANNED, _("Nothing planned"), "entered_stage_on", NOTHING_PLANNED, {"attention": "nothing_planned"}
        ),
        _Wanted(Attention.SLIPPING, _("Slipping"), "slipping_since", SLIPPING, {"attention": "slipping"}),
        _Wanted(
            "ahead", _("In the next seven days"), "next_step_on",
            open_cards & Q(next_step_on__gt=on, next_step_on__lte=week_end),
        ),
        _Wanted(
            "closing", _("Closing this month"), "expected_close_on",
            open_cards & Q(expected_close_on__lte=month_end, stage__gte=Stage.C),
            {"state": "open", "expected_before": month_end.isoformat()},
        ),
    ]  # fmt: skip


def _money_sections(since: date, month_end: date) -> list[_Wanted]:
    return [
        _Wanted(
            "won", _("Won in the last 30 days"), "closed_on", Q(outcome=Outcome.WON, closed_on__gte=since),
            {"state": "won", "closed_after": since.isoformat()},
        ),
        _Wanted(
            "closing", _("Spoken agreement, closing this month"), "expected_close_on",
            Q(closed_on=None, stage=Stage.A, expected_close_on__lte=month_end),
            {"state": "open", "stage": int(Stage.A), "expected_before": month_end.isoformat()},
        ),
    ]  # fmt: skip


def _cards_of(sections: Callable[..., list[_Wanted]]) -> Statement[Prospect]:
    """The cards of these sections; `seen` are those the reminders of the day speak of already."""
    return Statement(
        lambda by, seen, **days: fitting(
            prospects_to_tend(by).exclude(one_of("id", seen)), [one.pile for one in sections(**days)]
        )
    )


WORK_CARDS, MONEY_CARDS = _cards_of(_work_sections), _cards_of(_money_sections)


def _work(by: User, on: date, seen: Collection[int]) -> list[Section]:
    days = {"on": on, "week_end": on + timedelta(days=7), "month_end": _month_end(on)}
    return _sections(by, on, _work_sections(**days), WORK_CARDS.sql(by, seen=list(seen), **days))


def _money(by: User, on: date) -> list[Section]:
    days = {"since": on - LATELY, "month_end": _month_end(on)}
    return _sections(by, on, _money_sections(**days), MONEY_CARDS.sql(by, seen=[], **days))


def _sections(by: User, on: date, wanted: list[_Wanted], cards: tuple[str, list[Any]]) -> list[Section]:
    """The sections that hold a card; one statement."""
    piles = first_cards(cards, [one.pile for one in wanted], SHOWN)
    owner_id = by.pk if by.role == Role.REP else None
    write = _Writer(by, on)
    return [
        Section(one.key, one.title, [write.line(card, one.key) for card in found], total, _list_url(one, owner_id))
        for one, (found, total) in zip(wanted, piles, strict=True)
        if found
    ]


class _Writer:
    """Puts cards into the words of the page; what is the same on every line is looked up once."""

    def __init__(self, by: User, on: date) -> None:
        self.on = on
        self.names_owner = by.role != Role.REP
        self.may_plan = allowed(by, "prospects.edit")
        self.url, self.plan_url = (reverse(f"prospects:{view}", args=[0]) for view in ("prospect", "plan_next_step"))

    def line(self, card: PileCard, key: str) -> Line:
        """One card under the heading of its section."""
        about = (card.account, card.owner if self.names_owner else "", card.next_step)
        return Line(
            name=card.name,
            url=self.url.replace("/0/", f"/{card.id}/"),
            plan_url=self.plan_url.replace("/0/", f"/{card.id}/") if self.may_plan and key != "won" else "",
            stage=Stage(card.stage),
            about=" · ".join(part for part in about if part),
            amount=format_money(card.amount, card.currency, cents=False),
            day=self._day(card.day, key),
            is_late=bool(card.day and card.day < self.on and key in {Attention.OVERDUE, "closing"}),
        )

    def _day(self, day: date | None, key: str) -> str:
        if key in {Attention.NOTHING_PLANNED, Attention.SLIPPING}:
            return _("since %(day)s") % {"day": day_month(day)}
        return day_month(day) if key == "won" else when(day)


def _list_url(wanted: _Wanted, owner_id: int | None) -> str:
    if wanted.words is None:
        return ""
    words = wanted.words if owner_id is None else {**wanted.words, "owner": owner_id}
    return address("prospects:list_prospects", **words)


def _month_end(on: date) -> date:
    return (on.replace(day=1) + timedelta(days=32)).replace(day=1) - timedelta(days=1)


# ------------------------------------------------------------------ the rest


def _accounts_touched(by: User) -> AccountQuerySet:
    """The accounts that changed last; a rep's own ones."""
    rows = visible_accounts(by)
    if by.role == Role.REP:
        rows = rows.filter(owner=by)
    return rows.order_by("-updated_at", "-id").only("id", "name", "short_name", "updated_at")[:SHOWN]


def _imports_going(by: User, since: datetime) -> QuerySet[ImportJob]:
    """Files one has brought in and that are under way, waiting for an answer, or failed a short while ago."""
    return ImportJob.objects.filter(~Q(state=ImportState.DONE), by=by, created_at__gte=since).order_by("-id")[:3]


ACCOUNTS, IMPORTS = Statement(_accounts_touched), Statement(_imports_going)


def _imports(by: User) -> list[ImportJob]:
    first = datetime.combine(today() - timedelta(days=7), time())
    return IMPORTS.rows(by, since=timezone.make_aware(first))


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
