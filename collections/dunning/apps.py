"""Django's entry to the app."""

from django.apps import AppConfig


class DunningConfig(AppConfig):
    """Calls, promises, letters (handbook chapter 4)."""

    name = "dunning"
