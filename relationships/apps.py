"""Django's entry to the app."""

from django.apps import AppConfig


class RelationshipsConfig(AppConfig):
    """People at the account and our ties to them (handbook chapter 2)."""

    name = "relationships"

    def ready(self) -> None:
        """Say which records have a history page, and what goes along with an account."""
        from core.handovers import goes_along
        from core.history import keep_history
        from relationships.actions.contacts import transfer_contacts
        from relationships.queries import get_contact, get_visit

        keep_history("relationships.contact", get_contact)
        keep_history("relationships.visit", get_visit)
        goes_along("accounts.account", transfer_contacts)
