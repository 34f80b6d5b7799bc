"""Django's entry to the app."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class RemindersConfig(AppConfig):
    """What people are told, when, and until it is done (handbook V5)."""

    name = "reminders"

    def ready(self) -> None:
        """Read every app's `reminders.py` and the channels."""
        autodiscover_modules("reminders")
        from reminders import channels

        channels.discover()
