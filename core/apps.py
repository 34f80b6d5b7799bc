"""Django's entry to the app."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    """What every app needs and none owns."""

    name = "core"

    def ready(self) -> None:
        """Register what Django runs by itself."""
        from core import checks  # noqa: F401
        from core.staff import tasks  # noqa: F401
