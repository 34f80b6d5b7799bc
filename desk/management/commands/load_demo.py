"""`manage.py load_demo`: an empty installation becomes the demo company."""

from __future__ import annotations

from argparse import ArgumentParser
from random import Random
from typing import Any

import pgtrigger
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction
from django.utils import translation

from core.models import User
from desk.demo import board, firms, history, people
from desk.demo.days import Days

KEPT = {"core_workday", "django_content_type", "django_migrations", "auth_permission"}
SEED = 20_260_101


class Command(BaseCommand):
    help = "Load the demo company into an empty local installation; with --reset everything is thrown away first."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--reset", action="store_true", help="throw away all data first (never in production)")

    def handle(self, *, reset: bool, **_options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("The demo company is not loaded when KEYLINE_ENV=production: it has known passwords.")
        if User.objects.filter(email=f"{people.LOGINS[0]}@keyline.example").exists() and not reset:
            self.stdout.write("The demo company is here already; --reset loads it afresh.")
            return
        if User.objects.exists() and not reset:
            raise CommandError("There are users here already. --reset would throw away all data first.")
        # Triggers are for what people do: history of rows being written for the first time would only tell of this command.
        with transaction.atomic(), pgtrigger.ignore(), translation.override("en"):
            if reset:
                _throw_away()
            _load()
        self._say_logins()

    def _say_logins(self) -> None:
        width = max(len(login) for login in people.LOGINS) + len("@keyline.example")
        self.stdout.write(f"Demo logins, password {people.PASSWORD}:")
        for login, name, role, _team, _language in people.STAFF:
            if login in people.LOGINS:
                self.stdout.write(f"  {login + '@keyline.example':<{width}}  {name}, {role.label}")


def _load() -> None:
    random, days = Random(SEED), Days()  # noqa: S311  a story, not a secret
    staff = people.hire(days)
    accounts = firms.found(staff, days, random)
    lives = board.write_lives(accounts, staff, days, random)
    history.write_rows(lives, accounts, staff, days, random)


def _throw_away() -> None:
    with connection.cursor() as cursor:
        tables = sorted(set(connection.introspection.table_names(cursor)) - KEPT)
        names = ", ".join(connection.ops.quote_name(table) for table in tables)
        cursor.execute(f"truncate {names} restart identity cascade")
