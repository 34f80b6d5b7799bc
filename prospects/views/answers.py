"""How the screens of the board answer: what shows the prospect draws itself again."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from core.requests import StaffRequest
from prospects.choices import Stage
from prospects.models import Prospect


def saved(request: StaffRequest, prospect: Prospect, message: str, *, columns: Iterable[int] = ()) -> HttpResponse:
    """The change is made: the sheet closes, and the board's columns or the record draw themselves again.

    `columns` are classes the prospect has left. Without htmx: on to its page.
    """
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
