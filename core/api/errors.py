"""Every API error in one shape: {"error": {"code", "message", "field", "details"}}."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from rest_framework.exceptions import APIException, ValidationError
from rest_framework.response import Response
from rest_framework.views import exception_handler

from core.api.versions import etag_of
from core.errors import Conflict, DomainError, NotAllowed, NotFound


def answer_error(exception: Exception, context: dict[str, Any]) -> Response | None:
    """Refusals of actions and of DRF as JSON; anything else stays a 500."""
    if isinstance(exception, NotFound):
        return _error(404, "not_found", _("Not found."))
    if isinstance(exception, NotAllowed):
        return _error(403, "not_allowed", _("Your role may not do this."))
    if isinstance(exception, Conflict):
        return _conflict(exception, context)
    if isinstance(exception, DomainError):
        return _error(exception.status, exception.code, str(exception.message), exception.field, exception.details)
    response = exception_handler(exception, context)
    if response is None:
        return None
    if isinstance(exception, ValidationError):
        return _error(400, "invalid", _("The input has mistakes."), details={"fields": response.data})
    code = exception.default_code if isinstance(exception, APIException) else _CODES.get(response.status_code, "error")
    detail = response.data.get("detail", "") if isinstance(response.data, dict) else ""
    answer = _error(response.status_code, str(code), str(detail))
    for name, value in response.items():
        answer[name] = value
    return answer


@login_not_required
def unknown_address(request: HttpRequest) -> JsonResponse:
    """404 in the API's shape, for addresses under /api/ that do not exist."""
    return JsonResponse(_body("not_found", _("Not found.")), status=404)


_CODES = {403: "not_allowed", 404: "not_found"}


def _conflict(conflict: Conflict, context: dict[str, Any]) -> Response:
    """412 to a caller who named the version he holds, else 409; with the object as it is now."""
    details = dict(conflict.details)
    view, request = context.get("view"), context.get("request")
    current = conflict.current
    shape = getattr(view, "shape", None)
    if shape is not None and isinstance(current, shape.Meta.model):
        details["current"] = view.drawn.to_representation(current)  # type: ignore[union-attr]
    stale = request is not None and "If-Match" in request.headers and current is not None
    code = "precondition_failed" if stale else conflict.code
    answer = _error(412 if stale else 409, code, str(conflict.message), conflict.field, details)
    if tag := etag_of(current):
        answer["ETag"] = tag
    return answer


def _error(
    status: int, code: str, message: str, field: str | None = None, details: dict[str, Any] | None = None
) -> Response:
    return Response(_body(code, message, field, details), status=status)


def _body(
    code: str, message: str, field: str | None = None, details: dict[str, Any] | None = None
) -> dict[str, dict[str, Any]]:
    return {"error": {"code": code, "message": message, "field": field, "details": details or {}}}
