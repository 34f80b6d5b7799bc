"""Counting when calls are answered (assurance §2.8)."""

from __future__ import annotations

from datetime import datetime

from django.db import connection, transaction
from django.utils import timezone

from core.permissions import require
from core.users import SYSTEM, Actor
from dunning.choices import Reached
from dunning.models import AnswerHour
from dunning.queries.answering import REMEMBERED, UNANSWERED

COUNT = f"""
    insert into dunning_answerhour (weekday, hour, calls, answered)
    select extract(isodow from l.called_at at time zone c.time_zone)::int - 1,
           extract(hour from l.called_at at time zone c.time_zone)::int,
           count(*), count(*) filter (where l.outcome <> all(%(unanswered)s::text[]))
    from dunning_collectioncall l join dunning_case c on c.account_id = l.account_id
    where l.channel = '{Reached.PHONE.value}' and l.called_at > %(since)s and l.called_at <= %(until)s
    group by 1, 2
"""  # noqa: S608  a code of ours


@transaction.atomic
def count_answers(*, by: Actor = SYSTEM, at: datetime | None = None) -> int:
    """Count anew, for every hour of the week, the calls of the year before `at` and how many were answered. Returns the hours."""
    require(by, "dunning.collect")
    at = at or timezone.now()
    AnswerHour.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute(COUNT, {"since": at - REMEMBERED, "until": at, "unanswered": UNANSWERED})
        return int(cursor.rowcount)
