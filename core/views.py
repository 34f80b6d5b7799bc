"""Pages that belong to no app: language and theme, and what went wrong (Django decides those arguments)."""

import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST

from core import appearance
from core.models import User


@login_not_required
@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """The other language, from the top bar or the sign-in page; back to where the person was."""
    language = request.POST.get("language", "")
    appearance.keep_language(_person(request), language)
    response = redirect(_back(request))
    response.set_cookie(settings.LANGUAGE_COOKIE_NAME, language, max_age=appearance.YEAR, samesite="Lax")
    return response


@login_not_required
@require_POST
def choose_theme(request: HttpRequest) -> HttpResponse:
    """Light, dark or as the device; back to where the person was."""
    theme = request.POST.get("theme", "")
    appearance.keep_theme(_person(request), theme)
    response = redirect(_back(request))
    response.set_cookie("theme", theme, max_age=appearance.YEAR, samesite="Lax")
    return response


def presence(request: HttpRequest) -> HttpResponse:
    """A sign of life of somebody who types: it keeps his session (core.middleware) and says nothing."""
    return HttpResponse(status=204)


@login_not_required
def offline(request: HttpRequest) -> HttpResponse:
    """The page a browser keeps for when the server cannot be reached."""
    return render(request, "core/offline.html")


@login_not_required
@cache_control(max_age=3600)
def service_worker(request: HttpRequest) -> HttpResponse:
    """The script that shows it; served from the root, because a worker rules only what lies below its address."""
    script = Path(settings.BASE_DIR / "static" / "js" / "service-worker.js").read_text(encoding="utf-8")
    return HttpResponse(script, content_type="text/javascript")


def _person(request: HttpRequest) -> User | None:
    return request.user if isinstance(request.user, User) else None


def _back(request: HttpRequest) -> str:
    """The address to return to, if it is one of ours."""
    target = request.POST.get("next") or request.headers.get("Referer", "/")
    ours = url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return target if ours else "/"


def bad_request(request: HttpRequest, *_: Any, **__: Any) -> HttpResponse:
    """400: the request makes no sense."""
    return render(request, "400.html", status=400)


def forbidden(request: HttpRequest, *_: Any, **__: Any) -> HttpResponse:
    """403: this person may not do this."""
    return render(request, "403.html", status=403)


def not_found(request: HttpRequest, *_: Any, **__: Any) -> HttpResponse:
    """404: no such page or record, or not for this person."""
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest, *_: Any, **__: Any) -> HttpResponse:
    """500, our mistake, or 503 when the database is away. Drawn without asking anything of session or database."""
    if isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        return HttpResponse(render_to_string("503.html"), status=503, headers={"Retry-After": "10", "Refresh": "10"})
    return HttpResponse(render_to_string("500.html"), status=500)


def csrf_failure(request: HttpRequest, *_: Any, **__: Any) -> HttpResponse:
    """403 for a form that lay open too long: go back, reload, send again."""
    return render(request, "403.html", {"stale_form": True}, status=403)
