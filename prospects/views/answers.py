"""How the screens of the board answer: a form to fill, a change made, a refusal, somebody else's newer edit."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from core.errors import Conflict, DomainError
from core.requests import StaffRequest
from prospects.choices import Stage
from prospects.models import Prospect


def given_version(request: StaffRequest) -> int | None:
    """The version of the record the form was made from."""
    text = request.POST.get("version", "")
    return int(text) if text.isdigit() else None


def saved(request: StaffRequest, prospect: Prospect, message: str, *, columns: Iterable[int] = ()) -> HttpResponse:
    """The change is made: the sheet closes and what shows the prospect draws itself again; without htmx its page."""
    if not request.htmx:
        messages.success(request, message)
        return redirect(prospect)
    events: dict[str, Any] = {
        "sheet:close": True,
        "prospect:changed": {"id": prospect.pk},
        "toast": {"message": message, "tone": "good"},
    }
    for stage in {prospect.stage, *columns}:
        events[f"column-{Stage(stage).letter}:changed"] = True
    return HttpResponse(status=204, headers={"HX-Trigger": json.dumps(events)})


def gone(request: StaffRequest, message: str) -> HttpResponse:
    """The change is made and took the prospect out of this person's sight: on to the board."""
    messages.success(request, message)
    board = reverse("prospects:board")
    return HttpResponse(status=204, headers={"HX-Redirect": board}) if request.htmx else redirect(board)


def attempt(form: forms.Form, act: Callable[[], Prospect]) -> Prospect | None:
    """What the action returns, or None after its refusal was written onto the form. A conflict passes through."""
    try:
        return act()
    except Conflict:
        raise
    except DomainError as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal.message))
        return None


def show_form(
    request: StaffRequest, form: forms.Form, *, template: str = "prospects/form.html", **context: Any
) -> HttpResponse:
    """The form, on its page or in the side sheet; 422 when it came back with mistakes."""
    context = {"form": form, "action": request.get_full_path(), **context}
    return render(request, template, context, status=422 if form.errors else 200)
