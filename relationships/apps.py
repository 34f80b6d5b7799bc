"""Django's entry to the app."""

from django.apps import AppConfig


class RelationshipsConfig(AppConfig):
    """People at the account and our ties to them (handbook chapter 2)."""

    name = "relationships"

    def ready(self) -> None:
        """Say which records have a history page."""
        from core.history import keep_history
        from relationships.queries import get_contact

        keep_history("relationships.contact", get_contact)
