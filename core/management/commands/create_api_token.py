"""`manage.py create_api_token EMAIL [--name NAME]`: a key for a program, printed once."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.models import User
from core.tokens import make_token


class Command(BaseCommand):
    help = "Make an API token for a user and print its key, which is never shown again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email", help="the user's sign-in address")
        parser.add_argument("--name", default="command line", help="what the token is for, as its user will see it")

    def handle(self, *args: Any, email: str, name: str, **options: Any) -> None:
        user = User.objects.filter(email__iexact=email, is_active=True).first()
        if user is None:
            raise CommandError(f"Nobody who may sign in has the address {email}.")
        _token, key = make_token(user, name[:60])
        self.stdout.write(key)
