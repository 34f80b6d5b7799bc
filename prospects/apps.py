"""Django's entry to the app."""

from django.apps import AppConfig


class ProspectsConfig(AppConfig):
    """The E D C B A S pipeline (handbook chapter 3)."""

    name = "prospects"
