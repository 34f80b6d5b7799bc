"""People who sign in."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import connection, models
from django.db.models.functions import Lower
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Role(models.TextChoices):
    """What a person's work here is. What each may do stands in `core.roles`, what each sees in `core.scope`."""

    REP = "rep", _("Sales rep")
    MANAGER = "manager", _("Sales manager")
    FINANCE = "finance", _("Finance")
    EXECUTIVE = "executive", _("Executive")
    ADMINISTRATOR = "administrator", _("Administrator")


class Theme(models.TextChoices):
    """How the pages look."""

    SYSTEM = "system", _("As the device")
    LIGHT = "light", _("Light")
    DARK = "dark", _("Dark")


def initials_of(name: str) -> str:
    """Two letters for an avatar, of a Chinese name the last character: 李雷 → 雷, Ana Berg → AB."""
    words = name.split()
    if len(words) > 1:
        return (words[0][:1] + words[-1][:1]).upper()
    return name[-1:] if name and ord(name[-1]) > 0x2E80 else name[:2].upper()


class UserManager(BaseUserManager["User"]):
    """Makes users; emails are kept in lower case."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    """A person who signs in. Never called an account: an account is always the customer.

    Opened by an administrator, switched off (`is_active`) rather than deleted, because history names its author.
    `session_number` is part of what a session proves: one more, and every session begun before is over.
    """

    email = models.EmailField(_("email"), unique=True)
    full_name = models.CharField(pgettext_lazy("person", "name"), max_length=100)
    role = models.CharField(_("role"), max_length=20, choices=Role.choices, default=Role.REP)
    team = models.ForeignKey(
        "core.Team", models.PROTECT, null=True, blank=True, related_name="people", verbose_name=_("team")
    )
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES, blank=True)
    theme = models.CharField(_("theme"), max_length=10, choices=Theme.choices, default=Theme.SYSTEM)
    time_zone = models.CharField(_("time zone"), max_length=50, blank=True, help_text=_("Empty: the company’s."))
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    is_active = models.BooleanField(_("may sign in"), default=True)
    joined_at = models.DateTimeField(auto_now_add=True)
    session_number = models.PositiveIntegerField(default=1, editable=False)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["full_name"]
    is_system: ClassVar[bool] = False

    class Meta:
        ordering: ClassVar = ["full_name", "id"]
        constraints: ClassVar = [models.UniqueConstraint(Lower("email"), name="user_email_once_any_case")]

    def __str__(self) -> str:
        return self.full_name or self.email

    def get_full_name(self) -> str:
        return self.full_name

    def get_short_name(self) -> str:
        return self.full_name

    def get_session_auth_hash(self) -> str:
        return self._session_proof(None)

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        for secret in settings.SECRET_KEY_FALLBACKS:
            yield self._session_proof(secret)

    def _session_proof(self, secret: str | bytes | None) -> str:
        what = f"{self.password}:{self.session_number}"
        return salted_hmac("core.User.session", what, secret=secret, algorithm="sha256").hexdigest()

    @property
    def initials(self) -> str:
        """What an avatar shows."""
        return initials_of(self.full_name)

    @cached_property
    def team_ids(self) -> list[int]:
        """Ids of the person's team and of all teams below it; one query, kept for the request."""
        if self.team_id is None:
            return []
        with connection.cursor() as cursor:  # on nearly every page of a manager: the ORM takes thrice as long to say it
            cursor.execute("select id from core_team where path like %s order by path", [f"%/{self.team_id}/%"])
            return [team_id for (team_id,) in cursor.fetchall()]
