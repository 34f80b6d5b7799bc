"""Birthdays (R5, L1): the guarded part of a person's record, and the days to come."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from core.answers import attempt, given_version, saved, show_conflict, show_form
from core.errors import Conflict
from core.permissions import require
from core.requests import StaffRequest
from core.workdays import today
from relationships import actions
from relationships.forms import BirthdayForm
from relationships.models import PersonalProfile
from relationships.queries import KEEP, coming_birthdays, get_known_person, personal_card
from relationships.rules.birthdays import AHEAD, BELATED


@never_cache
def list_birthdays(request: StaffRequest) -> HttpResponse:
    """The birthdays of the next two months among the people one knows, and those just past."""
    require(request.user, KEEP)
    on = today()
    found = coming_birthdays(request.user, on - BELATED, on + AHEAD)
    return render(request, "relationships/list_birthdays.html", {"birthdays": found})


@never_cache
def note_birthday(request: StaffRequest, contact_id: int) -> HttpResponse:
    """The birthday and what it is kept for. Over somebody's newer one both are shown (409)."""
    require(request.user, KEEP)
    contact = get_known_person(request.user, contact_id)
    card = personal_card(request.user, contact)
    profile = card.profile if card else None
    form = BirthdayForm(request.POST or None, initial=_values(profile))
    page: dict[str, Any] = {"cancel_url": contact.get_absolute_url()}
    if form.is_valid():
        given, version = form.cleaned_data, given_version(request)
        try:
            noted = attempt(
                form,
                lambda: actions.note_birthday(by=request.user, contact_id=contact_id, version=version, **given),
            )
        except Conflict as conflict:
            return show_conflict(request, form, conflict, _values(profile), **page)
        if noted:
            return saved(request, contact, _("Saved."), changed="contact")
    known = given_version(request)
    return show_form(
        request, form,
        title=_("Birthday"), subtitle=contact.full_name, submit=_("Save"), lead=_("Seen by the account team only."),
        version=(profile.version if profile else 0) if known is None else known, **page,
    )  # fmt: skip


@require_POST
def erase_profile(request: StaffRequest, contact_id: int) -> HttpResponse:
    """Gone for good, as the person may ask for."""
    require(request.user, KEEP)
    contact = get_known_person(request.user, contact_id)
    actions.erase_profile(by=request.user, contact_id=contact_id, version=given_version(request))
    return saved(request, contact, _("Erased."), changed="contact")


def _values(profile: PersonalProfile | None) -> dict[str, Any]:
    """What is noted, as the form's fields say it."""
    birthday = profile.birthday if profile else None
    purpose = {"purpose": profile.purpose} if profile else {}
    return {**asdict(birthday), **purpose} if birthday else purpose
