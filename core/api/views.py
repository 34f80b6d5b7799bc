"""The pages of the reference: every operation of the API, how to call it, and trying what only reads."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, urlencode

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language

from core.api.reference import find_operation, resources
from core.errors import NotFound
from core.requests import StaffRequest


def api_reference(request: StaffRequest) -> HttpResponse:
    """How to call the API, and every operation on one page."""
    return render(request, "core/api/reference.html", _shelf(request))


def api_resource(request: StaffRequest, resource: str) -> HttpResponse:
    """One resource: what can be asked and sent, what comes back, and why it may be refused."""
    shelf = _shelf(request)
    if resource not in shelf["resources"]:
        raise NotFound
    return render(request, "core/api/resource.html", {**shelf, "resource": shelf["resources"][resource]})


def try_operation(request: StaffRequest, operation: str) -> HttpResponse:
    """Go where a form of the reference points: the operation's address with what was filled in."""
    known = find_operation(get_language() or "en", operation)
    if known is None:
        raise NotFound
    path = known.path
    for part in known.place:
        path = path.replace(f"{{{part.name}}}", quote(request.GET.get(part.name) or "1", safe=""))
    filters = [(each.name, value) for each in known.filters for value in request.GET.getlist(each.name) if value]
    return redirect(f"{path}?{urlencode(filters)}" if filters else path)


def _shelf(request: StaffRequest) -> dict[str, Any]:
    return {"resources": resources(get_language() or "en"), "root": request.build_absolute_uri("/").rstrip("/")}
