"""What the board reminds people of (V5): follow-ups, missing next steps, the weekly review, slipping cards, cards handed to one."""

from __future__ import annotations

from django.db.models import CharField, Count, DateField, Q, Value
from django.db.models.functions import Cast, Coalesce, Greatest
from django.utils.translation import gettext_lazy as _

from prospects import events
from prospects.choices import SlipReason
from prospects.models import Prospect
from prospects.models.board import STILL_OPEN
from prospects.queries.conditions import NOTHING_PLANNED, SLIPPING, review_due
from prospects.queries.settings import board_settings
from reminders.choices import Channel, Importance, Shift
from reminders.registry import (
    CLIMBS,
    TO_THE_MANAGER,
    Facts,
    Look,
    day_there,
    days_after,
    facts,
    handed_over,
    reminder,
    words_of,
)

PROSPECT = {"subject": "prospects.prospect", "url": "prospects:prospect"}
PLANNED = (events.NEXT_STEP_PLANNED.code, events.WON.code, events.LOST.code, events.TRANSFERRED.code)
ACCOUNT = Coalesce("account__name", Value(""))


@reminder(
    "prospects.follow_up_due",
    title=_("Follow-up today"),
    sentence=_("{name}: {next_step}"),
    why=_(
        "You own this prospect and its next step is for today. Before days off you are told on the working day before."
    ),
    act="prospects:plan_next_step",
    act_label=_("Plan the next step"),
    done_by_act=True,
    icon="phone-call",
    shift=Shift.EARLIER,
    told_of=PLANNED,
    **PROSPECT,
)
def follow_up_due(look: Look) -> Facts:
    """The next step's day has come where the owner is (R9)."""
    days = Q(next_step_on__gte=day_there("owner__time_zone", look.now), next_step_on__lte=look.until)
    due = Prospect.objects.filter(STILL_OPEN, days).exclude(next_step="")
    return facts(
        due,
        receiver="owner_id",
        day="next_step_on",
        account="account_id",
        name="name",
        next_step="next_step",
        account_name=ACCOUNT,
    )


@reminder(
    "prospects.follow_up_overdue",
    title=_("Follow-up overdue"),
    sentence=_("{name}: {next_step} was due on {due_on}"),
    why=_("You own this prospect and the day of its next step has passed. If nobody acts, your manager is told."),
    act="prospects:plan_next_step",
    act_label=_("Plan the next step"),
    done_by_act=True,
    icon="calendar-exclamation",
    importance=Importance.HIGH,
    escalation=CLIMBS,
    told_of=PLANNED,
    **PROSPECT,
)
def follow_up_overdue(look: Look) -> Facts:
    """The next step's day has passed and nothing came after it."""
    late = Prospect.objects.filter(STILL_OPEN, next_step_on__lt=look.until)
    return facts(
        late,
        receiver="owner_id",
        day=days_after("next_step_on", 1),
        account="account_id",
        name="name",
        next_step="next_step",
        due_on="next_step_on",
        account_name=ACCOUNT,
    )


@reminder(
    "prospects.next_step_missing",
    title=_("No next step"),
    sentence=_("{name} has no dated next step"),
    why=_("You own this prospect. Nothing is live without a next step and its date; you are told once a week."),
    act="prospects:plan_next_step",
    act_label=_("Plan the next step"),
    icon="calendar-question",
    importance=Importance.LOW,
    **PROSPECT,
)
def next_step_missing(look: Look) -> Facts:
    """Live without a next step or its date (R8); told anew every Monday."""
    monday = Cast(Value(look.monday), DateField())
    return facts(
        Prospect.objects.filter(NOTHING_PLANNED),
        receiver="owner_id",
        day=Greatest(monday, days_after("entered_stage_on", 1)),
        slot=Cast(monday, CharField()),
        account="account_id",
        name="name",
        account_name=ACCOUNT,
    )


@reminder(
    "prospects.review_due",
    title=_("Weekly review"),
    sentence=_("Waiting for their weekly review: {cards} of your prospects"),
    why=_("You own open prospects that have not been reviewed this week."),
    icon="eye-check",
    escalation=TO_THE_MANAGER,
    told_of=(events.REVIEWED.code,),
    subject="core.user",
    page="prospects:review",
)
def weekly_review_due(look: Look) -> Facts:
    """Cards of one owner whose review is due (P4), told together, once a week."""
    due = Prospect.objects.filter(review_due(board_settings(), look.on)).values("owner_id")
    return facts(
        due.annotate(cards=Count("id")),
        receiver="owner_id",
        about="owner_id",
        day=look.monday,
        cards="cards",
    )


@reminder(
    "prospects.slipping",
    title=_("Slipping prospect"),
    sentence=_("{name} is slipping: {reason}"),
    why=_("You own this prospect and what its class rests on no longer holds. Left alone it falls back."),
    act="prospects:plan_next_step",
    act_label=_("Plan the next step"),
    icon="trending-down",
    importance=Importance.HIGH,
    escalation=TO_THE_MANAGER,
    told_of=(events.SLIPPING.code,),
    translated=frozenset({"reason"}),
    **PROSPECT,
)
def slipping(look: Look) -> Facts:
    """A card that began to slip (P3)."""
    return facts(
        Prospect.objects.filter(SLIPPING),
        receiver="owner_id",
        day="slipping_since",
        account="account_id",
        name="name",
        reason=words_of("slip_reason", SlipReason.choices),
        account_name=ACCOUNT,
    )


@reminder(
    "prospects.assigned",
    title=_("A prospect is yours now"),
    sentence=_("{name} was handed over to you by {by}"),
    why=_("A colleague made you the owner of this prospect."),
    icon="arrows-exchange",
    importance=Importance.LOW,
    channels=(Channel.IN_APP, Channel.EMAIL),
    told_of=(events.TRANSFERRED.code,),
    settles=False,
    **PROSPECT,
)
def assigned(look: Look) -> Facts:
    """Somebody else made one the owner."""
    return handed_over(look, Prospect, events.TRANSFERRED.code, name="name")
