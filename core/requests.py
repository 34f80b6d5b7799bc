"""What a view is given."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from core.models import User


class StaffRequest(HttpRequest):
    """A request of a person who is signed in; `htmx` is true when a part of a page is asked for."""

    user: User
    htmx: HtmxDetails
