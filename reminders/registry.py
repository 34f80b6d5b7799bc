"""Where apps declare what they remind people of: one function a rule, in the app's `reminders.py`.

    @reminder(
        "prospects.next_step_overdue",
        title=_("Next step overdue"),
        sentence=_("{name}: {next_step} was due on {day}"),
        why=_("You own this prospect and the day of its next step has passed."),
        subject="prospects.prospect", url="prospects:prospect",
        escalation=CLIMBS,
    )
    def next_step_overdue(look: Look) -> Facts:
        return facts(Prospect.objects.filter(…), receiver="owner_id", day=…, name=F("name"), …)

The function answers with one query of all facts up to `look.until`. The planner adds what is new and closes what the query no
longer finds; the dispatcher asks the same query again before it tells anybody.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.db.models import (
    Case,
    CharField,
    DateField,
    DateTimeField,
    Exists,
    F,
    Func,
    Model,
    OuterRef,
    QuerySet,
    Value,
    When,
)
from django.db.models.expressions import BaseExpression, Combinable
from django.db.models.functions import Cast, Coalesce, Concat, JSONObject, NullIf
from django.urls import reverse
from django.utils.translation import override

from core.models import AuditEvent, User
from core.sql import in_order
from reminders.choices import Channel, Importance, Rung, Shift
from reminders.rules.words import fill

MORNING = time(8, 30)
LATELY = timedelta(days=7)
"""How long a hand-over is news."""


@dataclass(frozen=True)
class Look:
    """What a rule's function is asked for: the company's day and the last day facts are planned for."""

    on: date
    until: date
    now: datetime

    @property
    def monday(self) -> date:
        """The first day of this week."""
        return self.on - timedelta(days=self.on.weekday())


@dataclass(frozen=True)
class Facts:
    """One query with the columns of `COLUMNS`, in their order."""

    sql: str
    parameters: Sequence[Any]


COLUMNS = ("meant_for_id", "subject_id", "slot_key", "due_on", "due_at", "account_id", "deadline_on", "words")


@dataclass(frozen=True)
class Escalation:
    """Until somebody acknowledges: the owner again after so many working hours, then up, so many working days after it was told."""

    again_after_hours: int | None = 4
    manager_after_days: int | None = 1
    director_after_days: int | None = 2

    @property
    def rungs(self) -> list[tuple[Rung, int]]:
        """The steps there are, in order, each with its hours or days."""
        steps = (
            (Rung.AGAIN, self.again_after_hours),
            (Rung.MANAGER, self.manager_after_days),
            (Rung.DIRECTOR, self.director_after_days),
        )
        return [(rung, after) for rung, after in steps if after is not None]


CLIMBS = Escalation()
STAYS = Escalation(None, None, None)
TO_THE_MANAGER = Escalation(director_after_days=None)

Find = Callable[[Look], Facts]
Gist = Callable[[User, int], Sequence[str]]
Sees = Callable[[int, Collection[int]], Collection[int]]
"""Of these records (ids), which may this person (id) still see?"""
Says = Callable[[Mapping[str, Any]], str]


@dataclass(frozen=True)
class ReminderRule:
    """One declared rule. `sentence` has {placeholders} filled from the fact's words; `why` answers "why do I get this?".

    `at` is the time of day in the receiver's zone for facts that have a day (`due_on`). `shift`: where a day that is no
    working day goes. `settles`: the reminder is over as soon as the query no longer finds its fact; False for happenings
    (an import finished), which stay true. `find` is None where occurrences are only made by `schedule`. `sees` is asked
    before anybody is told of what he might no longer see; `says` makes the sentence where the fact brings its own.
    """

    code: str
    title: Any
    sentence: Any
    why: Any
    find: Find | None = None
    subject: str = ""
    url: str = ""  # name of the page of one record, by its id
    page: str = ""  # or of a page of them all
    act: str = ""  # name of the sheet in which it is dealt with, by the record's id
    act_label: Any = ""
    done_by_act: bool = False
    """Only the act makes it done: ticking the reminder off would leave its fact as it is, and it would come again."""
    icon: str = "bell"
    importance: Importance = Importance.NORMAL
    channels: tuple[Channel, ...] = (Channel.IN_APP, Channel.EMAIL)
    offered: tuple[Channel, ...] = tuple(Channel)
    escalation: Escalation = STAYS
    at: time = MORNING
    shift: Shift = Shift.LATER
    settles: bool = True
    sees: Sees | None = None
    says: Says | None = None
    told_of: tuple[str, ...] = ()
    """Codes of events after which the planner looks at once instead of at the next tick."""
    translated: frozenset[str] = field(default_factory=frozenset)

    @property
    def app(self) -> str:
        """The label of the app that declares it."""
        return self.code.partition(".")[0]

    @property
    def climbs(self) -> bool:
        """Whether it goes up to somebody when nobody acts. Such a rule always stays in the bell."""
        return bool(self.escalation.rungs)

    def say(self, words: Mapping[str, Any]) -> str:
        """Its sentence with the fact's words, in the reader's language."""
        if self.says is not None:
            return self.says(words)
        return fill(str(self.sentence), words, translated=self.translated)

    def url_of(self, subject_id: int) -> str:
        """Where it is shown and dealt with; empty where a rule has no page."""
        if self.page:
            return reverse(self.page)
        return reverse(self.url, args=[subject_id]) if self.url else ""


RULES: dict[str, ReminderRule] = {}


def reminder(code: str, *, title: Any, sentence: Any, why: Any, **rest: Any) -> Callable[[Find], Find]:
    """Declare a rule whose facts the decorated function finds. A code stands once in the whole product."""

    def declare(find: Find) -> Find:
        declare_rule(ReminderRule(code, title, sentence, why, find, **rest))
        return find

    return declare


def declare_rule(rule: ReminderRule) -> ReminderRule:
    """Declare a rule as it is: one without a query, whose occurrences `schedule` makes."""
    known = RULES.get(rule.code)
    if known is not None and _origin(known) != _origin(rule):
        raise ValueError(f"Two reminder rules are called {rule.code}.")
    RULES[rule.code] = rule
    return rule


def _origin(rule: ReminderRule) -> str:
    return f"{rule.find.__module__}.{rule.find.__qualname__}" if rule.find else ""


def rule_of(code: str) -> ReminderRule:
    """The rule of this code. KeyError for an unknown one: our mistake, not a person's."""
    return RULES[code]


# ------------------------------------------------------------------ papers that go with a reminder


@dataclass(frozen=True)
class Paper:
    """A page that goes with reminders of one rule, made by an app further up: its name, its address by the record's id.

    `gist` are its main lines for a mail, as this reader may see them; none where he may not.
    """

    label: Any
    url: str
    gist: Callable[[User, int], Sequence[str]]


PAPERS: dict[str, Paper] = {}


def goes_with(code: str, *, label: Any, url: str) -> Callable[[Gist], Gist]:
    """Say that a page goes with reminders of this rule; the decorated function makes its gist."""

    def declare(gist: Gist) -> Gist:
        PAPERS[code] = Paper(label, url, gist)
        return gist

    return declare


# ------------------------------------------------------------------ facts out of a query set

Expression = str | BaseExpression | Combinable


def facts(
    rows: QuerySet[Any, Any],
    *,
    receiver: Expression,
    day: Expression | date | None = None,
    moment: Expression | None = None,
    slot: Expression | None = None,
    about: Expression = "pk",
    account: Expression | None = None,
    deadline: Expression | None = None,
    **words: Expression,
) -> Facts:
    """Facts out of a query set: each row tells `receiver` (a user's id) about `about` (a record's id).

    `day` is the fact's day, told at the rule's time in the receiver's zone; or `moment`, an instant, told at once. The
    slot is the record and that day (or `slot`): what is moved to another day is another fact.
    """
    due_on = _as(day, DateField())
    key = _as(slot, CharField()) if slot is not None else Cast(due_on if day is not None else F("pk"), CharField())
    columns = {
        "f_receiver": _as(receiver),
        "f_about": _as(about),
        "f_slot": Concat(Cast(_as(about), CharField()), Value(":"), key, output_field=CharField()),
        "f_day": due_on,
        "f_moment": _as(moment),
        "f_account": _as(account),
        "f_deadline": _as(deadline),
        "f_words": JSONObject(**{name: _as(value) for name, value in words.items()}) if words else JSONObject(),
    }
    sql, parameters = rows.order_by().values_list(*columns.values()).query.sql_with_params()
    return Facts(sql, parameters)


def handed_over(look: Look, model: type[Model], code: str, **words: Expression) -> Facts:
    """Records of this model that events of this code gave to somebody else lately; only the last hand-over counts.

    `words` say which record it is: columns or expressions of the record. `by` is who gave it away.
    """
    of_record: dict[str, Any] = {"code": code, "target_type": model._meta.label_lower}
    later = AuditEvent.objects.filter(**of_record, target_id=OuterRef("target_id"), id__gt=OuterRef("id"))
    record = model._default_manager.filter(pk=OuterRef("target_id"))
    events = (
        AuditEvent.objects.filter(**of_record, at__gte=look.now - LATELY)
        .annotate(owner=record.values("owner_id")[:1])
        .annotate(**{f"f_{word}": record.annotate(said=_as(value)).values("said")[:1] for word, value in words.items()})
        .filter(~Exists(later), owner__isnull=False)
        .exclude(actor=F("owner"))
    )
    return facts(
        events,
        receiver="owner",
        about="target_id",
        moment="at",
        slot=Concat(Value("event-"), Cast("id", CharField())),
        account="account_id",
        by=Coalesce("actor__full_name", Value("Keyline")),
        **{word: f"f_{word}" for word in words},
    )


def facts_of_sql(sql: str, parameters: Sequence[Any] = ()) -> Facts:
    """Facts out of a statement with the columns of `COLUMNS`; its slot needs no record in front."""
    return Facts(sql, parameters)


def facts_ahead(look: Look, warnings: Sequence[int], sql: str, **values: Any) -> Facts:
    """Facts out of a statement that joins `warned_ahead`: of a day somebody is warned so many days ahead, each time anew.

    Its values have names: `on` and `until` of the look, `last`, the furthest day there is a warning of, and those given.
    """
    last = look.until + timedelta(days=max(warnings))
    given = {"on": look.on, "until": look.until, "last": last, "warnings": list(warnings), **values}
    return Facts(*in_order(sql, given))


def warned_ahead(day: str) -> str:
    """To stand behind FROM: joins a day, as SQL, with `warned.days`: the warning reached last, and those planned for."""
    return f"""
    cross join lateral (
        select days from unnest(%(warnings)s) ahead (days)
        where {day} - days <= %(until)s and ({day} - days > %(on)s or days = (
            select min(each) from unnest(%(warnings)s) others (each) where each >= {day} - %(on)s))
    ) warned"""  # noqa: S608  a column of ours


def days_after(day: Expression, days: int | Expression) -> Func:
    """The day so many days after this one, in SQL."""
    count = Value(days) if isinstance(days, int) else days
    return Func(
        F(day) if isinstance(day, str) else day,
        count,
        template="(%(expressions)s)",
        arg_joiner=" + ",
        output_field=DateField(),
    )


def day_there(zone_column: str, moment: Expression | datetime) -> Func:
    """The day a moment falls on where a person is, in SQL; `zone_column` is his time zone, empty for the company's."""
    at = Value(moment, output_field=DateTimeField()) if isinstance(moment, datetime) else moment
    at = F(at) if isinstance(at, str) else at
    return Func(
        _zone(zone_column), at, template="timezone(%(expressions)s::timestamptz)::date", output_field=DateField()
    )


def moment_there(zone_column: str, moment: str) -> Func:
    """A word of a fact: the day and minute of a column on the clock where a person is, in SQL; see `rules.words`."""
    return Func(
        _zone(zone_column),
        F(moment),
        template="to_char(timezone(%(expressions)s), 'YYYY-MM-DD\"T\"HH24:MI')",
        output_field=CharField(),
    )


def _zone(column: str) -> Coalesce:
    return Coalesce(NullIf(F(column), Value("")), Value(settings.TIME_ZONE))


def words_of(column: str, choices: Iterable[tuple[Any, Any]]) -> Case:
    """The label of a choice, in the source language; name it in the rule's `translated` so that a reader gets his own."""
    with override("en"):
        named = [When(**{column: value}, then=Value(str(label))) for value, label in choices]
    return Case(*named, default=Value(""), output_field=CharField())


def _as(value: Any, kind: Any = None) -> Any:
    if isinstance(value, str):
        return F(value)
    if isinstance(value, date):
        return Cast(Value(value), DateField())
    if value is None:
        return Func(template="NULL", output_field=kind or CharField())
    return value
