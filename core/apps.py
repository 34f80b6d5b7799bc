"""Django's entry to the app."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    """What every app needs and none owns."""

    name = "core"

    def ready(self) -> None:
        """Register what Django runs by itself."""
        from django.contrib.auth.signals import user_logged_in

        from core import checks  # noqa: F401
        from core.history import keep_history
        from core.history.context import tell_only_changes
        from core.middleware import note_presence
        from core.staff import tasks  # noqa: F401
        from core.staff.queries import get_user

        keep_history("core.user", get_user)
        user_logged_in.connect(note_presence)
        tell_only_changes()
