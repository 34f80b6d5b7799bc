"""In which order customers are called (C6, C7), found from the front of an index and not by sorting them all.

First whom a call may be made to now, then whom later today, then the rest; in each of these broken promises first, then
by what a call can bring, times how good the moment is. Customers differ in few kinds of working day. The moment is
judged once for each kind (`rules.slots`); of each kind only the first rows are read, and these are merged. The few that
stand apart, with a broken promise or with all of today's attempts used up, are read one by one.
"""

from __future__ import annotations

from dataclasses import astuple, dataclass
from datetime import date, datetime, time, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from enum import StrEnum
from typing import Any

from django.db import connection
from django.db.models import Q
from django.utils import timezone

from core.keyset import Order, Page, read_cursor, write_cursor
from core.users import Actor
from dunning.choices import Reached
from dunning.models import Case, DunningRule
from dunning.queries.cases import visible_cases
from dunning.queries.settings import Calendar, dunning_rule, limits_of
from dunning.rules import answering, slots
from dunning.rules.slots import Hours, Tally
from receivables.models.base import OfAccountQuerySet

NOW, LATER, NOT_TODAY = 3, 2, 1
PAPERS_SCORE = 60
"""Papers are put right at any hour: as good as a call on a fair day."""
ORDER = Order(("slot", "is_broken", "rank"), descending=True)
HOURS = ("time_zone", "opens_at", "lunch_from", "lunch_to", "closes_at", "owner_answers")
"""The columns that make a kind of working day, in the order of the fields of `Hours`."""
CENT = Decimal("0.01")


class Whose(StrEnum):
    """Which lines: those given to me and to nobody, to nobody alone, or everybody's."""

    MINE = "mine"
    UNASSIGNED = "unassigned"
    ALL = "all"


@dataclass(frozen=True)
class Moment:
    """An instant as the queue sees it: the settings, the calendar, and how good it is for each kind of working day."""

    at: datetime
    rule: DunningRule
    calendar: Calendar
    kinds: list[Kind]
    whole_week: Tally

    @property
    def on(self) -> date:
        """The day, where the reader is."""
        return timezone.localdate(self.at)


@dataclass(frozen=True)
class Kind:
    """Customers of one kind of working day, with papers in order or not: their tier now, and what the moment is worth.

    `everybody`: how calls at this hour on their clocks were answered.
    """

    hours: Hours
    papers_missing: bool
    slot: int
    factor: Decimal
    everybody: Tally


def waiting(by: Actor, at: datetime, *, whose: Whose | int = Whose.MINE) -> OfAccountQuerySet[Case]:
    """Cases to work at on the day of `at`."""
    on = timezone.localdate(at)
    return visible_cases(by).filter(
        _whose(by, whose, at),
        Q(paused_until=None) | Q(paused_until__lte=on),
        Q(next_action_on=None) | Q(next_action_on__lte=on),
        overdue_amount__gt=0,
        callable_amount__gt=0,
        cease_contact=False,
    )


def moment(at: datetime | None = None) -> Moment:
    """The instant `at` (now) judged for every kind of working day that customers have; three statements."""
    at = at or timezone.now()
    rule, calendar = dunning_rule(), Calendar(timezone.localdate(at))
    found, whole_week = _kinds_of_hours(at)
    return Moment(at, rule, calendar, _judged_kinds(at, rule, calendar, found, whole_week), whole_week)


def ordered_page(
    rows: OfAccountQuerySet[Case],
    now: Moment,
    *,
    size: int,
    after: str = "",
    before: str = "",
) -> Page:
    """A page of `waiting` rows in the order of the queue: their id, slot, is_broken and rank."""
    place = read_cursor(before or after, ORDER)
    backwards = bool(before) and place is not None
    found = _read(rows, now, place, backwards=backwards, count=size + 1)
    more, found = len(found) > size, found[:size]
    if backwards:
        found.reverse()
    if not found:
        return Page([])
    has_before, has_after = (more, True) if backwards else (place is not None, more)
    return Page(
        found,
        before=write_cursor(found[0], ORDER) if has_before else "",
        after=write_cursor(found[-1], ORDER) if has_after else "",
    )


def _judged_kinds(
    at: datetime, rule: DunningRule, calendar: Calendar, found: list[tuple[Hours, Tally]], whole_week: Tally
) -> list[Kind]:
    limits, kinds = limits_of(rule), []
    for hours, everybody in found:
        slot = slots.judge(at, hours, limits, calendar.of(hours.zone))
        slot = answering.weigh(slot, answering.measured(Tally(), everybody, whole_week))
        tier = NOW if slot.is_open else LATER if slot.later_today else NOT_TODAY
        kinds.append(Kind(hours, False, tier, Decimal(slot.score or 100) / 100, everybody))
        kinds.append(Kind(hours, True, NOW, Decimal(PAPERS_SCORE) / 100, everybody))
    return kinds


TIRED = f"""select l.account_id from dunning_collectioncall l
    where l.channel = '{Reached.PHONE.value}' and l.called_at >= %s and l.called_at < %s
    group by l.account_id having count(*) >= %s"""  # noqa: S608  a code of ours
"""Accounts that were telephoned as often as is decent: of `tired_parameters`."""


def tired_parameters(now: Moment) -> tuple[datetime, datetime, int]:
    """The day of the moment, and how many attempts are decent."""
    return (*day_of(now.at), now.rule.attempts_a_day)


def day_of(at: datetime) -> tuple[datetime, datetime]:
    """When the day of this instant begins and ends, where the reader is."""
    start = datetime.combine(timezone.localdate(at), time(), tzinfo=timezone.get_current_timezone())
    return start, start + timedelta(days=1)


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


def _read(
    rows: OfAccountQuerySet[Case],
    now: Moment,
    place: tuple[Any, ...] | None,
    *,
    backwards: bool,
    count: int,
) -> list[dict[str, Any]]:
    """The `count` rows next to a place in the order, nearest first."""
    kinds = now.kinds
    if not kinds:
        return []
    columns = ("id", "account_id", *KIND, "value", "broken_since")
    chosen, chosen_parameters = rows.order_by().values(*columns).query.sql_with_params()
    sign, near, direction = (">", ">=", "asc") if backwards else ("<", "<=", "desc")
    beyond = f"{sign} (%s::int, %s::boolean, %s::numeric, %s::bigint)"
    sql = READ.format(
        chosen=chosen,
        kinds=", ".join([f"({A_KIND}, %s::numeric, %s::numeric)"] * len(kinds)),
        near=near,
        direction=direction,
        furthest=-NOBODY if backwards else NOBODY,
        beyond_in_kind=f"(k.slot, false, c.value * k.factor, c.id) {beyond}" if place else "true",
        beyond=f"(slot, is_broken, rank, id) {beyond}" if place else "true",
    )
    at = list(place or ())
    values = [value for kind in kinds for value in (*_as_row(kind), _edge(kind, place, backwards=backwards))]
    with connection.cursor() as cursor:
        cursor.execute(sql, [*chosen_parameters, *values, *tired_parameters(now), *at, count, *at, count])
        return [dict(zip(("id", "slot", "is_broken", "rank"), row, strict=True)) for row in cursor.fetchall()]


def _as_row(kind: Kind) -> tuple[Any, ...]:
    return (*astuple(kind.hours), kind.papers_missing, kind.slot, kind.factor)


def _edge(kind: Kind, place: tuple[Any, ...] | None, *, backwards: bool) -> Decimal | None:
    """Up to (backwards: from) which value a kind's unbroken rows may lie beyond a place; None: all of them do."""
    if place is None:
        return None
    slot, is_broken, rank, _id = place
    if kind.slot != slot or is_broken:
        is_beyond = kind.slot > slot if backwards else kind.slot < slot or (kind.slot == slot and is_broken)
        return None if is_beyond else NOBODY if backwards else -NOBODY
    rounding = ROUND_FLOOR if backwards else ROUND_CEILING
    return (Decimal(rank) / kind.factor).quantize(CENT, rounding)


NOBODY = Decimal(10) ** 18
KIND = (*HOURS, "papers_missing")
A_KIND = "%s::text, %s::time, %s::time, %s::time, %s::time, %s::boolean, %s::boolean, %s::int"
"""One row of `kinds (*KIND, slot)`."""
OF_KIND = " = ".join(f"({', '.join(f'{table}.{column}' for column in KIND)})" for table in ("c", "k"))
TRIED_OUT = "c.account_id = any(array(select account_id from tired))"
READ = f"""
    with chosen as not materialized ({{chosen}}),
    kinds ({", ".join(KIND)}, slot, factor, edge) as (values {{kinds}}),
    tired as materialized ({TIRED})
    select id, slot, is_broken, rank from (
        select c.id, case when {TRIED_OUT} and not c.papers_missing then {NOT_TODAY} else k.slot end as slot,
               c.broken_since is not null as is_broken, c.value * k.factor as rank
        from chosen c join kinds k on {OF_KIND}
        where c.broken_since is not null or {TRIED_OUT}
        union all
        select best.id, k.slot, false, best.rank
        from kinds k cross join lateral (
            select c.id, c.value * k.factor as rank from chosen c
            where {OF_KIND} and c.broken_since is null and not {TRIED_OUT}
              and c.value {{near}} coalesce(k.edge, {{furthest}}) and {{beyond_in_kind}}
            order by c.value {{direction}}, c.id {{direction}} limit %s
        ) best
    ) lines
    where {{beyond}}
    order by slot {{direction}}, is_broken {{direction}}, rank {{direction}}, id {{direction}} limit %s
"""  # noqa: S608  our own text; values are parameters

_HERE, _FOUND = (", ".join(f"{table}.{column}" for column in HOURS) for table in ("c", "found"))
WALK_HOURS = f"""
    with recursive found as (
        (select {_HERE} from dunning_case c where c.overdue_amount > 0 order by {_HERE} limit 1)
        union all
        select following.* from found, lateral (
            select {_HERE} from dunning_case c where c.overdue_amount > 0 and ({_HERE}) > ({_FOUND})
            order by {_HERE} limit 1
        ) following
    )
    select {_FOUND}, coalesce(h.calls, 0), coalesce(h.answered, 0), week.calls, week.answered
    from found
    cross join (select coalesce(sum(calls), 0)::int calls, coalesce(sum(answered), 0)::int answered from dunning_answerhour) week
    left join dunning_answerhour h
      on h.weekday = extract(isodow from %(at)s::timestamptz at time zone found.time_zone)::int - 1
      and h.hour = extract(hour from %(at)s::timestamptz at time zone found.time_zone)::int
"""  # noqa: S608  names of our own columns


def _kinds_of_hours(at: datetime) -> tuple[list[tuple[Hours, Tally]], Tally]:
    """The kinds of working day that occur, by steps along their index, one for each kind; with each how calls at this hour
    were answered, and how calls of the whole week were.
    """
    with connection.cursor() as cursor:
        cursor.execute(WALK_HOURS, {"at": at})
        rows = cursor.fetchall()
    kinds = [(Hours(*row[: len(HOURS)]), Tally(*row[len(HOURS) : len(HOURS) + 2])) for row in rows]
    return kinds, Tally(*rows[0][-2:]) if rows else Tally()
