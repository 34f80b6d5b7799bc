"""Django's entry to the app."""

from typing import Any

from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_out
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
        user_logged_out.connect(_forget_browser)


def _forget_browser(sender: object, request: Any, user: Any, **_about: Any) -> None:
    """Whoever signs out of a browser is told nothing there any more: the next one to use it may be somebody else."""
    from reminders.models import Browser
    from reminders.rules.browsers import THIS_BROWSER

    browser_id = request.session.get(THIS_BROWSER) if request is not None else None
    for row in Browser.objects.filter(pk=browser_id, user=user) if browser_id and user else ():
        row.forget()
