"""`Authorization: Token …` or `Bearer …`."""

from typing import Any, cast

from django.http import HttpRequest
from django.utils.translation import gettext as _
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from core.models import User
from core.tokens import user_of_key


class TokenAuthentication(BaseAuthentication):
    """A program signs in with a token made on the user's page. An unknown or revoked token is 401."""

    def authenticate(self, request: Request) -> tuple[User, None] | None:
        if not _key(request):
            return None
        user = user_of_token(request)
        if user is None:
            raise AuthenticationFailed(_("This token is not known or was revoked."))
        return user, None

    def authenticate_header(self, request: Request) -> str:
        return "Token"


def user_of_token(request: HttpRequest | Request) -> User | None:
    """The user a request's token names, if any; looked up once a request, whoever asks."""
    asked: Any = request
    if not hasattr(asked, "user_of_token"):
        key = _key(request)
        asked.user_of_token = user_of_key(key) if key else None
    return cast("User | None", asked.user_of_token)


def _key(request: Any) -> str:
    kind, _space, key = request.headers.get("Authorization", "").partition(" ")
    return key.strip() if kind.lower() in {"token", "bearer"} else ""
