"""When calls are answered, out of the call log (assurance §2.8)."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection

from dunning.choices import CallOutcome, Reached
from dunning.rules.answering import HourOfWeek, Rates
from dunning.rules.slots import Tally

REMEMBERED = timedelta(days=365)
UNANSWERED = [outcome.value for outcome in CallOutcome if not outcome.reached]

RATES = f"""
    select weekday, hour, calls, answered, false from dunning_answerhour
    union all
    select extract(isodow from l.called_at at time zone c.time_zone)::int - 1,
           extract(hour from l.called_at at time zone c.time_zone)::int,
           count(*), count(*) filter (where l.outcome <> all(%(unanswered)s::text[])), true
    from dunning_collectioncall l join dunning_case c on c.account_id = l.account_id
    where l.account_id = %(account)s and l.channel = '{Reached.PHONE.value}' and l.called_at > %(since)s
    group by 1, 2
"""  # noqa: S608  a code of ours


def answer_rates(at: datetime, account_id: int | None = None) -> Rates:
    """Calls of the year before `at` by hour of the week: of all customers as last counted, and of this one; one statement."""
    everybody: dict[HourOfWeek, Tally] = {}
    own: dict[HourOfWeek, Tally] = {}
    with connection.cursor() as cursor:
        cursor.execute(RATES, {"account": account_id, "since": at - REMEMBERED, "unanswered": UNANSWERED})
        for weekday, hour, calls, answered, is_own in cursor.fetchall():
            (own if is_own else everybody)[weekday, hour] = Tally(calls, answered)
    return Rates(everybody, own)
