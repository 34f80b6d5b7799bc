"""Django's entry to the app."""

from django.apps import AppConfig


class ReceivablesConfig(AppConfig):
    """What customers owe (handbook chapter 4)."""

    name = "receivables"
