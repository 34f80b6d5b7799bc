"""`manage.py load_demo`: an empty installation becomes the demo company."""

from __future__ import annotations

from argparse import ArgumentParser
from importlib import import_module
from random import Random
from typing import Any

import pgtrigger
from django.apps import apps
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction
from django.utils import translation

from core.models import AuditEvent, User
from core.subscriptions import nobody_listens
from desk.demo import (
    birthdays,
    board,
    campaigns,
    firms,
    heard,
    history,
    money,
    numbers,
    people,
    reminders,
    talk,
    visits,
)
from desk.demo.days import Days

KEPT = {"core_workday", "django_content_type", "django_migrations", "auth_permission"}
SEED = 20_260_101
SEEDS = (
    "receivables.migrations.0003_seed_settings",
    "receivables.migrations.0007_seed_provision_rates",
    "dunning.migrations.0006_seed_ladder",
    "dunning.migrations.0009_seed_excuses",
)
"""The migrations that bring settings to start with."""


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
        with transaction.atomic(), translation.override("en"), nobody_listens():
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
    random, days, chronicle = Random(SEED), Days(), history.Chronicle()  # noqa: S311  a story, not a secret
    # Triggers are for what people do: history of rows being written for the first time would only tell of this command.
    with pgtrigger.ignore():
        staff = people.hire(days)
        accounts = firms.found(staff, days, random)
        lives = board.write_lives(accounts, staff, days, random)
        history.write_rows(lives, accounts, staff, days, random, chronicle)
        visits.write(lives, accounts, staff, days, Random(SEED), chronicle)  # noqa: S311
        numbers.count(staff, days, Random(SEED))  # noqa: S311
        heard.write(Random(SEED), chronicle)  # noqa: S311
        campaigns.write(staff, days, chronicle)
        birthdays.note(staff, days, chronicle)
    # The ledger is different: its triggers keep its rules, and the story obeys them.
    replay = money.write(accounts, staff, days, Random(SEED))  # noqa: S311
    with pgtrigger.ignore():
        money.date_rows()
        told = AuditEvent.objects.all()
        chronicle.adopt(told, replay.when)
        told.delete()
        talk.write(staff, days, chronicle)
        chronicle.write()
        reminders.ring(days)


def _throw_away() -> None:
    """Everything away, then what an empty installation is set up with."""
    with connection.cursor() as cursor:
        tables = sorted(set(connection.introspection.table_names(cursor)) - KEPT)
        names = ", ".join(connection.ops.quote_name(table) for table in tables)
        cursor.execute(f"truncate {names} restart identity cascade")
    for name in SEEDS:
        import_module(name).seed(apps, None)
