"""Between the web server and the views: the reader's language and clock, and refusals as answers."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.translation import ngettext

from core import conflicts
from core.errors import Conflict, DomainError, NotAllowed, NotFound
from core.htmx import add_trigger

SEEN_AT = "seen_at"
UNATTENDED = "X-Unattended"  # a question the page asks by itself: no sign of life
PRECISION = 60  # seconds: a session is written at most once in this time


def note_presence(request: HttpRequest | None, **_signal: Any) -> None:
    """Start the idle clock; connected to Django's own sign-in."""
    if request is not None and hasattr(request, "session"):
        request.session[SEEN_AT] = int(time.time())


class IdleMiddleware:
    """Signs out who was away for longer than IDLE_MINUTES; zero means never. The sign-in page says why."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.IDLE_MINUTES and settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated:
            seen_at = request.session.get(SEEN_AT)
            away = 0.0 if seen_at is None else time.time() - seen_at
            if away > settings.IDLE_MINUTES * 60:
                logout(request)
                messages.info(request, _why())
            elif (seen_at is None or away > PRECISION) and UNATTENDED not in request.headers:
                note_presence(request)
        return self.get_response(request)


def _why() -> str:
    minutes = settings.IDLE_MINUTES
    return ngettext(
        "You were away for more than %(minutes)s minute, so Keyline closed the door. Sign in to go on where you were.",
        "You were away for more than %(minutes)s minutes, so Keyline closed the door. Sign in to go on where you were.",
        minutes,
    ) % {"minutes": minutes}


class UserPreferencesMiddleware:
    """A signed-in person's own language and time zone win over the browser's."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        if user.is_authenticated and user.language:
            translation.activate(user.language)
            request.LANGUAGE_CODE = user.language
        zone = user.time_zone if user.is_authenticated else ""
        with timezone.override(ZoneInfo(zone) if zone else None):
            return self.get_response(request)


class ErrorsMiddleware:
    """What actions and queries refuse with, as pages: 403, 404, 409 and 422."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return answer_refusal(request, exception)


def answer_refusal(request: HttpRequest, exception: Exception) -> HttpResponse | None:
    """A refusal as a page; None for what is none and stays our mistake."""
    if isinstance(exception, NotFound):
        return render(request, "404.html", status=404)
    if isinstance(exception, NotAllowed):
        return render(request, "403.html", status=403)
    if isinstance(exception, Conflict):
        page = {"conflict": exception, "differences": conflicts.of_record(exception)}
        return render(request, "core/conflict.html", page, status=409)
    if isinstance(exception, DomainError):
        if request.headers.get("HX-Request"):
            return _say(exception)
        return render(request, "core/refused.html", {"refusal": exception}, status=exception.status)
    return None


def _say(refusal: DomainError) -> HttpResponse:
    """A refusal as a toast: the part of the page that asked stays as it is."""
    response = HttpResponse(status=refusal.status, headers={"HX-Reswap": "none"})
    add_trigger(response, "toast", {"message": str(refusal.message), "tone": "bad"})
    return response
