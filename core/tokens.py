"""Keys of programs and of calendars: made once, shown once, kept as a digest."""

import hashlib
import secrets
from typing import Any, cast

from core.models import ApiToken, CalendarFeed, User
from core.workdays import today


def make_token(user: User, name: str) -> tuple[ApiToken, str]:
    """A new token row and the key itself, which is never seen again."""
    key = secrets.token_urlsafe(32)
    return ApiToken.objects.create(user=user, name=name, digest=digest(key), prefix=key[:8]), key


_OF_KEY = """
    select u.*, t.id as token_id, t.last_used_on as used_on from core_apitoken t join core_user u on u.id = t.user_id
    where t.digest = %s and t.revoked_at is null and u.is_active"""  # as SQL because every request of a program asks it


def user_of_key(key: str) -> User | None:
    """The active user a key belongs to; None for an unknown or revoked one. Keeps the day of the last use."""
    found: list[Any] = list(User.objects.raw(_OF_KEY, [digest(key)]))
    if not found:
        return None
    [user] = found
    if user.used_on != (on := today()):
        ApiToken.objects.filter(pk=user.token_id).update(last_used_on=on)
    return cast("User", user)


def make_feed(user: User) -> tuple[CalendarFeed, str]:
    """A new row for the calendar feed and the key in its address, which is never seen again."""
    key = secrets.token_urlsafe(32)
    return CalendarFeed.objects.create(user=user, digest=digest(key)), key


def user_of_feed(key: str) -> User | None:
    """The active user whose calendar a key opens; None for an unknown or revoked one. Keeps the day of the last reading.

    What is looked up is the key's digest, so that how long it takes tells nothing of the keys there are.
    """
    feed = (
        CalendarFeed.objects.select_related("user")
        .filter(digest=digest(key), revoked_at=None, user__is_active=True)
        .first()
    )
    if feed is None:
        return None
    if feed.last_read_on != (on := today()):
        CalendarFeed.objects.filter(pk=feed.pk).update(last_read_on=on)
    return feed.user


def digest(key: str) -> str:
    """What is stored of a key: its SHA-256."""
    return hashlib.sha256(key.encode()).hexdigest()
