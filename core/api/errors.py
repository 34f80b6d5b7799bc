"""Every API error in one shape: {"error": {"code", "message", "field", "details"}}."""

from typing import Any

from rest_framework.exceptions import APIException, ValidationError
from rest_framework.response import Response
from rest_framework.views import exception_handler

from core.errors import DomainError, NotAllowed, NotFound


def answer_error(exception: Exception, context: dict[str, Any]) -> Response | None:
    """Refusals of actions and of DRF as JSON; anything else stays a 500."""
    if isinstance(exception, NotFound):
        return _error(404, "not_found", "Not found.")
    if isinstance(exception, NotAllowed):
        return _error(403, "not_allowed", "Your role may not do this.")
    if isinstance(exception, DomainError):
        return _error(exception.status, exception.code, str(exception.message), exception.field, exception.details)
    response = exception_handler(exception, context)
    if response is None:
        return None
    if isinstance(exception, ValidationError):
        return _error(400, "invalid", "The input has mistakes.", details={"fields": response.data})
    code = exception.default_code if isinstance(exception, APIException) else "error"
    detail = response.data.get("detail", "") if isinstance(response.data, dict) else ""
    answer = _error(response.status_code, str(code), str(detail))
    for name, value in response.items():
        answer[name] = value
    return answer


def _error(
    status: int, code: str, message: str, field: str | None = None, details: dict[str, Any] | None = None
) -> Response:
    return Response(
        {"error": {"code": code, "message": message, "field": field, "details": details or {}}}, status=status
    )
