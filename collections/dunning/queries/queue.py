"""The queue: whom to call now, and why (C6, C7)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from django.core.cache import cache
from django.db.models import Count, Q
from django.utils import timezone

from core.users import Actor
from dunning.choices import NextAction
from dunning.models import Case, DunningRule
from dunning.queries.cases import visible_cases
from dunning.queries.order import (
    HOURS,
    LATER,
    NOT_TODAY,
    NOW,
    Whose,
    calls_of_day,
    judged_kinds,
    ordered_page,
    tired_accounts,
    waiting,
)
from dunning.queries.settings import Calendar, dunning_rule, hours_of, limits_of
from dunning.queries.why import why_of
from dunning.rules import slots
from dunning.rules.slots import Hours, Slot
from receivables.choices import Grade

COUNTED_FOR = 30  # seconds
LINE_FIELDS = (
    *(field.attname for field in Case._meta.concrete_fields if field.name not in {"goal", "minimum"}),
    "account__name", "account__short_name", "collector__full_name", "collector__email", "claimed_by__full_name",
    "claimed_by__email",
)  # fmt: skip


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
    rule, calendar = dunning_rule(), Calendar(timezone.localdate(at))
    rows = waiting(by, at, whose=whose)
    page = ordered_page(rows, at, rule, calendar, size=size, after=after, before=before)
    return QueuePage(_lines(by, [row["id"] for row in page.rows], at, rule, calendar), page.before, page.after)


def queue_counts(by: Actor, at: datetime | None = None, *, whose: Whose | int = Whose.MINE) -> QueueCounts:
    """The queue in figures, as of the last half minute."""
    key = f"dunning.queue_counts.{by.pk}.{whose}.{at and at.isoformat()}"
    counts: QueueCounts | None = cache.get(key)
    if counts is None:
        counts = _count(by, at or timezone.now(), whose)
        cache.set(key, counts, COUNTED_FOR)
    return counts


def _count(by: Actor, at: datetime, whose: Whose | int) -> QueueCounts:
    """Rows are counted by kind of working day, and each kind judged once."""
    rule = dunning_rule()
    tiers = {
        (kind.hours, kind.papers_missing): kind.slot
        for kind in judged_kinds(at, rule, Calendar(timezone.localdate(at)))
    }
    found = dict.fromkeys((NOW, LATER, NOT_TODAY), 0)
    broken = due = 0
    rows = waiting(by, at, whose=whose).order_by().values_list(*HOURS, "papers_missing")
    is_tired, is_due = Q(account__in=tired_accounts(at, rule)), Q(next_action_on__isnull=False)
    for *hours, papers, count, tired, failed, stepped in rows.annotate(
        count=Count("id"),
        tired=Count("id", filter=is_tired & Q(papers_missing=False)),
        failed=Count("id", filter=Q(broken_since__isnull=False)),
        stepped=Count("id", filter=is_due),
    ):
        found[tiers.get((Hours(*hours), papers), NOT_TODAY)] += count - tired
        found[NOT_TODAY] += tired
        broken, due = broken + failed, due + stepped
    return QueueCounts(found[NOW], found[LATER], found[NOT_TODAY], broken, due)


def claimed_cases(by: Actor, at: datetime | None = None) -> list[Case]:
    """What this person has taken up and not finished, the latest first."""
    rows = visible_cases(by).filter(claimed_by=by.pk, claimed_until__gt=at or timezone.now())
    return list(rows.select_related("account").order_by("-claimed_until", "-id"))


def _lines(by: Actor, ids: list[int], at: datetime, rule: DunningRule, calendar: Calendar) -> list[QueueLine]:
    """The lines of these cases, which the person sees, in this order."""
    cases = Case.objects.select_related("account", "collector", "claimed_by").only(*LINE_FIELDS).in_bulk(ids)
    limits, tried = limits_of(rule), attempts_today([case.account_id for case in cases.values()], at)
    lines = []
    for case in (cases[pk] for pk in ids if pk in cases):
        hours, is_workday = hours_of(case), calendar.of(case.time_zone)
        slot = slots.judge(at, hours, limits, is_workday, attempts=tried.get(case.account_id, 0))
        opening = at if slot.is_open else slots.next_opening(at, hours, limits, is_workday)
        lines.append(_line(by, case, slot, opening, at))
    return lines


def _line(by: Actor, case: Case, slot: Slot, opening: datetime | None, at: datetime) -> QueueLine:
    on = timezone.localdate(at)
    is_claimed = case.claimed_until is not None and case.claimed_until > at
    return QueueLine(
        account_id=case.account_id,
        account=str(case.account),
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
    rows = calls_of_day(at).filter(account__in=account_ids).order_by().values_list("account")
    return dict(rows.annotate(Count("id")))
