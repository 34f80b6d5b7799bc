"""Django's entry to the app."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class RemindersConfig(AppConfig):
    """What people are told, when, and until it is done (handbook V5)."""

    name = "reminders"

    def ready(self) -> None:
        """Read every app's `reminders.py`, the channels, and what monitors are told."""
        autodiscover_modules("reminders")
        from core.health import CHECKS
        from core.metrics import MEASURES
        from reminders import channels
        from reminders.queries.state import how_reminders_are, reminder_figures

        CHECKS["reminders"] = how_reminders_are
        if reminder_figures not in MEASURES:
            MEASURES.append(reminder_figures)

        channels.discover()
