"""The queue: whom to call now, and why (C6, C7)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.core.cache import cache
from django.db.models import Count, Q
from django.db.models.expressions import RawSQL
from django.utils import timezone

from core.users import Actor
from dunning.choices import Reached
from dunning.models import Case, CollectionCall
from dunning.queries.cases import visible_cases
from dunning.queries.lines import QueueLine, lines_of
from dunning.queries.order import (
    HOURS,
    LATER,
    NOT_TODAY,
    NOW,
    TIRED,
    Moment,
    Whose,
    day_of,
    moment,
    ordered_page,
    tired_parameters,
    waiting,
)
from dunning.rules.slots import Hours

COUNTED_FOR = 30  # seconds


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
    at: datetime | Moment | None = None,
    *,
    whose: Whose | int = Whose.MINE,
    after: str = "",
    before: str = "",
    size: int = 50,
) -> QueuePage:
    """The lines this person may work at, best first, as of the instant `at`; `whose` may be the id of a collector."""
    now = at if isinstance(at, Moment) else moment(at)
    page = ordered_page(waiting(by, now.at, whose=whose), now, size=size, after=after, before=before)
    return QueuePage(lines_of(by, [row["id"] for row in page.rows], now), page.before, page.after)


def queue_counts(by: Actor, at: datetime | Moment | None = None, *, whose: Whose | int = Whose.MINE) -> QueueCounts:
    """The queue in figures, as of the last half minute."""
    instant = at.at if isinstance(at, Moment) else at or timezone.now()
    key = f"dunning.queue_counts.{by.pk}.{whose}.{instant.timestamp() // COUNTED_FOR}"
    counts: QueueCounts | None = cache.get(key)
    if counts is None:
        counts = _count(by, at if isinstance(at, Moment) else moment(instant), whose)
        cache.set(key, counts, COUNTED_FOR)
    return counts


def _count(by: Actor, now: Moment, whose: Whose | int) -> QueueCounts:
    """Rows are counted by kind of working day, and each kind judged once."""
    tiers = {(kind.hours, kind.papers_missing): kind.slot for kind in now.kinds}
    found = dict.fromkeys((NOW, LATER, NOT_TODAY), 0)
    broken = due = 0
    rows = waiting(by, now.at, whose=whose).order_by().values_list(*HOURS, "papers_missing")
    is_tired = Q(account__in=RawSQL(TIRED, tired_parameters(now)))  # noqa: S611  our own text; values are parameters
    is_due = Q(next_action_on__isnull=False)
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
    rows = rows.select_related("account").only("claimed_until", "account__name", "account__short_name")
    return list(rows.order_by("-claimed_until", "-id"))


def attempts_today(account_ids: list[int], at: datetime) -> dict[int, int]:
    """How often each account was telephoned on the day of `at`."""
    start, end = day_of(at)
    rows = CollectionCall.objects.filter(account__in=account_ids, channel=Reached.PHONE)
    rows = rows.filter(called_at__gte=start, called_at__lt=end)
    return dict(rows.order_by().values_list("account").annotate(Count("id")))
