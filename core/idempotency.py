"""A POST that carries a key happens once: `Idempotency-Key` from a program, the hidden field `_once` from a page.

The key's row is inserted in the same transaction as the effect. A second request with the key waits on the unique
index until the first commits, then gets the first one's answer; if the first failed, nothing was stored and the
second runs. The same key with other input is refused.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from core.errors import DomainError
from core.models import IdempotencyKey

FIELD = "_once"
LONGEST_KEY = 255
KEPT_HEADERS = ("Content-Type", "Location", "HX-Trigger", "HX-Redirect", "HX-Location", "ETag")

View = Callable[..., HttpResponse]


class IdempotencyMiddleware:
    """Runs keyed POSTs of signed-in users once; everything else passes untouched."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: View, args: Any, kwargs: Any) -> HttpResponse | None:
        key = _key_of(request) if request.method == "POST" else ""
        user_id = _user_id(request) if key else None
        if user_id is None:
            return None
        if len(key) > LONGEST_KEY or "\x00" in key:
            message = _("An idempotency key has at most %(count)s characters.") % {"count": LONGEST_KEY}
            return _refuse(request, message, code="invalid", status=400)
        return _once(request, user_id, key, lambda: view(request, *args, **kwargs))


def _once(request: HttpRequest, user_id: int, key: str, run: Callable[[], HttpResponse]) -> HttpResponse:
    fingerprint = _fingerprint(request)
    with transaction.atomic():
        row_id = _claim(user_id, key, fingerprint)
        if row_id is None:
            first = IdempotencyKey.objects.get(user_id=user_id, key=key)
            if first.fingerprint == fingerprint:
                return _replay(first)
            message = _("This idempotency key was used for another request.")
            return _refuse(request, message, code="idempotency_mismatch", status=422)
        response = _answer(request, run)
        if response.status_code >= 400 or response.streaming:
            # A refusal leaves no trace: the same key may be tried again with better luck.
            transaction.set_rollback(response.status_code >= 400)
            return response
        headers = {name: response[name] for name in KEPT_HEADERS if name in response}
        IdempotencyKey.objects.filter(pk=row_id).update(
            status=response.status_code, headers=headers, body=response.content
        )
        return response


def _claim(user_id: int, key: str, fingerprint: str) -> int | None:
    """Insert the key's row; its id, or None for a key that was used. Waits for whoever is using it now. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into core_idempotencykey (user_id, key, fingerprint, headers, body, created_at)"
            " values (%s, %s, %s, '{}', '', %s) on conflict (user_id, key) do nothing returning id",
            [user_id, key, fingerprint, timezone.now()],
        )
        claimed: tuple[int] | None = cursor.fetchone()
        return claimed[0] if claimed else None


def _answer(request: HttpRequest, run: Callable[[], HttpResponse]) -> HttpResponse:
    """The view's answer, drawn; its refusals too, because Django asks no middleware about what is raised in here."""
    from core.middleware import answer_refusal

    try:
        response = run()
    except Exception as exception:
        refusal = answer_refusal(request, exception)
        if refusal is None:
            raise
        return refusal
    if callable(render := getattr(response, "render", None)):
        response = render()
    return response


def _replay(row: IdempotencyKey) -> HttpResponse:
    response = HttpResponse(bytes(row.body), status=row.status or 200, headers=row.headers)
    response["Idempotent-Replay"] = "true"
    return response


def _refuse(request: HttpRequest, message: str, *, code: str, status: int) -> HttpResponse:
    if request.path.startswith("/api/"):
        body: dict[str, Any] = {"error": {"code": code, "message": message, "field": None, "details": {}}}
        return JsonResponse(body, status=status)
    from core.middleware import answer_refusal

    return answer_refusal(request, DomainError(message, code=code)) or HttpResponse(message, status=status)


def _key_of(request: HttpRequest) -> str:
    key = request.headers.get("Idempotency-Key", "")
    if not key and request.content_type in {"application/x-www-form-urlencoded", "multipart/form-data"}:
        key = request.POST.get(FIELD, "")
    return key


def _user_id(request: HttpRequest) -> int | None:
    """Who the view will take for the caller: the token's user before the session's."""
    from core.api.authentication import user_of_token

    if request.path.startswith("/api/") and (user := user_of_token(request)):
        return user.pk
    return request.user.pk if request.user.is_authenticated else None


def _fingerprint(request: HttpRequest) -> str:
    """What the request asks for: its address and input, without the form's own secret, which differs from page to page.

    Keyed, so that nobody finds out from a copy of the database what a short input was (L1).
    """
    mark = salted_hmac(__name__, request.get_full_path(), algorithm="sha256")
    if request.content_type in {"application/x-www-form-urlencoded", "multipart/form-data"}:
        fields = sorted((name, values) for name, values in request.POST.lists() if name != "csrfmiddlewaretoken")
        files = sorted((name, file.name, file.size) for name, sent in request.FILES.lists() for file in sent)
        mark.update(repr((fields, files)).encode())
    else:
        mark.update(request.body)
    return mark.hexdigest()
