"""The one-time link with which a person chooses a password: made here, used up by choosing, dead after a day."""

from __future__ import annotations

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.urls import reverse

from core.models import User


def password_path(user: User) -> str:
    """The path of the link."""
    key = default_token_generator.make_token(user)
    return reverse("account_reset_password_from_key", kwargs={"uidb36": user_pk_to_url_str(user), "key": key})
