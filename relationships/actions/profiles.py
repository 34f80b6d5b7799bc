"""Personal facts (R5, L1): noting a birthday, changing it, erasing it, forgetting it in time. Values never leave in events."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.db.models import Exists, Max, OuterRef, Q
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from core import audit
from core.audit import EventType
from core.changes import check_version
from core.errors import DomainError, NotFound
from core.permissions import require
from core.users import SYSTEM, Actor, as_row
from core.workdays import today
from relationships import events
from relationships.choices import BirthdayCalendar, ProfilePurpose
from relationships.models import Contact, PersonalProfile, Position
from relationships.queries import KEEP, contact_rule, get_known_person
from relationships.rules.birthdays import Birthday, wrong_part
from relationships.rules.retention import kept_since

WRONG = {
    "month": _("There is no such month, or it is never a leap month."),
    "day": _("That month has no such day."),
    "year": _("The birthday cannot be in that year."),
}


@transaction.atomic
def note_birthday(
    *,
    by: Actor,
    contact_id: int,
    calendar: str,
    month: int,
    day: int,
    year: int | None = None,
    purpose: str = ProfilePurpose.WISHES,
    version: int | None = None,
) -> PersonalProfile:
    """Note a person's birthday, or put it in the place of the one noted before; the same again writes nothing.

    Conflict (409) when `version` is no longer the profile's; 0 means that none was there.
    """
    require(by, KEEP)
    contact = get_known_person(by, contact_id, lock=True)
    birthday = _possible(calendar, month, day, year)
    if purpose not in ProfilePurpose.values:
        raise DomainError(_now("Say what it is kept for."), field="purpose")
    profile = PersonalProfile.objects.filter(contact=contact).first()
    if profile is None:
        if version:
            raise DomainError(
                _now("Somebody erased it meanwhile. Note it again only if the person agrees."), code="erased"
            )
        profile = PersonalProfile(contact=contact, purpose=purpose, noted_by=as_row(by))
        event = events.BIRTHDAY_NOTED
    else:
        check_version(profile, version)
        if (profile.birthday, profile.purpose) == (birthday, purpose):
            return profile
        profile.purpose, profile.noted_by, profile.version = purpose, as_row(by), profile.version + 1
        event = events.BIRTHDAY_CHANGED
    profile.birthday = birthday
    profile.save()
    _tell(event, by, contact)
    return profile


@transaction.atomic
def erase_profile(*, by: Actor, contact_id: int, version: int | None = None) -> None:
    """Erase what is noted of a person, for good. Conflict (409) when it was changed since `version` was read."""
    require(by, KEEP)
    contact = get_known_person(by, contact_id, lock=True)
    profile = PersonalProfile.objects.filter(contact=contact).first()
    if profile is None:
        raise NotFound
    check_version(profile, version)
    profile.delete()
    _tell(events.BIRTHDAY_ERASED, by, contact)


@transaction.atomic
def forget_profiles(*, on: date) -> int:
    """Erase the profiles of people without a position anywhere for longer than the company's setting; how many (L1).

    Who never had one is forgotten as long after the profile was last written.
    """
    since = kept_since(on, contact_rule().profile_months)
    present = Position.objects.current().filter(contact=OuterRef("contact"))
    left = PersonalProfile.objects.exclude(Exists(present)).annotate(left_on=Max("contact__positions__ended_on"))
    gone = left.filter(Q(left_on__lt=since) | Q(left_on=None, updated_at__date__lt=since))
    profiles = list(gone.select_related("contact").order_by("pk"))
    for profile in profiles:
        profile.delete()
        _tell(events.BIRTHDAY_ERASED, SYSTEM, profile.contact)
    return len(profiles)


def _possible(calendar: str, month: int, day: int, year: int | None) -> Birthday:
    if calendar not in BirthdayCalendar.values:
        raise DomainError(_now("Choose a calendar from the list."), field="calendar")
    birthday = Birthday(BirthdayCalendar(calendar), month, day, year)
    if part := wrong_part(birthday, today()):
        raise DomainError(WRONG[part], field=part)
    return birthday


def _tell(event: EventType, by: Actor, contact: Contact) -> None:
    """That it was done, to whom and by whom; never what the value is or was."""
    audit.record(event, by=by, on=contact, name=contact.full_name, contact_id=contact.pk)
