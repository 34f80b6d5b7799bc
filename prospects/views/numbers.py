"""The numbers 15-7-1 (P7): the counters of the day, one's own figures against the norm, and those of the team."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from core.errors import NotAllowed, NotFound
from core.htmx import add_trigger
from core.permissions import require
from core.requests import StaffRequest
from prospects import actions
from prospects.choices import Counter, Span
from prospects.queries.numbers import (
    Numbers,
    PersonNumbers,
    day_counters,
    numbers_of,
    numbers_person,
    numbers_team,
)
from prospects.rules.numbers import SALE, norm, ratios

RATIOS = {
    "dial": gettext_lazy("Dials for one conversation"),
    "conversation": gettext_lazy("Conversations for one first appointment"),
    "appointment": gettext_lazy("Appointments for one sale"),
}


def numbers(request: StaffRequest) -> HttpResponse:
    """One's own figures, or with `?person=7` those of somebody one leads; the team's over `?span=week`."""
    person_id = request.GET.get("person", "")
    person = numbers_person(request.user, int(person_id) if person_id.isdigit() else None)
    team = numbers_team(request.user)
    if person is None and not team:
        raise NotAllowed("prospects.tally")
    span = Span(asked) if (asked := request.GET.get("span", "")) in Span.values else Span.WEEK
    found = numbers_of(list({one.pk: one for one in [*([person] if person else []), *team]}.values()))
    shown = next((one for one in found.people if person and one.user.pk == person.pk), None)
    context = {
        "person": person,
        "is_own": person == request.user,
        "counters": day_counters(request.user) if person == request.user else [],
        "spans": [{"label": one.label, "workdays": found.workdays[one]} for one in Span],
        "lines": _lines(shown, found) if shown else [],
        "ratios": _ratios(shown) if shown else [],
        "team": _team([one for one in found.people if one.user in team], span) if len(team) > 1 else [],
        "choices": [{"label": one.label, "url": f"?span={one.value}", "current": one == span} for one in Span],
        "norms": _norms(found, span),
    }
    return render(request, "prospects/numbers.html", context)


def counters(request: StaffRequest) -> HttpResponse:
    """The counters of one's day, for drawing them again."""
    require(request.user, "prospects.tally")
    return render(request, "prospects/_counters.html", {"counters": day_counters(request.user)})


@require_POST
def tap_counter(request: StaffRequest, counter: str) -> HttpResponse:
    """One more."""
    actions.tap_counter(by=request.user, counter=_counter(counter), at=_typed_at(request))
    return _tapped(request)


@require_POST
def take_back_tap(request: StaffRequest, counter: str) -> HttpResponse:
    """One less."""
    actions.take_back_tap(by=request.user, counter=_counter(counter), at=_typed_at(request))
    return _tapped(request)


def _counter(name: str) -> Counter:
    try:
        return Counter(name)
    except ValueError:
        raise NotFound from None


def _typed_at(request: StaffRequest) -> datetime | None:
    """When it was tapped, as the browser says; without a line it arrives later."""
    try:
        at = parse_datetime(request.POST.get("typed_at", ""))
    except ValueError:
        return None
    return timezone.make_aware(at) if at and timezone.is_naive(at) else at


def _tapped(request: StaffRequest) -> HttpResponse:
    """The counters as they stand now. What the browser kept and sent later wants no page."""
    if not request.htmx:
        return redirect("prospects:numbers")
    if request.htmx.target == "sheet":
        response = HttpResponse(status=204)
    else:
        response = render(request, "prospects/_counters.html", {"counters": day_counters(request.user)})
    add_trigger(response, "numbers:changed", True)
    return response


# ------------------------------------------------------------------ what the page shows


def _lines(person: PersonNumbers, found: Numbers) -> list[dict[str, Any]]:
    """Per counter its figure and norm of each span."""
    return [
        {
            "label": label,
            "cells": [_cell(person.spans[span][key], norm(key, found.workdays[span])) for span in Span],
        }
        for key, label in (*Counter.choices, (SALE, _("Sales")))
    ]


def _cell(count: int, wanted: int) -> dict[str, Any]:
    return {"count": count, "norm": wanted, "tone": "good" if wanted and count >= wanted else ""}


def _ratios(person: PersonNumbers) -> list[dict[str, Any]]:
    """Each ratio over the three spans, beside its norm."""
    by_span = [ratios(person.spans[span]) for span in Span]
    return [
        {"label": RATIOS[first.key], "norm": first.normal, "cells": [row[place] for row in by_span]}
        for place, first in enumerate(by_span[0])
    ]


def _team(people: list[PersonNumbers], span: Span) -> list[dict[str, Any]]:
    """A line each, by name."""
    page = reverse("prospects:numbers")
    return [
        {
            "user": one.user,
            "url": f"{page}?person={one.user.pk}",
            "counts": [one.spans[span][key] for key in (*Counter.values, SALE)],
            "ratios": ratios(one.spans[span]),
        }
        for one in sorted(people, key=lambda one: one.user.full_name)
    ]


def _norms(found: Numbers, span: Span) -> dict[str, Any]:
    """The team's last line: what one seller should come to in the span."""
    workdays = found.workdays[span]
    return {
        "counts": [norm(key, workdays) for key in (*Counter.values, SALE)],
        "ratios": [one.normal for one in ratios({})],
    }
