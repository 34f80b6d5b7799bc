"""API tokens: made once, shown once, kept as a digest."""

import hashlib
import secrets

from core.models import ApiToken, User
from core.workdays import today


def make_token(user: User, name: str) -> tuple[ApiToken, str]:
    """A new token row and the key itself, which is never seen again."""
    key = secrets.token_urlsafe(32)
    return ApiToken.objects.create(user=user, name=name, digest=digest(key), prefix=key[:8]), key


def user_of_key(key: str) -> User | None:
    """The active user a key belongs to; None for an unknown or revoked one. Keeps the day of the last use."""
    token = (
        ApiToken.objects.select_related("user")
        .filter(digest=digest(key), revoked_at=None, user__is_active=True)
        .first()
    )
    if token is None:
        return None
    if token.last_used_on != (on := today()):
        ApiToken.objects.filter(pk=token.pk).update(last_used_on=on)
    return token.user


def digest(key: str) -> str:
    """What is stored of a key: its SHA-256."""
    return hashlib.sha256(key.encode()).hexdigest()
