"""Pages that span apps: Today, and the palette."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from core.requests import StaffRequest
from core.search import MAX_TERM
from desk import palette as offers
from desk.today import team_of, today_of


def home(request: StaffRequest) -> HttpResponse:
    """What wants to be done now."""
    return render(request, "desk/home.html", {"today": today_of(request.user)})


def team(request: StaffRequest) -> HttpResponse:
    """For who looks after others: a part of Today that comes after it."""
    return render(request, "desk/team.html", {"team": team_of(request.user)})


def palette(request: StaffRequest) -> HttpResponse:
    """The palette's inside; with `q` just the lines that answer it."""
    term = request.GET.get("q", "").replace("\x00", "").strip()[:MAX_TERM]
    if term:
        return render(request, "desk/_palette_lines.html", {"groups": offers.answers(request.user, term), "term": term})
    template = "desk/_palette_lines.html" if "q" in request.GET else "desk/palette.html"
    return render(request, template, {"groups": offers.suggestions(request.user), "term": ""})
