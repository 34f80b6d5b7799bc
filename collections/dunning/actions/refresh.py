"""Bringing the collecting files up to date with the ledger: one set-based statement for a few accounts or for all."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from core.permissions import require
from core.users import SYSTEM, Actor
from core.workdays import today
from dunning.choices import Worth
from dunning.models import Case
from dunning.queries.settings import dunning_rule
from dunning.rules.ranking import (
    CHANCE_BY_AGE,
    CHANCE_BY_GRADE,
    CHANCE_LATER,
    FACTORS,
    paying_windows,
)
from receivables.choices import Grade


@transaction.atomic
def refresh_cases(*, by: Actor = SYSTEM, account_ids: Collection[int] | None = None, on: date | None = None) -> int:
    """Work out totals, rank and flags of these accounts' cases (of all, without) as of the day `on`.

    Makes a case where money became overdue, empties it where none is left. It reads what is true now and writes only
    rows that differ, in one statement and in one order, so it may be run at any time, any number of times and by
    several at once; what somebody worked out from a later look at the ledger stays. Returns how many cases changed.
    """
    require(by, "dunning.collect")
    if account_ids is not None and not account_ids:
        return 0
    with connection.cursor() as cursor:
        some = "" if account_ids is None else "and {}.account_id = any(%(accounts)s)"
        cursor.execute(
            REFRESH.format(**{f"some_{alias}": some.format(alias) for alias in "ipc"}),
            _values(on or today(), account_ids),
        )
        return int(cursor.rowcount)


def _values(on: date, account_ids: Collection[int] | None) -> dict[str, Any]:
    windows = dict(paying_windows(on))
    rates = {currency: str(Decimal(str(rate))) for currency, rate in dunning_rule().ordering_rates.items()}
    return {
        "on": on,
        **{name: getattr(Case(), name) for name in ("time_zone", "opens_at", "lunch_from", "lunch_to", "closes_at")},
        "zone": settings.TIME_ZONE,
        "accounts": sorted(account_ids or ()),
        "currencies": list(rates),
        "rates": list(rates.values()),
        "soon": sorted(windows[Worth.PAYING_SOON]),
        "pays": sorted(windows[Worth.PAYING_TODAY]),
        "paid": sorted(windows[Worth.PAYING_PASSED]),
    }


def _chance() -> str:
    """The worse of the two priors of `rules.ranking`, as SQL."""
    age = " ".join(f"when %(on)s - i.due_on <= {days} then {share}" for days, share in CHANCE_BY_AGE)
    grade = " ".join(f"when '{grade.value}' then {share}" for grade, share in CHANCE_BY_GRADE.items())
    return f"least(case {age} else {CHANCE_LATER} end, case i.grade {grade} end)"


def _grade_rank() -> str:
    return "case i.grade " + " ".join(f"when '{grade.value}' then {grade.rank}" for grade in Grade) + " end"


MOST = "9999999999999999.99"  # what the column holds
_GRADES = "array[" + ", ".join(f"'{grade.value}'" for grade in Grade) + "]"
_PAYING = f"""case when a.paying_days && %(soon)s::smallint[] then '{Worth.PAYING_SOON.value}'
         when a.paying_days && %(pays)s::smallint[] then '{Worth.PAYING_TODAY.value}'
         when a.paying_days && %(paid)s::smallint[] then '{Worth.PAYING_PASSED.value}' end"""
_FACTOR = (
    "case %s " + " ".join(f"when '{code.value}' then {factor}" for code, factor in FACTORS.items()) + " else 1 end"
)

COLUMNS = (
    "currency", "overdue_amount", "callable_amount", "oldest_due_on", "invoices", "grade", "value", "parts",
    "papers_missing", "broken_since", "promised_until", "owner_answers",
)  # fmt: skip
HAVE = ", ".join(f"c.{column}" for column in COLUMNS)
WANT = ", ".join(f"made.{column}" for column in COLUMNS)
GOT = ", ".join(f"excluded.{column}" for column in COLUMNS)
SET = ", ".join(f"{column} = excluded.{column}" for column in COLUMNS)

REFRESH = f"""
with rates as (
    select * from unnest(%(currencies)s::text[], %(rates)s::numeric[]) as r (currency, rate)
), late as (
    select i.account_id, i.currency, sum(i.open_amount) overdue,
           sum(greatest(i.open_amount - i.disputed_amount, 0)) askable,
           sum(greatest(i.open_amount - i.disputed_amount, 0) * {_chance()}) weighted,
           min(i.due_on) oldest, count(*) invoices, max({_grade_rank()}) grade,
           bool_or(i.papers in ('incomplete', 'complete') or i.missing_papers <> '{{{{}}}}') papers_missing
    from receivables_invoice i
    where i.open_amount > 0 and i.due_on < %(on)s {{some_i}}
    group by i.account_id, i.currency
), chosen as (
    select distinct on (late.account_id) late.*, coalesce(r.rate, 1) rate
    from late left join rates r on r.currency = late.currency
    order by late.account_id, late.overdue * coalesce(r.rate, 1) desc, late.currency
), running as (
    select p.account_id, p.currency, max(p.last_due_on) until,
           sum(least(p.amount - p.arrived, case when named.count > 0 then coalesce(named.askable, 0) end)) amount
    from dunning_promise p, lateral (
        select count(*) count, sum(greatest(i.open_amount - i.disputed_amount, 0)) filter (where i.due_on < %(on)s) askable
        from dunning_promise_invoices n join receivables_invoice i on i.id = n.invoice_id
        where n.promise_id = p.id
    ) named
    where p.state = 'open' {{some_p}}
    group by p.account_id, p.currency
), promised as (
    select account_id, max(until) until from running group by account_id
), broken as (
    select p.account_id, min(p.judged_on) since
    from dunning_promise p left join dunning_case c on c.account_id = p.account_id
    where p.state in ('partly', 'broken') {{some_p}}
      and p.judged_on > coalesce((c.last_reached_at at time zone %(zone)s)::date, '-infinity')
    group by p.account_id
), everyone as (
    select account_id, currency, overdue, askable, weighted, oldest, invoices, grade, papers_missing, rate from chosen
    union all
    select account_id, '', 0, 0, 0, null, 0, 0, false, 1 from (
        select account_id from promised
        union
        select c.account_id from dunning_case c where (c.overdue_amount > 0 or c.promised_until is not null) {{some_c}}
    ) others where account_id not in (select account_id from chosen)
), worth as (
    select e.account_id, e.currency, e.overdue, e.oldest, e.invoices, e.papers_missing, e.rate,
           ({_GRADES})[e.grade + 1] grade, greatest(e.askable - coalesce(running.amount, 0), 0) callable,
           case when e.askable > 0 then e.weighted / e.askable else 0 end chance,
           case when e.askable > 0 then greatest(e.askable - coalesce(running.amount, 0), 0) * e.weighted / e.askable else 0 end
               expected, promised.until,
           case when e.overdue > 0 then broken.since end since,
           coalesce(a.ownership = 'private' and a.size in ('micro', 'small'), false) owner_answers,
           case when c.next_action_on <= %(on)s then '{Worth.DUE.value}' end due, {_PAYING} paying
    from everyone e
    join accounts_account a on a.id = e.account_id
    left join dunning_case c on c.account_id = e.account_id
    left join running on running.account_id = e.account_id and running.currency = e.currency
    left join promised on promised.account_id = e.account_id
    left join broken on broken.account_id = e.account_id
), made (account_id, {", ".join(COLUMNS)}) as (
    select account_id, currency, overdue, callable, oldest, invoices, grade,
           least(round(expected * rate * {_FACTOR % "due"} * {_FACTOR % "paying"}, 2), {MOST}),
           case when overdue = 0 then '{{{{}}}}'::jsonb else
               jsonb_build_object('chance', trim_scale(round(chance, 4))::text, 'rate', trim_scale(rate)::text, 'factors',
                   jsonb_strip_nulls(jsonb_build_object(
                       '{Worth.DUE.value}', case when due is not null then ({_FACTOR % "due"})::text end,
                       coalesce(paying, '-'), case when paying is not null then ({_FACTOR % "paying"})::text end))) end,
           papers_missing, since, until, owner_answers
    from worth
)
insert into dunning_case as c (
    account_id, {", ".join(COLUMNS)}, next_action, paused_because, cease_contact, time_zone, opens_at, lunch_from,
    lunch_to, closes_at, goal, minimum, refreshed_at, updated_at
)
select made.*, '', '', false, %(time_zone)s, %(opens_at)s, %(lunch_from)s, %(lunch_to)s, %(closes_at)s, '', '',
       statement_timestamp(), statement_timestamp()
from made left join dunning_case c on c.account_id = made.account_id
where c.account_id is null or ({HAVE}) is distinct from ({WANT})
order by made.account_id
on conflict (account_id) do update
set {SET}, refreshed_at = excluded.refreshed_at,
    next_action = case when excluded.overdue_amount > 0 then c.next_action else '' end,
    next_action_on = case when excluded.overdue_amount > 0 then c.next_action_on end
where ({HAVE}) is distinct from ({GOT})
  and (c.refreshed_at is null or c.refreshed_at <= excluded.refreshed_at)
"""  # noqa: S608  our own text; values are parameters
