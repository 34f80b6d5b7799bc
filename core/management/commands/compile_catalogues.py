"""`manage.py compile_catalogues`: make the .mo files that Django reads; set-up calls it."""

from typing import Any

from django.core.management.base import BaseCommand

from core import catalogues


class Command(BaseCommand):
    help = "Compile the Chinese catalogue; GNU gettext is not needed."

    requires_system_checks = ()

    def handle(self, **_options: Any) -> None:
        catalogues.compile_catalogue()
