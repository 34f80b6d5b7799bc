"""The people every test knows: two teams under one company, and one of each role."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import translation

from core.models import Role, Team, User
from core.teams import add_team


@pytest.fixture(autouse=True)
def speak_english() -> None:
    """A request leaves its reader's language with the thread; the next test does not inherit it."""
    translation.activate("en")


@pytest.fixture
def company(db: None) -> Team:
    return add_team(name="Keyline Sales")


@pytest.fixture
def north(company: Team) -> Team:
    return add_team(name="North", parent=company)


@pytest.fixture
def south(company: Team) -> Team:
    return add_team(name="South", parent=company)


def person(name: str, role: Role, team: Team | None = None) -> User:
    """A user who may sign in; his email is his name at example.com."""
    return User.objects.create(
        email=f"{name.lower().replace(' ', '.')}@example.com", full_name=name, role=role, team=team, language="en"
    )


@pytest.fixture
def rep(north: Team) -> User:
    """李雷: sells in North."""
    return person("Li Lei", Role.REP, north)


@pytest.fixture
def colleague(north: Team) -> User:
    """韩梅梅: sells in North too."""
    return person("Han Meimei", Role.REP, north)


@pytest.fixture
def other_rep(south: Team) -> User:
    """Sells in South; sees nothing of North."""
    return person("Sun Nan", Role.REP, south)


@pytest.fixture
def manager(north: Team) -> User:
    """Leads North."""
    return person("Wang Manager", Role.MANAGER, north)


@pytest.fixture
def other_manager(south: Team) -> User:
    """Leads South."""
    return person("Zhao Manager", Role.MANAGER, south)


@pytest.fixture
def director(company: Team) -> User:
    """Leads the whole company's sales: a manager of the root team."""
    return person("Chen Director", Role.MANAGER, company)


@pytest.fixture
def collector(company: Team) -> User:
    """Finance."""
    return person("Qian Collector", Role.FINANCE, company)


@pytest.fixture
def executive(company: Team) -> User:
    return person("Zhou Executive", Role.EXECUTIVE, company)


@pytest.fixture
def administrator(company: Team) -> User:
    return person("Admin One", Role.ADMINISTRATOR, company)


@pytest.fixture
def as_user(db: None) -> Callable[[User], Client]:
    """A browser in which this user is signed in: `as_user(rep).get(…)`."""

    def sign_in(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return sign_in
