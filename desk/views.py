"""Pages that span apps: Today and the palette; and the calendar feed, whose secret address is the key to it."""

from __future__ import annotations

import hashlib
from typing import Any, cast
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotFound
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.cache import get_conditional_response
from django.utils.http import http_date, quote_etag
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.api.throttling import MinuteThrottle
from core.requests import StaffRequest
from core.search import MAX_TERM
from core.tokens import user_of_feed
from desk import palette as offers
from desk.feed.documents import calendar_of
from desk.feed.queries import feed_entries
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


@login_not_required
@require_safe
def calendar_feed(request: HttpRequest, key: str) -> HttpResponseBase:
    """The calendar of whose address it is, as that person sees the world now. 404: never made, ended, or he has left.

    What is unchanged is told by its ETag alone: what was taken out leaves no later date behind.
    """
    throttle = MinuteThrottle()
    if not throttle.allow_request(cast("Any", request), None):
        return HttpResponse(status=429, headers={"Retry-After": str(int(throttle.wait()) + 1)})
    user = user_of_feed(key)
    if user is None:
        return HttpResponseNotFound(content_type="text/plain")
    zone = ZoneInfo(user.time_zone or settings.TIME_ZONE)
    with translation.override(user.language or settings.LANGUAGE_CODE), timezone.override(zone):
        entries = feed_entries(user)
        name = _("%(company)s: %(name)s") % {"company": settings.COMPANY_NAME, "name": user.full_name}
        body = calendar_of(name, entries)
    etag = quote_etag(hashlib.sha256(body).hexdigest())
    response = HttpResponse(body, content_type="text/calendar; charset=utf-8", headers={"ETag": etag})
    if entries:
        response["Last-Modified"] = http_date(int(max(entry.changed_at for entry in entries).timestamp()))
    response["Content-Disposition"] = 'inline; filename="keyline.ics"'
    response["Cache-Control"] = "private, no-cache"
    response["X-Robots-Tag"] = "noindex"
    answer = get_conditional_response(request, etag=etag, response=response)
    return answer or response
