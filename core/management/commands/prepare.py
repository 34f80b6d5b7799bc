"""`manage.py prepare`: what must be done between a new version of the files and serving them. Quick when nothing is due."""

import hashlib
from argparse import ArgumentParser
from io import StringIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.checks import Tags, run_checks
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor

from core import catalogues
from core.models import User

WELCOME = settings.DATA_DIR / "welcome.txt"  # shown by the launcher when the site answers
DEMO_ADDRESS = "@keyline.example"


class Command(BaseCommand):
    help = "Compile translations, migrate, collect static files and, on an empty local installation, load the demo company."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--dev", action="store_true", help="Files are served from their sources: do not collect them."
        )
        parser.add_argument("--no-demo", action="store_true", help="Leave an empty database empty.")
        parser.add_argument("--demo", action="store_true", help="Throw away all data and load the demo company afresh.")

    def handle(self, *, dev: bool, no_demo: bool, demo: bool, **_options: Any) -> None:
        catalogues.compile_catalogue()
        try:
            self._migrate()
        except OperationalError as error:
            raise CommandError(f"The database does not answer: {str(error).strip().splitlines()[0]}") from None
        for problem in run_checks(tags=[Tags.database], databases=["default"]):
            raise CommandError(f"{problem.msg} {problem.hint}")
        if not dev:
            self._collect_static()
        if demo or not (no_demo or settings.PRODUCTION or User.objects.exists()):
            self._load_demo(reset=demo)
        elif not User.objects.filter(email__endswith=DEMO_ADDRESS).exists():
            WELCOME.unlink(missing_ok=True)

    def _load_demo(self, *, reset: bool) -> None:
        """What the demo says about signing in is kept, so that every later start can say it again."""
        self.stdout.write("Loading the demo company …")
        said = StringIO()
        call_command("load_demo", reset=reset, stdout=said)
        WELCOME.write_text(said.getvalue(), encoding="utf-8")

    def _migrate(self) -> None:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            self.stdout.write("Bringing the database up to date …")
            call_command("migrate", verbosity=0, interactive=False)

    def _collect_static(self) -> None:
        stamp = Path(settings.STATIC_ROOT).with_name("static.stamp")
        mark = _fingerprint_of_static_files()
        if stamp.exists() and stamp.read_text() == mark:
            return
        call_command("collectstatic", verbosity=0, interactive=False, clear=True)
        stamp.write_text(mark)


def _fingerprint_of_static_files() -> str:
    mark = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list(None):
            found = Path(storage.path(name)).stat()
            mark.update(f"{name}:{found.st_size}:{found.st_mtime_ns}\n".encode())
    return mark.hexdigest()
