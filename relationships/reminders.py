"""What contact with customers reminds people of (R8–R11): confirm the appointment, write it up, take the next step, keep in touch."""

from __future__ import annotations

from django.db.models import Case, Count, Func, IntegerField, Value, When
from django.db.models.functions import Cast, Coalesce
from django.utils.translation import gettext_lazy as _

from accounts.choices import Tier
from accounts.models import Account
from relationships import events
from relationships.choices import VisitKind
from relationships.models import Visit
from relationships.queries import birthday_counts, contact_rule
from relationships.rules.birthdays import BELATED
from reminders.choices import Importance, Shift
from reminders.registry import (
    CLIMBS,
    TO_THE_MANAGER,
    Facts,
    Look,
    day_there,
    days_after,
    facts,
    handed_over,
    moment_there,
    reminder,
    words_of,
)

VISIT = {"subject": "relationships.visit", "url": "visits:visit"}
APPOINTMENTS = [kind.value for kind in VisitKind if kind.is_meeting]
KIND = frozenset({"kind"})
STEPS = (
    events.VISIT_RECORDED.code, events.VISIT_EDITED.code, events.NEXT_STEP_SETTLED.code, events.NEXT_STEP_DROPPED.code,
    events.NEXT_STEP_REOPENED.code,
)  # fmt: skip


def _day() -> Func:
    """The visit's day where its owner is, in SQL."""
    return day_there("owner__time_zone", "at")


@reminder(
    "relationships.confirm_visit",
    title=_("Confirm the appointment"),
    sentence=_("{kind}, {account_name}, {on}: confirm it today"),
    why=_("This is your appointment. It is confirmed on the working day before, so that nobody travels in vain."),
    icon="calendar-check",
    importance=Importance.HIGH,
    shift=Shift.EARLIER,
    told_of=(
        events.VISIT_PLANNED.code, events.VISIT_MOVED.code, events.VISIT_CANCELLED.code, events.VISIT_RECORDED.code,
        events.VISIT_TRANSFERRED.code, events.VISIT_HANDED_OVER.code,
    ),
    translated=KIND,
    **VISIT,
)  # fmt: skip
def confirm_visit(look: Look) -> Facts:
    """An appointment of the next working day (R10)."""
    ahead = Visit.objects.planned().filter(at__gt=look.now, kind__in=APPOINTMENTS)
    return facts(
        ahead.annotate(day_before=days_after(_day(), -1)).filter(day_before__lte=look.until),
        receiver="owner_id",
        day="day_before",
        account="account_id",
        account_name="account__name",
        kind=words_of("kind", VisitKind.choices),
        on=_day(),
    )


@reminder(
    "relationships.visit_unrecorded",
    title=_("Visit not written up"),
    sentence=_("{kind}, {account_name}, {on}: what came of it?"),
    why=_("This visit was yours and its time has passed. What is written up within a day is still fresh."),
    act="prospects:record_planned_visit",
    act_label=_("Log it"),
    icon="pencil",
    told_of=(
        events.VISIT_RECORDED.code,
        events.VISIT_CANCELLED.code,
        events.VISIT_MOVED.code,
        events.VISIT_HANDED_OVER.code,
    ),
    translated=KIND,
    **VISIT,
)
def visit_unrecorded(look: Look) -> Facts:
    """A planned visit whose day has passed without a word about it (R7)."""
    over = Visit.objects.planned().filter(at__lt=look.now)
    return facts(
        over,
        receiver="owner_id",
        day=days_after(_day(), 1),
        account="account_id",
        account_name="account__name",
        kind=words_of("kind", VisitKind.choices),
        on=_day(),
    )


@reminder(
    "relationships.visit_assigned",
    title=_("A visit is yours now"),
    sentence=_("{kind}, {name}, {at}: handed over to you by {by}"),
    why=_("A colleague asked you to make this visit in his place."),
    icon="arrows-exchange",
    told_of=(events.VISIT_HANDED_OVER.code,),
    settles=False,
    translated=KIND,
    **VISIT,
)
def visit_assigned(look: Look) -> Facts:
    """A colleague gave one away."""
    return handed_over(
        look,
        Visit,
        events.VISIT_HANDED_OVER.code,
        name="account__name",
        kind=words_of("kind", VisitKind.choices),
        at=moment_there("owner__time_zone", "at"),
    )


@reminder(
    "relationships.follow_up_due",
    title=_("Follow-up today"),
    sentence=_("{account_name}: {next_step}"),
    why=_("After your visit this was agreed for today. Before days off you are told on the working day before."),
    act="visits:settle_next_step",
    act_label=_("Done"),
    done_by_act=True,
    icon="phone-call",
    shift=Shift.EARLIER,
    told_of=STEPS,
    **VISIT,
)
def follow_up_due(look: Look) -> Facts:
    """The next step of a visit is for today where its owner is (R8, R9)."""
    due = Visit.objects.recorded().with_open_step().filter(next_step_on__lte=look.until)
    return facts(
        due.filter(next_step_on__gte=day_there("owner__time_zone", look.now)),
        receiver="owner_id",
        day="next_step_on",
        account="account_id",
        account_name="account__name",
        next_step="next_step",
    )


@reminder(
    "relationships.follow_up_overdue",
    title=_("Follow-up overdue"),
    sentence=_("{account_name}: {next_step} was due on {due_on}"),
    why=_("After your visit this was agreed and its day has passed. If nobody acts, your manager is told."),
    act="visits:settle_next_step",
    act_label=_("Done"),
    done_by_act=True,
    icon="calendar-exclamation",
    importance=Importance.HIGH,
    escalation=CLIMBS,
    told_of=STEPS,
    **VISIT,
)
def follow_up_overdue(look: Look) -> Facts:
    """The next step of a visit was not taken on its day (R8)."""
    late = Visit.objects.recorded().with_open_step().filter(next_step_on__lt=look.until)
    return facts(
        late,
        receiver="owner_id",
        day=days_after("next_step_on", 1),
        account="account_id",
        account_name="account__name",
        next_step="next_step",
        due_on="next_step_on",
    )


# ------------------------------------------------------------------ keeping in touch


def _heard_on() -> Func:
    """The day of the last contact; where there was none yet, the day the account came to us, in SQL."""
    return Coalesce("last_contact_on", Cast("created_at", Account._meta.get_field("last_contact_on")))


def _heard_until() -> Func:
    """The last day on which an account of its tier is still in touch, in SQL (R11)."""
    rule = contact_rule()
    rhythm = Case(
        *(When(tier=tier.value, then=Value(rule.cadence(tier.value).days)) for tier in Tier),
        default=Value(rule.prospect_days),
        output_field=IntegerField(),
    )
    return days_after(_heard_on(), rhythm)


@reminder(
    "relationships.cadence_late",
    title=_("Too long without contact"),
    sentence=_("{name} has heard nothing from you since {since}"),
    why=_("You own this VIP account and its rhythm of contact has been broken."),
    icon="clock-exclamation",
    importance=Importance.HIGH,
    escalation=TO_THE_MANAGER,
    told_of=(events.VISIT_RECORDED.code,),
    subject="accounts.account",
    url="accounts:account",
)
def cadence_late(look: Look) -> Facts:
    """A VIP account nobody has been in touch with for longer than its rhythm (R11)."""
    quiet = Account.objects.filter(tier=Tier.VIP).annotate(until=_heard_until()).filter(until__lt=look.until)
    return facts(
        quiet,
        receiver="owner_id",
        day=days_after("until", 1),
        account="pk",
        name="name",
        since=_heard_on(),
    )


@reminder(
    "relationships.accounts_neglected",
    title=_("Accounts without contact"),
    sentence=_("Without contact for too long: {accounts} of your accounts"),
    why=_("You own these accounts; each tier has a rhythm of contact. You are told once a week."),
    icon="address-book-off",
    importance=Importance.LOW,
    subject="core.user",
    page="accounts:list_accounts",
)
def accounts_neglected(look: Look) -> Facts:
    """The other accounts that are late, of one owner together, once a week (R11)."""
    late = Account.objects.exclude(tier=Tier.VIP).annotate(until=_heard_until()).filter(until__lt=look.on)
    return facts(
        late.order_by().values("owner_id").annotate(accounts=Count("id")),
        receiver="owner_id",
        about="owner_id",
        day=look.monday,
        accounts="accounts",
    )


# ------------------------------------------------------------------ birthdays

BIRTHDAYS = """
    select owner_id, owner_id, owner_id || ':' || day, day, null, null, null, jsonb_build_object('people', people, 'on', day)
    from unnest(%s::bigint[], %s::date[], %s::int[]) as told (owner_id, day, people)"""


@reminder(
    "relationships.birthday",
    title=_("Birthday"),
    sentence=_("Birthday on {on}: {people} of the people you look after"),
    why=_(
        "A birthday was noted of somebody whose contact you own. No message says whose it is: that stands on the page of birthdays,"
        " for the account team alone. Before days off you are told on the working day before."
    ),
    icon="cake",
    shift=Shift.EARLIER,
    told_of=(events.BIRTHDAY_NOTED.code, events.BIRTHDAY_CHANGED.code, events.BIRTHDAY_ERASED.code),
    subject="core.user",
    page="relationships:list_birthdays",
)
def birthday(look: Look) -> Facts:
    """Birthdays of one day among the contacts of one owner, together (V5, R5). The days lie sealed: they are opened here, not in SQL."""
    found = [(owner, on, people) for (owner, on), people in birthday_counts(look.on - BELATED, look.until).items()]
    owners, days, counts = ([row[column] for row in found] for column in range(3))
    return Facts(BIRTHDAYS, [owners, days, counts])
