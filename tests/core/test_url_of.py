"""Ways to pages are looked up once a process, and lead where Django's own `{% url %}` does."""

from collections.abc import Callable, Iterator

import pytest
from django.template import engines
from django.urls import get_script_prefix, reverse, set_script_prefix

from core.navigation import address_of


@pytest.fixture
def mount() -> Iterator[Callable[[str], None]]:
    """Say where the site is mounted; afterwards it is where it was."""
    before = get_script_prefix()
    yield set_script_prefix
    set_script_prefix(before)


@pytest.mark.parametrize("prefix", ["/", "/crm0/"])
@pytest.mark.parametrize("view", ["visits:visit", "reminders:snooze_reminder", "prospects:record_planned_visit"])
def test_a_record_has_the_same_page(view: str, prefix: str, mount: Callable[[str], None]) -> None:
    template = engines["django"].from_string(f"{{% load core %}}{{% url_of '{view}' pk %}} {{% url '{view}' pk %}}")
    mount(prefix)
    ours, djangos = template.render({"pk": 1204}).split()
    assert ours == djangos
    assert ours.startswith(prefix) and "1204" in ours


def test_a_list_has_the_same_page(mount: Callable[[str], None]) -> None:
    for prefix in ("/", "/crm0/", "/"):
        mount(prefix)
        ours = address_of("accounts:list_accounts")
        assert ours == reverse("accounts:list_accounts")
        assert ours.startswith(prefix)
    assert address_of("accounts:no_such_page") == ""
