"""A POST that carries a key happens once: `Idempotency-Key` from a program, the hidden field `_once` from a page.

The key's row is inserted in the same transaction as the effect. A second request with the key waits on the unique
index until the first commits, then gets the first one's answer; if the first failed, nothing was stored and the
second runs. The same key with other input is refused.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _

from core.models import IdempotencyKey

FIELD = "_once"
KEPT_HEADERS = ("Content-Type", "Location", "HX-Trigger", "HX-Redirect", "ETag")


class IdempotencyMiddleware:
    """Runs keyed POSTs through `_once`; everything else passes untouched."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        if request.method != "POST":
            return None
        key = request.headers.get("Idempotency-Key") or _form_key(request)
        if not key:
            return None
        if len(key) > 255:
            return JsonResponse(
                {"error": {"code": "invalid", "message": _("The idempotency key is longer than 255 characters.")}},
                status=400,
            )
        user_id = _user_id(request)
        if user_id is None:
            return None
        return _once(user_id, key, _fingerprint(request), lambda: view(request, *args, **kwargs))


def _once(user_id: int, key: str, fingerprint: str, run: Callable[[], HttpResponse]) -> HttpResponse:
    with transaction.atomic():
        _row, created = IdempotencyKey.objects.get_or_create(
            user_id=user_id, key=key, defaults={"fingerprint": fingerprint}
        )
        if not created:
            return _replay(_row, fingerprint)
        response = run()
        if hasattr(response, "render") and callable(response.render):
            response.render()
        if response.status_code >= 400:
            transaction.set_rollback(True)
            return response
        _row.status = response.status_code
        _row.headers = {name: response[name] for name in KEPT_HEADERS if name in response}
        _row.body = response.content
        _row.save(update_fields=["status", "headers", "body"])
        return response


def _replay(row: IdempotencyKey, fingerprint: str) -> HttpResponse:
    if row.fingerprint != fingerprint:
        message = _("This idempotency key was used for another request.")
        return JsonResponse({"error": {"code": "idempotency_mismatch", "message": message}}, status=422)
    response = HttpResponse(bytes(row.body), status=row.status or 200)
    for name, value in row.headers.items():
        response[name] = value
    response["Idempotent-Replay"] = "true"
    return response


def _form_key(request: HttpRequest) -> str:
    if request.content_type in {"application/x-www-form-urlencoded", "multipart/form-data"}:
        return request.POST.get(FIELD, "")
    return ""


def _user_id(request: HttpRequest) -> int | None:
    if request.user.is_authenticated:
        return request.user.pk
    from core.api.authentication import user_of_token

    user = user_of_token(request)
    return user.pk if user else None


def _fingerprint(request: HttpRequest) -> str:
    if request.content_type == "multipart/form-data":
        body = repr(sorted((k, v) for k, v in request.POST.lists() if k != "csrfmiddlewaretoken")).encode()
    else:
        body = request.body
    return hashlib.sha256(request.get_full_path().encode() + b"\n" + body).hexdigest()
