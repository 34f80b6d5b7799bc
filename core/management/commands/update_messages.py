"""`manage.py update_messages`: bring the Chinese catalogue up to date with the sentences in code and templates."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core import catalogues


class Command(BaseCommand):
    help = "Collect sentences for translation into locale/zh_Hans; existing translations are kept."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="write nothing; fail when the catalogue is not up to date"
        )

    def handle(self, *, check: bool, **_options: Any) -> None:
        catalogue = catalogues.merged(catalogues.read())
        if check:
            path = catalogues.catalogue_path()
            if not path.exists() or path.read_bytes() != catalogues.written(catalogue):
                raise CommandError("The Chinese catalogue is not up to date: run manage.py update_messages.")
        else:
            catalogues.write(catalogue)
        missing = catalogues.untranslated(catalogue)
        self.stdout.write(f"{len(catalogue)} sentences, {len(missing)} without Chinese.")
        for message in missing:
            self.stdout.write(f"  {message.id!r}" + (f"  [{message.context}]" if message.context else ""))
