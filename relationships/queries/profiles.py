"""Personal facts (R5), for the account team alone (L1): who sees everything else does not see these."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from django.db.models import Exists, OuterRef, Prefetch, Q

from core.errors import NotFound
from core.models import Role
from core.permissions import allowed
from core.roles import SELLS
from core.scope import one_of
from core.users import Actor
from core.workdays import today
from relationships.models import Contact, ContactChannel, ContactQuerySet, PersonalProfile, Position
from relationships.models.profiles import open_birthday
from relationships.queries.people import visible_contacts, visible_positions
from relationships.rules.birthdays import Birthday, next_from

KEEP = "profiles.keep"
"""The right to see and to keep personal facts: of those who sell, and of those who lead them."""


@dataclass(frozen=True)
class PersonalCard:
    """What a contact's page shows of the profile to who may see it; `profile` is None while nothing is noted."""

    profile: PersonalProfile | None
    birthday: Birthday | None
    next_on: date | None


def people_known_to(by: Actor) -> ContactQuerySet:
    """The people whose personal facts this user may see: his own, and those now at accounts on whose team he is.

    A manager also those of his teams. Finance, executives, administrators and jobs: nobody's.
    """
    if by.is_system or not allowed(by, KEEP):
        return Contact.objects.none()
    here = visible_positions(by).current().filter(contact=OuterRef("pk"))
    reasons = Q(owner=by.pk) | Q(Exists(here))
    if by.role == Role.MANAGER:
        reasons |= one_of("owner__team_id", by.team_ids)
    return visible_contacts(by).filter(reasons)


def get_known_person(by: Actor, contact_id: int, *, lock: bool = False) -> Contact:
    """One person whose personal facts the user may see. NotFound otherwise."""
    rows = people_known_to(by).filter(pk=contact_id)
    contact = (rows.select_for_update(no_key=True, of=("self",)) if lock else rows).first()
    if contact is None:
        raise NotFound
    return contact


def get_profile(by: Actor, contact_id: int) -> PersonalProfile:
    """What is noted of a person, with who noted it. NotFound where nothing is, and for who may not see it."""
    known = people_known_to(by).filter(pk=contact_id)
    profile = PersonalProfile.objects.select_related("contact", "noted_by").filter(contact__in=known).first()
    if profile is None:
        raise NotFound
    return profile


def personal_card(by: Actor, contact: Contact) -> PersonalCard | None:
    """The guarded part of a contact's page, or None for who may not see it. At most two statements."""
    if not people_known_to(by).filter(pk=contact.pk).exists():
        return None
    profile = PersonalProfile.objects.select_related("noted_by").filter(contact=contact).first()
    birthday = profile.birthday if profile else None
    return PersonalCard(profile, birthday, next_from(birthday, today()) if birthday else None)


def birthdays_of(by: Actor, contact_ids: Collection[int]) -> dict[int, Birthday]:
    """The birthdays of these people, as far as the user may see them; one statement, none for who sees nobody's."""
    known = people_known_to(by).filter(pk__in=contact_ids)
    found = {row.contact_id: row.birthday for row in PersonalProfile.objects.filter(contact__in=known)}
    return {contact_id: birthday for contact_id, birthday in found.items() if birthday}


# ------------------------------------------------------------------ the days to come


@dataclass(frozen=True)
class ComingBirthday:
    """The day a birthday is kept, whose it is, and what the person is now at an account the user sees."""

    on: date
    contact: Contact
    birthday: Birthday
    position: Position | None


def coming_birthdays(by: Actor, first: date, last: date) -> list[ComingBirthday]:
    """The birthdays from `first` to `last` that the user may see, the next one first; three statements whatever their number."""
    channels = Prefetch("contact__channels", queryset=ContactChannel.objects.order_by("id"))
    profiles = PersonalProfile.objects.filter(contact__in=people_known_to(by)).select_related("contact")
    near = [
        (day, profile.contact, birthday)
        for profile in profiles.prefetch_related(channels)
        if (birthday := profile.birthday) and (day := next_from(birthday, first)) <= last
    ]
    present = visible_positions(by).current().filter(contact__in=[contact.pk for _day, contact, _birthday in near])
    held = {position.contact_id: position for position in present.select_related("account").order_by("-id")}
    near.sort(key=lambda row: (row[0], row[1].sort_name, row[1].pk))
    return [ComingBirthday(day, contact, birthday, held.get(contact.pk)) for day, contact, birthday in near]


def birthday_counts(first: date, last: date) -> Counter[tuple[int, date]]:
    """How many birthdays fall to each owner of contacts (his id) on each of these days, for the planner: never whose.

    One statement. Who has come into a role that sees no personal facts is not told of any.
    """
    owned = PersonalProfile.objects.filter(contact__owner__is_active=True, contact__owner__role__in=SELLS)
    days = ((owner, _kept_from(sealed, first)) for owner, sealed in owned.values_list("contact__owner", "sealed"))
    return Counter((owner, day) for owner, day in days if day and day <= last)


@lru_cache(maxsize=50_000)
def _kept_from(sealed: str, first: date) -> date | None:
    """The next celebration from a day on. Remembered, because the planner asks every minute."""
    birthday = open_birthday(sealed)
    return next_from(birthday, first) if birthday else None
