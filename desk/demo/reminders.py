"""The reminders of the demo company: planned from its facts like everywhere else, told when they were due."""

from __future__ import annotations

from django.db.models import F
from django.db.models.functions import Least

from desk.demo.days import Days
from reminders import actions
from reminders.choices import Channel, State
from reminders.models import Occurrence


def ring(days: Days) -> None:
    """What is due stands on people's desks since it was due; what is older than today has been seen."""
    actions.plan()
    actions.tell_in_app()
    told = Occurrence.objects.filter(channel=Channel.IN_APP, state=State.SENT)
    told.update(sent_at=Least(F("sent_at"), F("due_at")))
    told.filter(due_at__date__lt=days.today).update(read_at=F("sent_at"))
