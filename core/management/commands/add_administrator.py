"""`manage.py add_administrator EMAIL NAME`: the first person of a real installation; everybody else is invited on a page."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from core.errors import DomainError
from core.models import Role
from core.staff.actions import add_user
from core.staff.invitations import password_path
from core.users import SYSTEM


class Command(BaseCommand):
    help = "Add an administrator and print the link with which he chooses his password, good for a day."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email", help="the address he signs in with")
        parser.add_argument("name", help="his name, in quotes")

    def handle(self, *, email: str, name: str, **_options: Any) -> None:
        try:
            user = add_user(by=SYSTEM, email=email, full_name=name, role=Role.ADMINISTRATOR, team=None)
        except DomainError as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"{settings.SITE_URL}{password_path(user)}")
