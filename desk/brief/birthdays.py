"""Birthdays near a visit (V4, R5), for readers on the account's team only (L1)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.models import User
from desk.brief.rules import Line
from prospects.templatetags.prospects import day_month
from relationships.models import Contact, Position, Visit
from relationships.queries import birthdays_of
from relationships.rules.birthdays import nearest_to
from relationships.templatetags.relationships import birthday_words

NEAR = timedelta(days=14)
"""Before the visit or after it."""


def birthday_lines(by: User, visit: Visit, met: Sequence[Contact], positions: Sequence[Position]) -> list[Line]:
    """Whose birthday lies near the visit: those who are met first, then the nearest; one statement."""
    people = {contact.pk: contact for contact in (*met, *(position.contact for position in positions))}
    on, first = timezone.localdate(visit.at), {contact.pk for contact in met}
    near = []
    for contact_id, birthday in birthdays_of(by, list(people)).items():
        day = nearest_to(birthday, on)
        if abs(day - on) <= NEAR:
            near.append((contact_id not in first, abs(day - on), people[contact_id], birthday, day))
    lines = []
    for _others, _apart, contact, birthday, day in sorted(near, key=lambda row: (*row[:2], row[2].sort_name)):
        told = [_apart_words((day - on).days), birthday_words(birthday) if birthday.calendar.is_lunar else ""]
        note = " · ".join(filter(None, told))
        lines.append(Line(f"{contact.full_name} · {day_month(day)}", note, "good", contact.get_absolute_url()))
    return lines


def _apart_words(days: int) -> str:
    """How far from the visit."""
    if days == 0:
        return _("on the day of the visit")
    if days > 0:
        return ngettext("%(count)d day after the visit", "%(count)d days after the visit", days) % {"count": days}
    return ngettext("%(count)d day before the visit", "%(count)d days before the visit", -days) % {"count": -days}
