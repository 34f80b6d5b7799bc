"""What Celery starts for the reminders. It only wakes: each task asks PostgreSQL what is to be done, and bears a second run."""

from __future__ import annotations

from datetime import date, datetime, time

from celery import shared_task
from django.utils.translation import gettext_lazy as _

from core.models import AuditEvent
from core.subscriptions import on_event
from core.tick import daily, each_tick
from reminders import actions
from reminders.channels import SENDERS
from reminders.choices import Channel
from reminders.registry import RULES


@each_tick
def wake_reminders(now: datetime) -> None:
    """Once a minute: tell what is due, and beside it plan and climb. Telling does not wait for the planner."""
    _wake_dispatchers()
    plan_reminders.delay()


@shared_task(name="reminders.plan")
def plan_reminders(only: list[str] | None = None) -> None:
    """Bring the plan in line with the facts, take the steps of escalations; what came of it is told at once."""
    done = actions.plan(only=only)
    if actions.escalate() or done.added or done.revived:
        _wake_dispatchers()


def _wake_dispatchers() -> None:
    tell_reminders.delay()
    for channel in SENDERS:
        send_reminders.delay(channel.value)


@shared_task(name="reminders.tell")
def tell_reminders() -> int:
    """Put on people's desks what is due; how many."""
    return actions.tell_in_app()


@shared_task(name="reminders.send")
def send_reminders(channel: str) -> int:
    """Send by one channel what is due; how many."""
    return actions.send_channel(Channel(channel))


@on_event(*sorted({code for rule in RULES.values() for code in rule.told_of}))
def follow_facts(event: AuditEvent) -> None:
    """Something happened that a rule tells of: nobody waits for the next tick."""
    plan_reminders.delay([rule.code for rule in RULES.values() if event.code in rule.told_of])


@daily("reminders.tidy", _("Tidying up old reminders"), at=time(3, 40))
def tidy_reminders(on: date) -> None:
    """Forget what has been over for more than a year."""
    actions.forget_old(on=on)
