"""Ctrl-K: records one sees, pages one may open, things one may do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from core.models import User
from core.search import search_columns
from tests.factories import make_account, make_contact, make_prospect

SignIn = Callable[[User], Client]


@pytest.fixture
def palette(as_user: SignIn) -> Callable[..., str]:
    def ask(user: User, term: str | None = None) -> str:
        return as_user(user).get("/palette/", {} if term is None else {"q": term}).content.decode()

    return ask


@pytest.mark.parametrize("term", ["华为", "hw", "huawei", "HUAWEI", "华", "ｈｗ"])
def test_a_name_is_found_however_it_is_typed(term: str, rep: User, palette: Callable[..., str]) -> None:
    account = make_account(rep, "华为技术有限公司")
    make_account(rep, "腾讯")
    found = palette(rep, term)
    assert f"/accounts/{account.pk}/" in found
    assert "腾讯" not in found


def test_all_three_kinds_are_found(rep: User, palette: Callable[..., str]) -> None:
    account = make_account(rep, "曾氏集团")
    contact = make_contact(rep, account, "曾国藩")
    contact.__class__.objects.filter(pk=contact.pk).update(**search_columns("曾国藩", person=True))
    prospect = make_prospect(rep, account, "曾氏 CRM")
    found = palette(rep, "曾")
    for address in (f"/accounts/{account.pk}/", f"/contacts/{contact.pk}/", f"/prospects/{prospect.pk}/"):
        assert address in found
    assert f"/contacts/{contact.pk}/" in palette(rep, "zengguofan")


def test_what_belongs_to_others_stays_theirs(rep: User, other_rep: User, palette: Callable[..., str]) -> None:
    make_account(other_rep, "华为")
    assert "Nothing is called" in palette(rep, "huawei")


def test_deeds_and_pages_are_those_one_may(
    rep: User, executive: User, administrator: User, palette: Callable[..., str]
) -> None:
    assert "/accounts/new/" in palette(rep)
    assert "/accounts/new/" not in palette(executive)
    assert "/settings/users/" in palette(administrator, "user")
    assert "/settings/users/" not in palette(rep, "user")


def test_what_one_worked_on_last_comes_first(rep: User, palette: Callable[..., str]) -> None:
    from accounts.actions import add_note

    account = make_account(rep, "华为")
    add_note(by=rep, account_id=account.pk, body="Spoke with them.")
    opened = palette(rep)
    assert "Last worked on" in opened
    assert f"/accounts/{account.pk}/" in opened


@pytest.mark.parametrize("term", ["\x00", "%", "_", "\\", "'", "a" * 5_000, "（", " ", "\u202e", "😀", "  华  为  "])
def test_odd_input_is_answered(term: str, rep: User, palette: Callable[..., str]) -> None:
    assert palette(rep, term) is not None


def test_the_palette_costs_at_most_eight_statements(
    manager: User, as_user: SignIn, django_assert_max_num_queries: Any
) -> None:
    client = as_user(manager)
    with django_assert_max_num_queries(8):
        client.get("/palette/", {"q": "华为"})
