"""Before anybody is told: is it still so, is the rule on, does the person work here, who stands in for him?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Q

from reminders.choices import Arrival, EndReason
from reminders.models import Occurrence, RuleSetting
from reminders.queries.calendar import working_days
from reminders.queries.facts import true_facts
from reminders.queries.people import People, people
from reminders.queries.settings import rule_settings
from reminders.registry import RULES
from reminders.rules.workdays import Works


@dataclass
class Verdicts:
    """One batch, judged: what is told (with the recipient of today and the words of now), what is over and why.

    `moved` are those of `tell` that go to somebody else than before.
    """

    now: datetime
    told: People
    works: Works
    settings: dict[str, RuleSetting]
    tell: list[Occurrence] = field(default_factory=list)
    moved: list[Occurrence] = field(default_factory=list)
    over: dict[EndReason, list[Occurrence]] = field(default_factory=lambda: defaultdict(list))


def judge(rows: Sequence[Occurrence], now: datetime, *, stay: bool = False) -> Verdicts:
    """Judge a locked batch; one statement for the facts of each rule, a handful for the people. `stay`: nobody stands in."""
    works = working_days(now.date())
    verdicts = Verdicts(now, people({row.recipient_id for row in rows}, now), works, rule_settings())
    for code, batch in _by_rule(rows).items():
        _judge_rule(code, batch, verdicts)
    if not stay:
        _find_recipients(verdicts)
        _spare_stand_ins(verdicts)
    _drop_out_of_sight(verdicts)
    return verdicts


def _by_rule(rows: Sequence[Occurrence]) -> dict[str, list[Occurrence]]:
    found: dict[str, list[Occurrence]] = defaultdict(list)
    for row in rows:
        found[row.rule].append(row)
    return found


def _judge_rule(code: str, rows: list[Occurrence], verdicts: Verdicts) -> None:
    rule, setting = RULES.get(code), verdicts.settings.get(code)
    if rule is None or (setting is not None and not setting.is_on):
        verdicts.over[EndReason.SWITCHED_OFF] += rows
        return
    bound = [row for row in rows if rule.settles and rule.find and row.arrival != Arrival.ASKED]
    about = {row.subject_id for row in bound if row.subject_id is not None}
    so = true_facts(rule, about, verdicts.now, verdicts.works) if about else {}
    checked = {row.pk for row in bound}
    for row in rows:
        fact = so.get((row.meant_for_id, row.slot_key))
        if row.pk in checked and fact is None:
            verdicts.over[EndReason.SETTLED].append(row)
            continue
        row.words = fact if fact is not None else row.words
        verdicts.tell.append(row)


def _find_recipients(verdicts: Verdicts) -> None:
    """Who is told today: the recipient, or who stands in for him."""
    judged, verdicts.tell = verdicts.tell, []
    for row in judged:
        reached = verdicts.told.reached(row.recipient_id)
        if reached is None:
            verdicts.over[EndReason.NOT_REACHABLE].append(row)
            continue
        if reached != row.recipient_id:
            row.recipient_id = reached
            verdicts.moved.append(row)
        verdicts.tell.append(row)


def _drop_out_of_sight(verdicts: Verdicts) -> None:
    """What is told of a record is not told to somebody who may no longer see it; a statement a person and rule that asks."""
    asked: dict[tuple[str, int], set[int]] = defaultdict(set)
    for row in verdicts.tell:
        rule = RULES.get(row.rule)
        if rule and rule.sees and row.subject_id is not None:
            asked[row.rule, row.recipient_id].add(row.subject_id)
    for (code, who), ids in asked.items():
        sees = RULES[code].sees
        hidden = ids - set(sees(who, ids)) if sees else set()
        for row in [
            row for row in verdicts.tell if row.rule == code and row.recipient_id == who and row.subject_id in hidden
        ]:
            verdicts.tell.remove(row)
            verdicts.over[EndReason.OUT_OF_SIGHT].append(row)


def _spare_stand_ins(verdicts: Verdicts) -> None:
    """A stand-in who is told of the same fact anyway, on his own account, is not told twice."""
    if not verdicts.moved:
        return
    same = Q()
    for row in verdicts.moved:
        same |= Q(rule=row.rule, recipient=row.recipient_id, channel=row.channel, slot_key=row.slot_key)
    taken = {
        (row.rule, row.recipient_id, row.channel, row.slot_key): row.pk
        for row in Occurrence.objects.filter(same).exclude(pk__in=[row.pk for row in verdicts.moved])
    }
    for row in verdicts.moved:
        key = (row.rule, row.recipient_id, row.channel, row.slot_key)
        if taken.setdefault(key, row.pk) != row.pk:
            verdicts.tell.remove(row)
            verdicts.over[EndReason.TOLD_ALREADY].append(row)
