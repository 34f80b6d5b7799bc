"""The queue: whom to call now, and why (C6, C7).

First whom a call may be made to now, then whom later today, then the rest; in each of these broken promises first, then
by what a call can bring, times how good the moment is. Customers differ in few kinds of working day, so the moment is
judged once for each kind (`rules.slots`), and the database puts the rows in order.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import astuple, dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any

from django.db import connection
from django.db.models import BooleanField, Count, DecimalField, ExpressionWrapper, F, Func, IntegerField, Q, Value, When
from django.db.models import Case as Choose
from django.utils import timezone

from accounts.queries import found_accounts
from core.keyset import Order, read_page
from core.users import Actor
from dunning.choices import NextAction
from dunning.models import Case, CollectionCall, DunningRule
from dunning.queries.cases import visible_cases
from dunning.queries.settings import Calendar, dunning_rule, hours_of, limits_of
from dunning.queries.why import why_of
from dunning.rules import slots
from dunning.rules.slots import Hours, Slot
from receivables.choices import Grade
from receivables.models.base import OfAccountQuerySet

NOW, LATER, NOT_TODAY = 3, 2, 1
PAPERS_SCORE = 60
"""Papers are put right at any hour: as good as a call on a fair day."""
ORDER = Order(("slot", "is_broken", "rank"), descending=True)
HOURS = ("time_zone", "opens_at", "lunch_from", "lunch_to", "closes_at", "owner_answers")
"""The columns that make a kind of working day, in the order of the fields of `Hours`."""


class Whose(StrEnum):
    """Which lines: those given to me and to nobody, to nobody alone, or everybody's."""

    MINE = "mine"
    UNASSIGNED = "unassigned"
    ALL = "all"


class Todo(StrEnum):
    """What the line asks for: papers are put right before anybody is called."""

    CALL = "call"
    FIX_PAPERS = "fix_papers"


@dataclass(frozen=True)
class QueueLine:
    """One customer: what there is to collect, how good the moment is, and in sentences why he stands where he does."""

    account_id: int
    account: str
    currency: str
    overdue_amount: Decimal
    callable_amount: Decimal
    oldest_due_on: date | None
    days: int
    invoices: int
    grade: Grade
    value: Decimal
    todo: Todo
    slot: Slot
    time_zone: str
    callable_at: datetime | None
    why: tuple[str, ...]
    broken_since: date | None
    next_action: NextAction | None
    next_action_on: date | None
    last_touch_at: datetime | None
    collector: str
    claimed_by: str
    claimed_until: datetime | None
    claimed_by_me: bool


@dataclass(frozen=True)
class QueuePage:
    """Lines in order, and the cursors of the pages on either side (empty where there is none)."""

    lines: list[QueueLine]
    before: str = ""
    after: str = ""


@dataclass(frozen=True)
class QueueCounts:
    """Customers to call now, later today, not today; of all these, who broke a promise, and whose next step is due."""

    now: int = 0
    later: int = 0
    not_today: int = 0
    broken: int = 0
    due: int = 0

    @property
    def total(self) -> int:
        return self.now + self.later + self.not_today


def queue(
    by: Actor,
    at: datetime | None = None,
    *,
    whose: Whose | int = Whose.MINE,
    after: str = "",
    before: str = "",
    size: int = 50,
) -> QueuePage:
    """The lines this person may work at, best first, as of the instant `at`; `whose` may be the id of a collector."""
    at = at or timezone.now()
    rule = dunning_rule()
    page = read_page(waiting(by, at, rule, whose=whose), ORDER, ("id",), size=size, after=after, before=before)
    return QueuePage(_lines(by, [row["id"] for row in page.rows], at, rule), page.before, page.after)


def queue_counts(by: Actor, at: datetime | None = None, *, whose: Whose | int = Whose.MINE) -> QueueCounts:
    """The queue in figures."""
    at = at or timezone.now()
    counted = (
        waiting(by, at, dunning_rule(), whose=whose)
        .order_by()
        .aggregate(
            now=Count("id", filter=Q(slot=NOW)),
            later=Count("id", filter=Q(slot=LATER)),
            not_today=Count("id", filter=Q(slot=NOT_TODAY)),
            broken=Count("id", filter=Q(broken_since__isnull=False)),
            due=Count("id", filter=Q(next_action_on__isnull=False)),
        )
    )
    return QueueCounts(**counted)


def claimed_cases(by: Actor, at: datetime | None = None) -> list[Case]:
    """What this person has taken up and not finished, the latest first."""
    rows = visible_cases(by).filter(claimed_by=by.pk, claimed_until__gt=at or timezone.now())
    return list(rows.select_related("account").order_by("-claimed_until", "-id"))


def waiting(by: Actor, at: datetime, rule: DunningRule, *, whose: Whose | int = Whose.MINE) -> OfAccountQuerySet[Any]:
    """Cases to work at on the day of `at`, each with its `slot` (NOW, LATER, NOT_TODAY), `is_broken` and `rank`."""
    on = timezone.localdate(at)
    rows = visible_cases(by).filter(
        _whose(by, whose, at),
        Q(paused_until=None) | Q(paused_until__lte=on),
        Q(next_action_on=None) | Q(next_action_on__lte=on),
        overdue_amount__gt=0,
        callable_amount__gt=0,
        cease_contact=False,
    )
    scores: dict[int, list[Hours]] = defaultdict(list)
    later: list[Hours] = []
    for hours, slot in judge_hours(at, rule).items():
        if slot.is_open:
            scores[slot.score].append(hours)
        elif slot.later_today:
            later.append(hours)
    score = Choose(
        When(papers_missing=True, then=Value(PAPERS_SCORE)),
        When(account__in=_tired(at, rule), then=Value(0)),
        *(When(_HoursAmong(kinds), then=Value(points)) for points, kinds in scores.items()),
        default=Value(0),
        output_field=IntegerField(),
    )
    still_to_come = [When(_HoursAmong(later), then=Value(LATER))] if later else []
    rank = Choose(When(score=0, then=F("value")), default=F("value") * F("score") / 100, output_field=DecimalField())
    found: OfAccountQuerySet[Any] = rows.alias(score=score).annotate(
        slot=Choose(
            When(score__gt=0, then=Value(NOW)), *still_to_come, default=Value(NOT_TODAY), output_field=IntegerField()
        ),
        is_broken=ExpressionWrapper(Q(broken_since__isnull=False), BooleanField()),
        rank=rank,
    )
    return found


def judge_hours(at: datetime, rule: DunningRule) -> dict[Hours, Slot]:
    """How good the moment is for each kind of working day that customers have."""
    calendar, limits = Calendar(timezone.localdate(at)), limits_of(rule)
    return {hours: slots.judge(at, hours, limits, calendar.of(hours.zone)) for hours in _kinds_of_hours()}


def _whose(by: Actor, whose: Whose | int, at: datetime) -> Q:
    """Mine are those given to me and to nobody, less what somebody else is working at."""
    if whose == Whose.ALL:
        return Q()
    if whose == Whose.UNASSIGNED:
        return Q(collector=None)
    if whose == Whose.MINE:
        free = Q(claimed_by=None) | Q(claimed_by=by.pk) | Q(claimed_until__lte=at)
        return (Q(collector=by.pk) | Q(collector=None)) & free
    return Q(collector=int(whose))


def _tired(at: datetime, rule: DunningRule) -> Any:
    """Accounts that were called as often as is decent on the day of `at`."""
    start = datetime.combine(timezone.localdate(at), time(), tzinfo=timezone.get_current_timezone())
    calls = CollectionCall.objects.filter(
        called_at__gte=start, called_at__lt=start + timedelta(days=1), channel="phone"
    )
    counted = calls.order_by().values("account").annotate(attempts=Count("id"))
    return counted.filter(attempts__gte=rule.attempts_a_day).values("account")


def _kinds_of_hours() -> list[Hours]:
    """The kinds of working day that occur: steps along their index, one for each kind."""
    with connection.cursor() as cursor:
        cursor.execute(WALK_HOURS)
        return [Hours(*row) for row in cursor.fetchall()]


_HERE, _THERE = (", ".join(f"{table}.{column}" for column in HOURS) for table in ("c", "found"))
WALK_HOURS = f"""
    with recursive found as (
        (select {_HERE} from dunning_case c order by {_HERE} limit 1)
        union all
        select following.* from found, lateral (
            select {_HERE} from dunning_case c where ({_HERE}) > ({_THERE}) order by {_HERE} limit 1
        ) following
    )
    select * from found
"""  # noqa: S608  names of our own columns


class _HoursAmong(Func):
    """Condition: the row's working day is one of these kinds."""

    output_field = BooleanField()

    def __init__(self, kinds: list[Hours], **extra: Any) -> None:
        super().__init__(*map(F, HOURS), **extra)
        self.kinds = kinds

    def as_sql(self, compiler: Any, connection: Any, **options: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        columns, parameters = super().as_sql(compiler, connection, template="(%(expressions)s)")
        row = "(%s::text, %s::time, %s::time, %s::time, %s::time, %s::boolean)"
        values = ", ".join([row] * len(self.kinds))
        return f"{columns} in (values {values})", [
            *parameters,
            *(value for kind in self.kinds for value in astuple(kind)),
        ]


def _lines(by: Actor, ids: list[int], at: datetime, rule: DunningRule) -> list[QueueLine]:
    found = {case.pk: case for case in Case.objects.filter(pk__in=ids).select_related("collector", "claimed_by")}
    accounts = found_accounts(by, (case.account_id for case in found.values()))
    cases = [found[pk] for pk in ids if pk in found and found[pk].account_id in accounts]
    calendar, limits, tried = (
        Calendar(timezone.localdate(at)),
        limits_of(rule),
        attempts_today([c.account_id for c in cases], at),
    )
    lines = []
    for case in cases:
        hours, is_workday = hours_of(case), calendar.of(case.time_zone)
        slot = slots.judge(at, hours, limits, is_workday, attempts=tried.get(case.account_id, 0))
        opening = at if slot.is_open else slots.next_opening(at, hours, limits, is_workday)
        lines.append(_line(by, case, str(accounts[case.account_id]), slot, opening, at))
    return lines


def _line(by: Actor, case: Case, account: str, slot: Slot, opening: datetime | None, at: datetime) -> QueueLine:
    on = timezone.localdate(at)
    is_claimed = case.claimed_until is not None and case.claimed_until > at
    return QueueLine(
        account_id=case.account_id,
        account=account,
        currency=case.currency,
        overdue_amount=case.overdue_amount,
        callable_amount=case.callable_amount,
        oldest_due_on=case.oldest_due_on,
        days=(on - case.oldest_due_on).days if case.oldest_due_on else 0,
        invoices=case.invoices,
        grade=Grade(case.grade),
        value=case.value,
        todo=Todo.FIX_PAPERS if case.papers_missing else Todo.CALL,
        slot=slot,
        time_zone=case.time_zone,
        callable_at=opening,
        why=why_of(case, slot, on),
        broken_since=case.broken_since,
        next_action=NextAction(case.next_action) if case.next_action else None,
        next_action_on=case.next_action_on,
        last_touch_at=case.last_touch_at,
        collector=str(case.collector or ""),
        claimed_by=str(case.claimed_by or "") if is_claimed else "",
        claimed_until=case.claimed_until if is_claimed else None,
        claimed_by_me=is_claimed and case.claimed_by_id == by.pk,
    )


def attempts_today(account_ids: list[int], at: datetime) -> dict[int, int]:
    """How often each account was telephoned on the day of `at`."""
    start = datetime.combine(timezone.localdate(at), time(), tzinfo=timezone.get_current_timezone())
    calls = CollectionCall.objects.filter(account__in=account_ids, called_at__gte=start, channel="phone")
    rows = calls.filter(called_at__lt=start + timedelta(days=1)).order_by().values_list("account")
    return dict(rows.annotate(Count("id")))
