"""Statements the ORM writes once a process: the same rows, whoever asks, and no reader gets another's."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from accounts.models import Account, AccountQuerySet
from accounts.queries import visible_accounts
from core.models import User
from core.statements import Statement
from core.users import SYSTEM
from core.workdays import today
from tests.factories import make_account

STALE = Statement(lambda by, until: visible_accounts(by).filter(last_contact_on__lte=until).order_by("id"))


@pytest.fixture
def accounts(rep: User, other_rep: User) -> dict[str, Account]:
    return {
        "mine": make_account(rep, "Acme", last_contact_on=today() - timedelta(days=9)),
        "fresh": make_account(rep, "Blue", last_contact_on=today()),
        "theirs": make_account(other_rep, "Crane", last_contact_on=today() - timedelta(days=9)),
    }


def test_every_kind_of_reader_gets_what_scope_gives_him(
    accounts: dict[str, Account], rep: User, colleague: User, manager: User, other_manager: User, executive: User
) -> None:
    until = today() - timedelta(days=1)
    for _again in range(2):
        for reader in (rep, colleague, manager, other_manager, executive):
            plain = visible_accounts(reader).filter(last_contact_on__lte=until).order_by("id")
            assert STALE.rows(reader, until=until) == list(plain), reader.role
    assert STALE.rows(rep, until=today()) == [accounts["mine"], accounts["fresh"]]
    assert STALE.rows(other_manager, until=until) == [accounts["theirs"]]


def test_the_program_itself_sees_all(accounts: dict[str, Account]) -> None:
    everybody = Statement(lambda by: visible_accounts(by).order_by("id"))
    assert everybody.rows(SYSTEM) == [accounts["mine"], accounts["fresh"], accounts["theirs"]]


def test_a_person_without_a_role_is_not_the_program(accounts: dict[str, Account], rep: User) -> None:
    User.objects.filter(pk=rep.pk).update(role="")
    everybody = Statement(lambda by: visible_accounts(by).order_by("id"))
    assert everybody.rows(User.objects.get(pk=rep.pk)) == [accounts["mine"], accounts["fresh"]]


def test_it_is_written_once_for_a_kind_of_reader(rep: User, colleague: User, manager: User) -> None:
    asked: list[str | None] = []

    def mine(by: User) -> AccountQuerySet:
        asked.append(by.role)
        return visible_accounts(by)

    once = Statement(mine)
    for reader in (rep, colleague, manager, rep):
        once.rows(reader)
    assert asked == ["rep", "manager"]


def test_what_comes_along_costs_no_statement(
    accounts: dict[str, Account], rep: User, django_assert_num_queries: Any
) -> None:
    owners = {"owner": ["full_name"], "parent": [], "parent__owner": ["full_name"]}
    named = Statement(lambda by: visible_accounts(by).order_by("id"), brings=owners)
    Account.objects.filter(pk=accounts["mine"].pk).update(parent=accounts["theirs"])
    with django_assert_num_queries(1):
        mine, fresh = named.rows(rep)
        assert (mine.owner.full_name, fresh.owner) == (rep.full_name, rep)
        assert mine.parent is not None
        assert (mine.parent.owner.full_name, fresh.parent) == (accounts["theirs"].owner.full_name, None)
    assert mine.owner.email == rep.email, "what else is asked for is read then"


@pytest.mark.parametrize(
    "depends_on_more",
    [
        lambda by, on: visible_accounts(by).filter(last_contact_on__gt=on - timedelta(days=7)),
        lambda by, on: visible_accounts(by).filter(last_contact_on__gt=on, created_at__date=on),
        lambda by, on: visible_accounts(by).filter(last_contact_on__gt=on, next_step_on__gt=date(2026, 1, 1)),
        lambda by, on: visible_accounts(by).filter(last_contact_on__gt=on, id=by.pk + 1),
        lambda by, on: visible_accounts(by),
    ],
)
def test_what_would_stay_as_it_was_the_first_time_is_refused(rep: User, depends_on_more: Any) -> None:
    with pytest.raises(ValueError, match=r"depends on more|do not reach"):
        Statement(depends_on_more).rows(rep, on=today())


def test_of_the_reader_there_is_only_what_scope_asks_for(rep: User) -> None:
    with pytest.raises(User.DoesNotExist):
        Statement(lambda by: visible_accounts(by).filter(owner__email=by.email)).rows(rep)
