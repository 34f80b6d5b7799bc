"""Signing in: by email, no open sign-up; an administrator opens every user."""

from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from core.models import User


class AccountAdapter(DefaultAccountAdapter):
    """allauth with the door for strangers shut, and our words for what goes wrong at it."""

    error_messages: ClassVar = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _("Email or password is not right."),
        "enter_current_password": _("This is not your present password."),
        "incorrect_password": _("This is not your password."),
        "too_many_login_attempts": _("Too many attempts. Wait a quarter of an hour, or ask your administrator."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def populate_username(self, request: HttpRequest, user: Any) -> None:
        """There is no user name: people sign in by email."""


class MFAAdapter(DefaultMFAAdapter):
    """The second factor, in our words."""

    error_messages: ClassVar = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("This code is not right, or no longer."),
    }


def display_name(user: User) -> str:
    """How allauth names a user in its messages."""
    return str(user)
