"""Django's entry to the app."""

from django.apps import AppConfig


class RelationshipsConfig(AppConfig):
    """People at the account and our ties to them (handbook chapter 2)."""

    name = "relationships"

    def ready(self) -> None:
        """Say which records have a history page, and what goes along with an account."""
        from core.handovers import goes_along
        from core.history import keep_history
        from core.records import open_to_talk
        from relationships.actions.contacts import transfer_contacts
        from relationships.actions.handovers import transfer_planned_visits
        from relationships.queries import get_campaign, get_contact, get_visit, visible_contacts, visible_visits

        keep_history("relationships.contact", get_contact)
        keep_history("relationships.visit", get_visit)
        open_to_talk("relationships.contact", visible_contacts, name="full_name", account="")
        open_to_talk("relationships.visit", visible_visits, name="account__name")
        keep_history("relationships.visitcampaign", get_campaign)
        goes_along("accounts.account", transfer_contacts)
        goes_along("accounts.account", transfer_planned_visits)
