"""The queue: whom to call now, and why (C6, C7)."""

from __future__ import annotations

from dataclasses import astuple, dataclass
from datetime import datetime

from django.core.cache import cache
from django.db import connection
from django.db.models import Count
from django.utils import timezone

from core.users import Actor
from dunning.choices import Reached
from dunning.models import Case, CollectionCall
from dunning.queries.cases import visible_cases
from dunning.queries.lines import QueueLine, lines_of
from dunning.queries.order import (
    A_KIND,
    KIND,
    LATER,
    NOT_TODAY,
    NOW,
    OF_KIND,
    TIRED,
    TRIED_OUT,
    Moment,
    Whose,
    day_of,
    moment,
    ordered_page,
    tired_parameters,
    waiting,
)

COUNTED_FOR = 30  # seconds
COUNTED_TO = 1000
"""Nobody calls more in a week: beyond it the queue only says that there are more."""


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
    """The queue in figures, as of the last half minute; from COUNTED_TO on they say that it is at least so much."""
    instant = at.at if isinstance(at, Moment) else at or timezone.now()
    key = f"dunning.queue_counts.{by.pk}.{whose}.{instant.timestamp() // COUNTED_FOR}"
    counts: QueueCounts | None = cache.get(key)
    if counts is None:
        counts = _count(by, at if isinstance(at, Moment) else moment(instant), whose)
        cache.set(key, counts, COUNTED_FOR)
    return counts


def _count(by: Actor, now: Moment, whose: Whose | int) -> QueueCounts:
    """Counted by kind of working day, each kind judged once; no part of an index is read further than COUNTED_TO."""
    if not now.kinds:
        return QueueCounts()
    columns = ("id", "account_id", *KIND, "value", "broken_since", "next_action_on")
    chosen, parameters = waiting(by, now.at, whose=whose).order_by().values(*columns).query.sql_with_params()
    sql = COUNT.format(chosen=chosen, kinds=", ".join([f"({A_KIND})"] * len(now.kinds)))
    kinds = [value for kind in now.kinds for value in (*astuple(kind.hours), kind.papers_missing, kind.slot)]
    with connection.cursor() as cursor:
        cursor.execute(sql, [*parameters, *kinds, *tired_parameters(now)])
        rows = cursor.fetchall()
    found = dict.fromkeys((NOW, LATER, NOT_TODAY), 0)
    for slot, count, tired, _broken, _due in rows:
        found[slot] += count - tired
        found[NOT_TODAY] += tired
    return QueueCounts(found[NOW], found[LATER], found[NOT_TODAY], *rows[0][3:])


# Ordered as the queue is, though nothing is shown: so each kind is read from the front of its index.
COUNT = f"""
    with chosen as not materialized ({{chosen}}),
    kinds ({", ".join(KIND)}, slot) as (values {{kinds}}),
    tired as materialized ({TIRED})
    select slot,
           (select count(*) from (select from chosen c where {OF_KIND} order by value desc, id desc limit {COUNTED_TO}) one),
           (select count(*) from chosen c where {OF_KIND} and not c.papers_missing and {TRIED_OUT}),
           (select count(*) from (select from chosen where broken_since is not null limit {COUNTED_TO}) one),
           (select count(*) from (select from chosen where next_action_on is not null limit {COUNTED_TO}) one)
    from kinds k
"""  # noqa: S608  our own text; values are parameters


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
