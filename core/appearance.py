"""How the pages look to one person: language and theme. A taste, not a business fact, so it leaves no audit event."""

from __future__ import annotations

from django.conf import settings

from core.errors import DomainError
from core.models import User
from core.models.user import Theme

YEAR = 365 * 24 * 3600  # seconds a visitor's cookie lasts


def keep_language(user: User | None, language: str) -> None:
    """Remember the language of a signed-in person; a visitor's lives in a cookie. Raises DomainError for an unknown one."""
    if language not in dict(settings.LANGUAGES):
        raise DomainError("Unknown language.", field="language")
    if user is not None:
        User.objects.filter(pk=user.pk).update(language=language)


def keep_theme(user: User | None, theme: str) -> None:
    """Remember light, dark or as the device. Raises DomainError for anything else."""
    if theme not in Theme.values:
        raise DomainError("Unknown theme.", field="theme")
    if user is not None:
        User.objects.filter(pk=user.pk).update(theme=theme)
