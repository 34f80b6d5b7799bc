"""Django's entry to the app."""

from django.apps import AppConfig


class RelationshipsConfig(AppConfig):
    """People at the account and our ties to them (handbook chapter 2)."""

    name = "relationships"
