"""Reading occurrences."""

from __future__ import annotations

from core.errors import NotFound
from core.models import User
from core.users import Actor
from reminders.choices import OPEN_STATES, Arrival
from reminders.models import Occurrence, OccurrenceQuerySet


def visible_occurrences(by: Actor) -> OccurrenceQuerySet:
    """What this person may read: his own, his team's if he leads one, all for an administrator."""
    return Occurrence.objects.visible_to(by)


def get_occurrence(by: Actor, occurrence_id: int, *, lock: bool = False) -> Occurrence:
    """One of them. NotFound otherwise."""
    rows = visible_occurrences(by)
    if lock:
        rows = rows.select_for_update(no_key=True, of=("self",))
    row = rows.select_related("recipient").filter(pk=occurrence_id).first()
    if row is None:
        raise NotFound
    return row


def on_the_desk(user: User) -> OccurrenceQuerySet:
    """What the bell shows him, newest first: told in Keyline, not yet dealt with."""
    return Occurrence.objects.on_the_desk().filter(recipient=user).order_by("-sent_at", "-id")


def unread_count(user: User) -> int:
    """The number on the bell."""
    return on_the_desk(user).filter(read_at=None).count()


def is_reminded_of(subject_type: str, id_column: str) -> str:
    """SQL: somebody has an open reminder about this record that a fact of it gave rise to (see `close_settled`)."""
    states = ", ".join(f"'{state.value}'" for state in OPEN_STATES)
    return (
        f"exists (select 1 from reminders_occurrence where subject_type = '{subject_type}' and subject_id = {id_column}"  # noqa: S608  our own words
        f" and state in ({states}) and arrival <> '{Arrival.ASKED.value}')"
    )
