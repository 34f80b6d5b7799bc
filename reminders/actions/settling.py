"""A fact was settled: its reminders are over at once, in the same transaction, and do not wait for the planner."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from django.db import transaction

from reminders.choices import OPEN_STATES, WAITING_STATES, Arrival, EndReason, State
from reminders.models import Occurrence
from reminders.queries import database_now, working_days
from reminders.queries.facts import true_facts
from reminders.registry import RULES


def close_settled(*, subject_type: str, subject_ids: Collection[int], overtaken: Collection[str] = ()) -> int:
    """Close the open reminders about these records whose fact is no longer so; how many. One statement when there are none.

    The planner would do the same a moment later: whoever settled a fact on Today must not see it there again. `overtaken`
    are rules of happenings that stay until they are seen, and of which a newer one takes the place of those before it.
    """
    rows = Occurrence.objects.filter(
        subject_type=subject_type, subject_id__in=list(subject_ids), state__in=OPEN_STATES
    ).exclude(arrival=Arrival.ASKED)
    by_rule: dict[str, list[Occurrence]] = defaultdict(list)
    for row in rows.only("rule", "meant_for", "slot_key"):
        by_rule[row.rule].append(row)
    return _close(by_rule, subject_ids, overtaken) if by_rule else 0


@transaction.atomic
def _close(by_rule: dict[str, list[Occurrence]], subject_ids: Collection[int], overtaken: Collection[str]) -> int:
    now = database_now()
    works = working_days(now.date())
    gone: list[int] = []
    for code, found in by_rule.items():
        rule = RULES.get(code)
        if rule is None or not (rule.settles or code in overtaken):
            continue
        so = true_facts(rule, subject_ids, now, works)
        gone += [row.pk for row in found if (row.meant_for_id, row.slot_key) not in so]
    over = {
        "ended_at": now, "ended_because": EndReason.SETTLED, "free_at": None, "lease_token": None, "escalates_at": None,
    }  # fmt: skip
    settled = Occurrence.objects.filter(pk__in=gone, state__in=OPEN_STATES)
    untold = settled.filter(state__in=WAITING_STATES, sent_at=None).update(state=State.CANCELLED, **over)
    return untold + settled.update(state=State.DONE, **over)
