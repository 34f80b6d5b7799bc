"""API tokens: made once, shown once, kept as a digest."""

import hashlib
import secrets

from core.models import ApiToken, User


def make_token(user: User, name: str) -> tuple[ApiToken, str]:
    """A new token row and the key itself, which is never seen again."""
    key = secrets.token_urlsafe(32)
    return ApiToken.objects.create(user=user, name=name, digest=digest(key), prefix=key[:8]), key


def user_of_key(key: str) -> User | None:
    """The active user a key belongs to; None for an unknown or revoked one."""
    token = (
        ApiToken.objects.select_related("user")
        .filter(digest=digest(key), revoked_at=None, user__is_active=True)
        .first()
    )
    return token.user if token else None


def digest(key: str) -> str:
    """SHA-256 of a key, in hexadecimal."""
    return hashlib.sha256(key.encode()).hexdigest()
