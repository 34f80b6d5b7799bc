"""Signing in: by email, no open sign-up; an administrator opens every user."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

from core.models import User


class AccountAdapter(DefaultAccountAdapter):
    """allauth with the door for strangers shut."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def populate_username(self, request: HttpRequest, user: Any) -> None:
        """There is no user name: people sign in by email."""


def display_name(user: User) -> str:
    """How allauth names a user in its messages."""
    return str(user)
