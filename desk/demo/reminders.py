"""The reminders of the demo company: planned from its facts like everywhere else, told when they were due."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import F
from django.db.models.functions import Least

from desk.demo.days import Days
from desk.demo.people import TIDY
from reminders import actions
from reminders.actions.telling import written
from reminders.choices import OPEN_STATES, Channel, EndReason, Result, State
from reminders.models import Delivery, Occurrence
from reminders.queries import people
from reminders.registry import RULES
from reminders.rules.escalation import chain

LET_LIE = "relationships.follow_up_overdue"
FOR_TODAY = (
    "relationships.confirm_visit", "relationships.follow_up_due", "prospects.follow_up_due", "relationships.birthday",
)  # fmt: skip


def ring(days: Days) -> None:
    """What is due stands on people's desks since it was due; what is days old has been seen, and the mails have arrived."""
    actions.plan()
    actions.tell_in_app()
    _climb(days)
    actions.tell_in_app()
    told = Occurrence.objects.filter(channel=Channel.IN_APP, state=State.SENT)
    told.update(sent_at=Least(F("sent_at"), F("due_at")))
    told.filter(due_at__date__lt=days.ago(3)).update(read_at=F("sent_at"))
    _tick_off(days)
    _post(days)


def _climb(days: Days) -> None:
    """The step that was let lie has gone up to the manager: its clock runs since the morning it was told, not since now."""
    lies = days.let_lie()
    row = Occurrence.objects.filter(
        rule=LET_LIE, channel=Channel.IN_APP, state=State.SENT, due_at=lies.told_at,
        recipient__team__people__email__startswith=f"{TIDY}@",
    ).latest("id")  # fmt: skip
    told = people([row.recipient_id], lies.told_at)
    steps = chain(
        owner=row.recipient_id, above=told.above(row.recipient_id), stand_ins=told.stand_ins, told_at=lies.told_at,
        rungs=RULES[row.rule].escalation.rungs, zone=told.zone_of(row.recipient_id), works=days.works,
    )  # fmt: skip
    Occurrence.objects.filter(pk=row.pk).update(chain=written(steps), escalates_at=steps[0].at)
    actions.escalate(now=lies.climbed_at)


def _tick_off(days: Days) -> None:
    """The tidy one has dealt with whatever is not a step for today."""
    hers = Occurrence.objects.filter(
        channel=Channel.IN_APP, recipient__email__startswith=f"{TIDY}@", state__in=OPEN_STATES,
        due_at__lt=days.now + timedelta(days=1),
    )  # fmt: skip
    done = hers.exclude(rule__in=FOR_TODAY).values_list("rule", "recipient", "slot_key")
    for rule, recipient, slot_key in list(done):
        rows = Occurrence.objects.filter(rule=rule, recipient=recipient, slot_key=slot_key)
        over = {"ended_at": days.now, "ended_because": EndReason.FINISHED, "escalates_at": None, "free_at": None}
        rows.filter(sent_at=None).update(state=State.CANCELLED, **over)
        rows.exclude(sent_at=None).update(
            state=State.DONE, acknowledged_at=days.now, acknowledged_by=recipient, read_at=days.now, **over
        )


def _post(days: Days) -> None:
    """The mails of the days that the story tells: nobody's log is flooded with them at the first start."""
    mails = list(Occurrence.objects.filter(channel=Channel.EMAIL, state=State.PLANNED, due_at__lte=days.now))
    for mail in mails:
        mail.state, mail.sent_at, mail.free_at = State.SENT, mail.due_at, None
    Occurrence.objects.bulk_update(mails, ["state", "sent_at", "free_at"], batch_size=500)
    Delivery.objects.bulk_create(
        Delivery(occurrence=mail, round=mail.round, at=mail.due_at, result=Result.SENT, message_id=mail.message_id)
        for mail in mails
    )
