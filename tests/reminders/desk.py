"""What tests of the bell share: a reminder on somebody's desk."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from core.models import User
from core.users import SYSTEM
from reminders import actions
from reminders.choices import Channel
from reminders.models import Occurrence
from reminders.queries import database_now


def put_on_desk(user: User, text: str = "Call Red Star Steel", **more: Any) -> Occurrence:
    """A reminder that this person was told in Keyline a moment ago. Its mail still waits."""
    actions.schedule(
        by=SYSTEM, rule="reminders.asked", to=user, at=database_now() - timedelta(seconds=1), text=text, **more
    )
    actions.tell_in_app()
    return Occurrence.objects.filter(recipient=user, channel=Channel.IN_APP).latest("id")


def again(occurrence: Occurrence) -> Occurrence:
    """The row as it is now."""
    return Occurrence.objects.get(pk=occurrence.pk)
