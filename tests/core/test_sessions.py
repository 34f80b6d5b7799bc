"""Signing in and out: whose session lives, and until when."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from django.core.cache import cache
from django.test import Client

from core.middleware import SEEN_AT
from core.models import Role, User

AsUser = Callable[[User], Client]
PASSWORD = "correct horse 9"


@pytest.fixture
def known(rep: User) -> User:
    """The rep with a password."""
    cache.clear()  # of the rate limits of earlier tests
    rep.set_password(PASSWORD)
    rep.save()
    return rep


def sign_in(browser: Client, password: str = PASSWORD, email: str = "li.lei@example.com") -> int:
    return browser.post("/auth/login/", {"login": email, "password": password}).status_code


def inside(browser: Client) -> bool:
    return browser.get("/settings/profile/").status_code == 200


def test_signing_in_takes_a_new_session(known: User) -> None:
    browser = Client()
    browser.get("/auth/login/")
    browser.session["seed"] = 1
    planted = browser.session
    planted["x"] = 1
    planted.save()
    browser.cookies["session"] = planted.session_key or ""
    assert sign_in(browser) == 302
    assert browser.cookies["session"].value != planted.session_key
    assert inside(browser)


def test_an_address_is_known_in_any_case(known: User) -> None:
    browser = Client()
    assert sign_in(browser, email="Li.Lei@Example.COM") == 302
    assert inside(browser)


def test_a_wrong_password_and_an_unknown_address_read_the_same(known: User) -> None:
    wrong = Client().post("/auth/login/", {"login": known.email, "password": "no"})
    unknown = Client().post("/auth/login/", {"login": "nobody@example.com", "password": "no"})
    assert wrong.status_code == unknown.status_code
    assert wrong.context["form"].errors == unknown.context["form"].errors


def test_nobody_signs_up_by_himself(db: None) -> None:
    Client().post("/auth/signup/", {"email": "new@example.com", "password1": PASSWORD, "password2": PASSWORD})
    assert not User.objects.exists()


def test_signing_out_ends_the_session(known: User) -> None:
    browser = Client()
    sign_in(browser)
    copied = browser.cookies["session"].value
    browser.post("/auth/logout/")
    assert not inside(browser)
    thief = Client()
    thief.cookies["session"] = copied
    assert not inside(thief)


def test_a_new_password_ends_every_other_session(known: User) -> None:
    here, there = Client(), Client()
    sign_in(here)
    sign_in(there)
    assert inside(there)
    new = {"oldpassword": PASSWORD, "password1": "another horse 8", "password2": "another horse 8"}
    assert here.post("/auth/password/change/", new).status_code == 302
    assert inside(here)
    assert not inside(there)


def test_who_was_away_too_long_signs_in_again_and_is_told_why(known: User, as_user: AsUser) -> None:
    browser = as_user(known)
    session = browser.session
    session[SEEN_AT] -= 29 * 60
    session.save()
    assert inside(browser)
    session = browser.session
    assert time.time() - session[SEEN_AT] < 5  # the request was a sign of life
    session[SEEN_AT] -= 31 * 60
    session.save()
    answer = browser.get("/settings/profile/", follow=True)
    assert answer.redirect_chain == [("/auth/login/?next=/settings/profile/", 302)]
    assert "You were away for more than 30 minutes" in answer.content.decode()
    assert not inside(browser)


def test_signs_of_life_are_written_once_a_minute(known: User, as_user: AsUser) -> None:
    browser = as_user(known)
    seen_at = browser.session[SEEN_AT]
    session = browser.session
    session[SEEN_AT] = seen_at - 30
    session.save()
    assert inside(browser)
    assert browser.session[SEEN_AT] == seen_at - 30


def test_a_company_may_do_without_the_idle_limit(known: User, as_user: AsUser, settings) -> None:
    settings.IDLE_MINUTES = 0
    browser = as_user(known)
    session = browser.session
    session[SEEN_AT] -= 10 * 3600
    session.save()
    assert inside(browser)


@pytest.mark.parametrize("field", ["is_active", "session_number"])
def test_a_shut_door_counts_from_the_next_request(known: User, as_user: AsUser, field: str) -> None:
    browser = as_user(known)
    assert inside(browser)
    User.objects.filter(pk=known.pk).update(**{field: {"is_active": False, "session_number": 7}[field]})
    assert not inside(browser)


def test_a_lost_role_counts_from_the_next_request(administrator: User, as_user: AsUser) -> None:
    browser = as_user(administrator)
    assert browser.get("/settings/audit/").status_code == 200
    User.objects.filter(pk=administrator.pk).update(role=Role.EXECUTIVE)
    assert browser.get("/settings/audit/").status_code == 403


def test_the_session_cookie_is_out_of_reach_of_scripts(known: User) -> None:
    browser = Client()
    sign_in(browser)
    cookie = browser.cookies["session"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie["max-age"] == ""  # over when the browser closes, unless one asks to stay signed in


def test_staying_signed_in_lasts_a_working_day(known: User) -> None:
    browser = Client()
    browser.post("/auth/login/", {"login": known.email, "password": PASSWORD, "remember": "on"})
    assert browser.cookies["session"]["max-age"] == 12 * 3600
