"""Django's entry to the app."""

from django.apps import AppConfig


class ProspectsConfig(AppConfig):
    """The E D C B A S pipeline (handbook chapter 3)."""

    name = "prospects"

    def ready(self) -> None:
        """Say which records have a history page, and what goes along with an account."""
        from core.handovers import goes_along
        from core.history import keep_history
        from prospects.actions.prospects import transfer_open_prospects
        from prospects.queries.prospects import get_prospect

        keep_history("prospects.prospect", get_prospect)
        goes_along("accounts.account", transfer_open_prospects)
