"""What administrators change: a rule, and what was given up."""

from __future__ import annotations

from datetime import time

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from core import audit
from core.errors import Conflict, DomainError
from core.permissions import require
from core.users import Actor
from reminders import events
from reminders.choices import State
from reminders.models import Occurrence, RuleSetting
from reminders.queries import database_now, get_occurrence
from reminders.registry import RULES


@transaction.atomic
def set_rule(*, by: Actor, rule: str, is_on: bool, at: time | None, climbs: bool, version: int) -> RuleSetting:
    """Switch a rule on or off, set its time of day, and whether it goes up. Holds for what is planned from now on."""
    require(by, "reminders.manage")
    declared = RULES.get(rule)
    if declared is None:
        raise DomainError(_("There is no such reminder."), field="rule")
    RuleSetting.objects.get_or_create(rule=rule)
    row = RuleSetting.objects.select_for_update(no_key=True).get(rule=rule)
    wanted = {"is_on": is_on, "at": at, "climbs": climbs}
    if row.version != version:
        raise Conflict(_("Somebody else changed this meanwhile."), current=row, yours=wanted)
    before = {name: getattr(row, name) for name in wanted}
    row.is_on, row.at, row.climbs = is_on, at, climbs
    row.version += 1
    row.save()
    audit.record(events.RULE_SET, by=by, on=row, title=str(declared.title), before=before, after=wanted)
    return row


@transaction.atomic
def retry_occurrence(*, by: Actor, occurrence_id: int) -> Occurrence:
    """Try once more what was given up after its last attempt: whoever does so has mended what was wrong."""
    require(by, "reminders.manage")
    occurrence = get_occurrence(by, occurrence_id, lock=True)
    if occurrence.state != State.PARKED:
        raise Conflict(_("This reminder was not given up."), current=occurrence)
    Occurrence.objects.filter(pk=occurrence.pk).update(
        state=State.PLANNED, attempts=0, round=F("round") + 1, free_at=database_now(), lease_token=None
    )
    audit.record(events.RETRIED, by=by, on=occurrence, title=RULES[occurrence.rule].say(occurrence.words))
    occurrence.refresh_from_db()
    return occurrence
