"""The reminders of the demo company: planned from its facts like everywhere else, told when they were due."""

from __future__ import annotations

from django.db.models import F
from django.db.models.functions import Least

from desk.demo.days import Days
from reminders import actions
from reminders.choices import Channel, Result, State
from reminders.models import Delivery, Occurrence


def ring(days: Days) -> None:
    """What is due stands on people's desks since it was due; what is days old has been seen, and the mails have arrived."""
    actions.plan()
    actions.tell_in_app()
    told = Occurrence.objects.filter(channel=Channel.IN_APP, state=State.SENT)
    told.update(sent_at=Least(F("sent_at"), F("due_at")))
    told.filter(due_at__date__lt=days.ago(3)).update(read_at=F("sent_at"))
    _post(days)


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
