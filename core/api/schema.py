"""What the OpenAPI description says of every operation: how to sign in, and what may be refused."""

from __future__ import annotations

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension

ERROR = {
    "type": "object",
    "required": ["error"],
    "properties": {
        "error": {
            "type": "object",
            "required": ["code", "message", "field", "details"],
            "properties": {
                "code": {"type": "string", "description": "A word for programs."},
                "message": {"type": "string", "description": "A sentence for people, in their language."},
                "field": {"type": "string", "nullable": True, "description": "The input it is about."},
                "details": {"type": "object", "additionalProperties": True},
            },
        }
    },
}
WORDS = {
    400: "The input does not have the shape asked for; `details.fields` names every mistake.",
    401: "No token or session, or one that is not known.",
    403: "This role may not do this.",
    404: "There is no such thing, or not for this user.",
    409: "Somebody else was quicker; `details.current` is the object as it is now.",
    412: "`If-Match` names an older version; `details.current` is the object as it is now.",
    422: "The business says no; the message says why.",
    429: "Too many requests this minute.",
}
IDEMPOTENCY_KEY = {
    "name": "Idempotency-Key", "in": "header", "required": False, "schema": {"type": "string", "maxLength": 255},
    "description": "The same key again gets the first answer instead of a second effect. Kept two days.",
}  # fmt: skip
IF_MATCH = {
    "name": "If-Match", "in": "header", "required": False, "schema": {"type": "string"},
    "description": "The ETag of the version you hold; a newer one is refused with 412.",
}  # fmt: skip


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """`Authorization: Bearer …`."""

    target_class = "core.api.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        return {"type": "http", "scheme": "bearer", "description": "A token made on your own page, under API tokens."}


def describe_refusals(result: dict[str, Any], **_kwargs: Any) -> dict[str, Any]:
    """Hook of drf-spectacular: every operation names its refusals and the headers that matter."""
    result.setdefault("components", {}).setdefault("schemas", {})["Error"] = ERROR
    for path, operations in result["paths"].items():
        for method, operation in operations.items():
            for status in _refusals(method, has_id="{" in path):
                operation["responses"].setdefault(str(status), _answer(status))
            known = {parameter["name"] for parameter in operation.setdefault("parameters", [])}
            if method == "post" and IDEMPOTENCY_KEY["name"] not in known:
                operation["parameters"].append(IDEMPOTENCY_KEY)
            if method in {"patch", "put", "delete"}:
                operation.setdefault("parameters", []).append(IF_MATCH)
    return result


def _refusals(method: str, *, has_id: bool) -> list[int]:
    statuses = [400, 401, 403, 429]
    if has_id:
        statuses.append(404)
    if method != "get":
        statuses += [404, 409, 422]
    if method in {"patch", "put", "delete"}:
        statuses.append(412)
    return sorted(set(statuses))


def _answer(status: int) -> dict[str, Any]:
    return {
        "description": WORDS[status],
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}},
    }
