"""Django's entry to the app."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Key-account profiles (handbook chapter 1)."""

    name = "accounts"
