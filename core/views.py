"""Pages that belong to no app: what went wrong. Django decides their arguments."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


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
    """500: our mistake."""
    return render(request, "500.html", status=500)


def csrf_failure(request: HttpRequest, *_: Any, **__: Any) -> HttpResponse:
    """403 for a form that lay open too long: go back, reload, send again."""
    return render(request, "403.html", {"stale_form": True}, status=403)
