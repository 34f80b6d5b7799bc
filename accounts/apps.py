"""Django's entry to the app."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Key-account profiles (handbook chapter 1)."""

    name = "accounts"

    def ready(self) -> None:
        """Say which records have a history page and may be talked about."""
        from accounts import events
        from accounts.queries import get_account, visible_accounts
        from core.history import keep_history
        from core.records import open_to_talk

        keep_history("accounts.account", get_account)
        open_to_talk(
            "accounts.account",
            visible_accounts,
            account="id",
            news=(events.ACCOUNT_TRANSFERRED.code, events.STAGE_CHANGED.code),
        )
