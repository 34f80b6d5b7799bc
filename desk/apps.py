"""Django's entry to the app."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """Pages that span apps. Reads only; owns no business table."""

    name = "desk"
