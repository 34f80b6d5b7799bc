"""The first person of a real installation."""

from io import StringIO
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from core.models import AuditEvent, Role, User

PASSWORD = "a long and quiet river"


@pytest.mark.django_db
def test_the_printed_link_leads_to_a_password_and_in(client: Client, settings: Any) -> None:
    settings.SITE_URL = "http://localhost:8222"
    said = StringIO()
    call_command("add_administrator", "he.min@example.com", "何敏", stdout=said)
    user = User.objects.get()
    assert (user.email, user.full_name, user.role) == ("he.min@example.com", "何敏", Role.ADMINISTRATOR)
    assert not user.has_usable_password()
    assert AuditEvent.objects.get().actor is None

    assert said.getvalue().startswith("http://localhost:8222/auth/")
    form = client.get(urlsplit(said.getvalue().strip()).path, follow=True)
    client.post(form.redirect_chain[-1][0], {"password1": PASSWORD, "password2": PASSWORD})
    assert Client().login(email=user.email, password=PASSWORD)


@pytest.mark.django_db
def test_an_address_in_use_is_refused_in_words(rep: User) -> None:
    with pytest.raises(CommandError):
        call_command("add_administrator", rep.email, "Somebody")
