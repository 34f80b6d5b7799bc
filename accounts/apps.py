"""Django's entry to the app."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Key-account profiles (handbook chapter 1)."""

    name = "accounts"

    def ready(self) -> None:
        """Say which records have a history page."""
        from accounts.queries import get_account
        from core.history import keep_history

        keep_history("accounts.account", get_account)
