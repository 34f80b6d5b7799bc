"""Django's entry to the app."""

from django.apps import AppConfig


class ProspectsConfig(AppConfig):
    """The E D C B A S pipeline (handbook chapter 3)."""

    name = "prospects"

    def ready(self) -> None:
        """Say which records have a history page and may be talked about, and what goes along with an account."""
        from core.handovers import goes_along
        from core.history import keep_history
        from core.records import open_to_talk
        from prospects import events
        from prospects.actions.prospects import transfer_open_prospects
        from prospects.queries.prospects import get_prospect, visible_prospects

        keep_history("prospects.prospect", get_prospect)
        news = (
            events.MOVED,
            events.OVERRIDDEN,
            events.FELL_BACK,
            events.WON,
            events.LOST,
            events.REOPENED,
            events.TRANSFERRED,
        )
        open_to_talk("prospects.prospect", visible_prospects, news=[event.code for event in news])
        goes_along("accounts.account", transfer_open_prospects)
