"""A few birthdays of people the tidy one meets next: one today, one by the lunar calendar."""

from __future__ import annotations

from datetime import date, timedelta

from borax.calendars.lunardate import LunarDate
from django.utils import timezone

from core.models import User
from desk.demo.days import Days
from desk.demo.history import Chronicle
from desk.demo.people import TIDY, Staff
from relationships import events
from relationships.choices import BirthdayCalendar, ProfilePurpose
from relationships.models import Contact, PersonalProfile, VisitAttendee
from relationships.rules.birthdays import Birthday

AFTER_VISIT = (5, 2)
"""Days between a visit and the birthday of whom it meets; the second is kept by the lunar calendar. Of the third visit it is today."""


def note(staff: Staff, days: Days, chronicle: Chronicle) -> None:
    """Note them as the rep would have, some weeks ago."""
    tidy = staff[TIDY]
    for number, (contact, on) in enumerate(_met_next(tidy)):
        day = on + timedelta(days=AFTER_VISIT[number]) if number < len(AFTER_VISIT) else days.today
        birthday = _by_the_moon(day) if number == 1 else Birthday(BirthdayCalendar.SOLAR, day.month, day.day)
        profile = PersonalProfile(contact=contact, purpose=ProfilePurpose.WISHES, noted_by=tidy)
        profile.birthday = birthday
        profile.save()
        told = days.now - timedelta(days=30 + number)
        PersonalProfile.objects.filter(pk=profile.pk).update(created_at=told, updated_at=told)
        chronicle.tell(events.BIRTHDAY_NOTED, tidy, contact, None, told, name=contact.full_name, contact_id=contact.pk)


def _met_next(tidy: User) -> list[tuple[Contact, date]]:
    """Whom her next visits meet first, one a visit, and the day."""
    met = VisitAttendee.objects.filter(
        visit__owner=tidy, visit__recorded_at=None, visit__cancelled_at=None, contact__isnull=False
    )
    found: dict[int, tuple[Contact, date]] = {}
    for row in met.select_related("visit", "contact").order_by("visit__at", "id"):
        if row.contact and row.contact not in [contact for contact, _on in found.values()]:
            found.setdefault(row.visit_id, (row.contact, timezone.localdate(row.visit.at)))
    return list(found.values())[: len(AFTER_VISIT) + 1]


def _by_the_moon(day: date) -> Birthday:
    """The lunar birthday that falls on this day."""
    moon = LunarDate.from_solar(day)
    return Birthday(BirthdayCalendar.LUNAR, moon.month, moon.day)
