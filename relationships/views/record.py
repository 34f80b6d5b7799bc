"""One person: positions, roles, channels, time line."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.dateparse import parse_datetime

from core.answers import UNKEPT
from core.requests import StaffRequest
from relationships.queries import (
    contact_channels,
    contact_positions,
    contact_time_line,
    get_contact,
    personal_card,
    positions_elsewhere,
)


def contact(request: StaffRequest, contact_id: int) -> HttpResponse:
    """The record page; no browser keeps one with personal facts on it."""
    person = get_contact(request.user, contact_id)
    positions, personal = contact_positions(request.user, person), personal_card(request.user, person)
    context = {
        "contact": person,
        "present": [position for position in positions if not position.ended_on],
        "former": [position for position in positions if position.ended_on],
        "personal": personal,
        "elsewhere": positions_elsewhere(person, positions),
        "channels": contact_channels(person),
        "line": contact_time_line(request.user, person),
        "history_url": _history(person.pk),
    }
    page = render(request, "relationships/contact.html", context)
    if personal and personal.birthday:
        page["Cache-Control"] = UNKEPT
    return page


def contact_time_line_page(request: StaffRequest, contact_id: int) -> HttpResponse:
    """An older page of the time line."""
    person = get_contact(request.user, contact_id)
    before = parse_datetime(request.GET.get("before", "").replace(" ", "+"))
    context = {"line": contact_time_line(request.user, person, before=before), "url": request.path}
    return render(request, "core/_time_line.html", context)


def _history(contact_id: int) -> str:
    try:
        return reverse("core:history", args=["relationships.contact", contact_id])
    except NoReverseMatch:
        return ""
