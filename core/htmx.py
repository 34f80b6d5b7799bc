"""What an answer to htmx needs that a page does not: news as a header, and the way to the sign-in page."""

from __future__ import annotations

import json
from collections.abc import Callable
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib.messages import get_messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url


class HtmxAnswersMiddleware:
    """Messages left by a view become toasts; a session that ended leads the whole page, not a part of it, to sign in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not request.headers.get("HX-Request"):
            return response
        if response.status_code == 302 and _leads_to_sign_in(response):
            return _sign_in_again(request)
        if response.status_code < 300 and "HX-Redirect" not in response and "HX-Refresh" not in response:
            _tell_messages(request, response)
        return response


def add_trigger(response: HttpResponse, event: str, detail: object) -> None:
    """Add one event to the answer's HX-Trigger, beside those that are there."""
    present = response.headers.get("HX-Trigger", "")
    events = (
        json.loads(present)
        if present.startswith("{")
        else dict.fromkeys(filter(None, map(str.strip, present.split(","))))
    )
    events[event] = detail
    response.headers["HX-Trigger"] = json.dumps(events)


def _tell_messages(request: HttpRequest, response: HttpResponse) -> None:
    notes = [{"message": str(message), "tone": _TONES.get(message.level_tag, "")} for message in get_messages(request)]
    if notes:
        add_trigger(response, "toast", notes)


_TONES = {"success": "good", "warning": "warn", "error": "bad"}


def _leads_to_sign_in(response: HttpResponse) -> bool:
    return urlsplit(response.headers["Location"]).path == resolve_url(settings.LOGIN_URL)


def _sign_in_again(request: HttpRequest) -> HttpResponse:
    page = urlsplit(request.headers.get("HX-Current-URL", ""))
    back = f"{page.path}?{page.query}" if page.query else page.path
    address = f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'next': back or '/'})}"
    return HttpResponse(status=204, headers={"HX-Redirect": address})
