"""Today: what wants to be done, each card once, for every role; and never dearer than ten statements."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from core.models import User
from core.workdays import today
from desk.today import Today, today_of
from prospects.choices import Outcome, Stage
from relationships.queries import neglected_key_accounts
from tests.factories import make_account, make_prospect

SignIn = Callable[[User], Client]


def day(ahead: int) -> date:
    return today() + timedelta(days=ahead)


def sections(page: Today) -> dict[str, list[str]]:
    return {section.key: [line.name for line in section.lines] for section in page.sections}


@pytest.fixture
def busy(rep: User) -> User:
    """A rep with one card of every kind."""
    account = make_account(rep, "华为")
    planned = {"account": account, "next_step": "Call", "stage": Stage.C}
    make_prospect(rep, name="Late", next_step_on=day(-3), **planned)
    make_prospect(rep, name="Now", next_step_on=day(0), **planned)
    make_prospect(
        rep,
        name="Slipping",
        next_step_on=day(5),
        slipping_since=day(-1),
        falls_back_to=Stage.D,
        slip_reason="decision_passed",
        **planned,
    )
    make_prospect(rep, name="Soon", next_step_on=day(6), **planned)
    make_prospect(rep, name="Closing", next_step_on=day(9), expected_close_on=day(0), **planned)
    make_prospect(rep, account, name="Unplanned", stage=Stage.B)
    make_prospect(rep, account, name="Idea", stage=Stage.E)
    make_prospect(rep, account, name="Fine", stage=Stage.D, next_step="Visit", next_step_on=day(9))
    return rep


def test_a_rep_sees_each_card_under_the_loudest_thing(busy: User) -> None:
    assert sections(today_of(busy)) == {
        "overdue": ["Late"], "due": ["Now"], "nothing_planned": ["Unplanned"], "slipping": ["Slipping"], "ahead": ["Soon"], "closing": ["Closing"],
    }  # fmt: skip


def test_a_rep_sees_his_own_cards_only(busy: User, colleague: User) -> None:
    make_prospect(colleague, name="Hers", stage=Stage.B)
    assert "Hers" not in sections(today_of(busy))["nothing_planned"]
    assert sections(today_of(colleague)) == {"nothing_planned": ["Hers"]}


def test_a_manager_sees_his_team_and_who_owes_reviews(busy: User, manager: User, other_manager: User) -> None:
    page = today_of(manager)
    assert sections(page)["overdue"] == ["Late"]
    assert [(reviewer.name, reviewer.due) for reviewer in page.reviewers] == [("Li Lei", 8)]
    assert sections(today_of(other_manager)) == {}


def test_a_section_shows_a_few_and_counts_all(rep: User) -> None:
    for number in range(9):
        make_prospect(rep, name=f"Late {number}", next_step="Call", next_step_on=day(-9 + number))
    (section,) = today_of(rep).sections
    assert ([line.name for line in section.lines][:2], len(section.lines), section.total) == (
        ["Late 0", "Late 1"],
        6,
        9,
    )


def test_finance_sees_what_was_won(busy: User, collector: User) -> None:
    make_prospect(busy, name="Won", stage=Stage.S, outcome=Outcome.WON, closed_on=day(-2))
    make_prospect(busy, name="Won before", stage=Stage.S, outcome=Outcome.WON, closed_on=day(-9))
    assert sections(today_of(collector)) == {"won": ["Won", "Won before"]}


def test_the_administrator_sees_the_house(administrator: User) -> None:
    labels = [figure["label"] for figure in today_of(administrator).house]
    assert labels[0] == "People who may sign in"


@pytest.mark.parametrize("role", ["rep", "manager", "collector", "executive", "administrator"])
def test_every_role_has_a_page_of_at_most_ten_statements(
    role: str, busy: User, request: pytest.FixtureRequest, as_user: SignIn, django_assert_max_num_queries: Any
) -> None:
    client = as_user(request.getfixturevalue(role))
    client.get("/")
    with django_assert_max_num_queries(10):
        answer = client.get("/")
    assert answer.status_code == 200


def test_an_empty_house_begins_with_its_accounts(rep: User, manager: User, as_user: SignIn) -> None:
    for person in (rep, manager):
        page = as_user(person).get("/").content.decode()
        assert ("Import accounts" in page, "Plan a visit" in page.split("today-main")[1], "Start calling" in page) == (
            True,
            False,
            False,
        )
    make_account(rep, "Acme")
    page = as_user(rep).get("/").content.decode()
    assert ("Nothing is due today" in page, "Import accounts" in page) == (True, False)


def test_a_manager_sees_the_key_accounts_nobody_speaks_with(
    rep: User, manager: User, other_rep: User, as_user: SignIn, django_assert_max_num_queries: Any
) -> None:
    for name, tier, days in (("VIP", "vip", 20), ("Large", "large", 90), ("Fresh", "vip", 2), ("Small", "small", 300)):
        make_account(rep, name, tier=tier, last_contact_on=day(-days))
    make_account(other_rep, "Of South", tier="vip", last_contact_on=day(-99))
    found = neglected_key_accounts(manager, today())
    assert [(account.name, account.days_late) for account in found] == [("VIP", 13), ("Large", 60)]
    browser = as_user(manager)
    assert 'hx-get="/team/"' in browser.get("/").content.decode()
    with django_assert_max_num_queries(8):
        page = browser.get("/team/").content.decode()
    assert ("13 days late" in page, "Of South" in page) == (True, False)
    assert as_user(rep).get("/team/").status_code == 403
