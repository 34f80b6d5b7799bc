"""The lines of a page of the queue: what stands in them, read in one statement."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from enum import StrEnum
from typing import Any, NamedTuple

from django.db import connection

from core.users import Actor
from dunning.choices import CallOutcome, NextAction, Reached
from dunning.queries.answering import REMEMBERED, UNANSWERED
from dunning.queries.order import Moment, day_of
from dunning.queries.settings import hours_of, limits_of
from dunning.queries.why import why_writer
from dunning.rules import answering, slots
from dunning.rules.slots import Hours, Slot, Tally
from receivables.choices import Grade


class FirstStep(StrEnum):
    """What comes first at a customer: papers are put right before anybody is called (C5)."""

    CALL = "call"
    FIX_PAPERS = "fix_papers"


@dataclass(frozen=True)
class LastCall:
    """How the last call to a customer ended, when it was and whose it was."""

    outcome: CallOutcome
    at: datetime
    by: str


@dataclass(frozen=True)
class QueueLine:
    """One customer: what there is to collect, how good the moment is, and in sentences why he stands where he does.

    `others` is what is overdue in currencies beside the main one.
    """

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
    first_step: FirstStep
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
    last_call: LastCall | None
    others: dict[str, Decimal] = field(default_factory=dict)


class _Found(NamedTuple):
    """What LINES reads of a case, in its order."""

    account_id: int
    account: str
    currency: str
    overdue_amount: Decimal
    callable_amount: Decimal
    oldest_due_on: date | None
    invoices: int
    grade: str
    value: Decimal
    parts: Any
    papers_missing: bool
    broken_since: date | None
    next_action: str
    next_action_on: date | None
    last_touch_at: datetime | None
    time_zone: str
    opens_at: time
    lunch_from: time
    lunch_to: time
    closes_at: time
    owner_answers: bool
    collector: str
    claimed_by: str
    claimed_by_id: int | None
    claimed_until: datetime | None
    outcome: str | None
    called_at: datetime | None
    called_by: str
    attempts: int
    calls: int
    answered: int
    others: Any


LINES = f"""
    select c.account_id, coalesce(nullif(a.short_name, ''), a.name), c.currency, c.overdue_amount, c.callable_amount,
           c.oldest_due_on, c.invoices, c.grade, c.value, c.parts, c.papers_missing, c.broken_since, c.next_action,
           c.next_action_on, c.last_touch_at, c.time_zone, c.opens_at, c.lunch_from, c.lunch_to, c.closes_at, c.owner_answers,
           coalesce(nullif(given.full_name, ''), given.email, ''), coalesce(nullif(taken.full_name, ''), taken.email, ''),
           c.claimed_by_id, c.claimed_until, called.outcome, called.called_at, coalesce(called.full_name, ''),
           (select count(*) from dunning_collectioncall l
            where l.account_id = c.account_id and l.called_at >= %(start)s and l.called_at < %(end)s
              and l.channel = '{Reached.PHONE.value}'),
           hour.calls, hour.answered,
           (select jsonb_object_agg(currency, amount) from (
                select i.currency, sum(i.open_amount)::text as amount from receivables_invoice i
                where i.account_id = c.account_id and i.open_amount > 0 and i.due_on < %(on)s and i.currency <> c.currency
                group by i.currency) other)
    from unnest(%(ids)s::bigint[]) with ordinality as asked (id, place)
    join dunning_case c on c.id = asked.id
    join accounts_account a on a.id = c.account_id
    left join core_user given on given.id = c.collector_id
    left join core_user taken on taken.id = c.claimed_by_id and c.claimed_until > %(at)s
    left join lateral (
        select l.outcome, l.called_at, u.full_name from dunning_collectioncall l left join core_user u on u.id = l.by_id
        where l.account_id = c.account_id order by l.called_at desc, l.id desc limit 1
    ) called on true
    cross join lateral (
        select count(*) as calls, count(*) filter (where l.outcome <> all(%(unanswered)s::text[])) as answered
        from dunning_collectioncall l
        where l.account_id = c.account_id and l.channel = '{Reached.PHONE.value}' and l.called_at > %(since)s
          and date_trunc('hour', l.called_at at time zone c.time_zone)::time
              = date_trunc('hour', %(at)s::timestamptz at time zone c.time_zone)::time
          and extract(isodow from l.called_at at time zone c.time_zone)
              = extract(isodow from %(at)s::timestamptz at time zone c.time_zone)
    ) hour
    order by asked.place
"""  # noqa: S608  a code of ours


def lines_of(by: Actor, ids: Sequence[int], now: Moment) -> list[QueueLine]:
    """The lines of these cases, which the person sees, in this order."""
    if not ids:
        return []
    start, end = day_of(now.at)
    values: dict[str, Any] = {
        "ids": list(ids),
        "at": now.at,
        "on": now.on,
        "start": start,
        "end": end,
        "since": now.at - REMEMBERED,
        "unanswered": UNANSWERED,
    }
    with connection.cursor() as cursor:
        cursor.execute(LINES, values)
        found = [_Found(*row) for row in cursor.fetchall()]
    return list(_lines(by, map(_parsed, found), now))


def _parsed(row: _Found) -> _Found:
    """The connection hands JSON over as text."""
    return row._replace(parts=json.loads(row.parts), others=json.loads(row.others or "{}"))


def _lines(by: Actor, found: Iterable[_Found], now: Moment) -> Iterable[QueueLine]:
    judge, write_why = _judge(now), why_writer(now.on)
    everybody = {kind.hours: kind.everybody for kind in now.kinds}
    for row in found:
        hours = hours_of(row)
        slot, opening = judge(hours, row.attempts)
        known = answering.measured(Tally(row.calls, row.answered), everybody.get(hours, Tally()), now.whole_week)
        slot = answering.weigh(slot, known)
        yield QueueLine(
            account_id=row.account_id,
            account=row.account,
            currency=row.currency,
            overdue_amount=row.overdue_amount,
            callable_amount=row.callable_amount,
            oldest_due_on=row.oldest_due_on,
            days=(now.on - row.oldest_due_on).days if row.oldest_due_on else 0,
            invoices=row.invoices,
            grade=Grade(row.grade),
            value=row.value,
            first_step=FirstStep.FIX_PAPERS if row.papers_missing else FirstStep.CALL,
            slot=slot,
            time_zone=row.time_zone,
            callable_at=opening,
            why=write_why(row, slot),
            broken_since=row.broken_since,
            next_action=NextAction(row.next_action) if row.next_action else None,
            next_action_on=row.next_action_on,
            last_touch_at=row.last_touch_at,
            collector=row.collector,
            claimed_by=row.claimed_by,
            claimed_until=row.claimed_until if row.claimed_by else None,
            claimed_by_me=bool(row.claimed_by) and row.claimed_by_id == by.pk,
            last_call=LastCall(CallOutcome(row.outcome), row.called_at, row.called_by)
            if row.outcome and row.called_at
            else None,
            others={currency: Decimal(amount) for currency, amount in row.others.items()},
        )


def _judge(now: Moment) -> Callable[[Hours, int], tuple[Slot, datetime | None]]:
    """How good the moment is, and when the next one is: judged once for customers whose days are alike."""
    limits = limits_of(now.rule)
    known: dict[tuple[Hours, int], tuple[Slot, datetime | None]] = {}

    def judge(hours: Hours, attempts: int) -> tuple[Slot, datetime | None]:
        if (hours, attempts) not in known:
            is_workday = now.calendar.of(hours.zone)
            slot = slots.judge(now.at, hours, limits, is_workday, attempts=attempts)
            opening = now.at if slot.is_open else slots.next_opening(now.at, hours, limits, is_workday)
            known[hours, attempts] = slot, opening
        return known[hours, attempts]

    return judge
