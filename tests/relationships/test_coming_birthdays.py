"""Birthdays to come (V1, V5): the page and the API of who may know them, and a reminder that never says whose it is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from core.models import Role, User
from core.users import SYSTEM
from relationships.actions import erase_profile, note_birthday
from relationships.models import Contact, Position
from relationships.queries import birthday_counts, coming_birthdays
from reminders import actions
from reminders.models import Occurrence
from reminders.queries import on_the_desk
from reminders.registry import RULES
from tests.factories import make_account, make_contact

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
RULE = "relationships.birthday"
TUESDAY = date(2026, 3, 3)
NINE = datetime(2026, 3, 3, 1, 0, tzinfo=UTC)
"""In the morning, in Shanghai."""
SPRING = (date(2026, 2, 28), date(2026, 5, 2))


def born(owner: User, name: str, on: date, calendar: str = "solar", **more: Any) -> Contact:
    contact = make_contact(owner, full_name=name, **more)
    note_birthday(by=owner, contact_id=contact.pk, calendar=calendar, month=on.month, day=on.day)
    return contact


def turn(now: datetime = NINE) -> None:
    actions.plan(now=now, only=[RULE])
    actions.tell_in_app(now=now)


def said(user: User) -> list[str]:
    return [RULES[row.rule].say(row.words) for row in on_the_desk(user)]


# ------------------------------------------------------------------ who sees which


def test_the_next_one_comes_first_by_either_calendar(rep: User) -> None:
    account = make_account(rep, "Acme")
    for name, on, calendar in (
        ("May", date(2000, 5, 2), "solar"),
        ("Too late", date(2000, 5, 3), "solar"),
        ("Leap", date(2000, 2, 29), "solar"),  # kept on the 28th
        ("Gone by", date(2000, 2, 27), "solar"),
        ("Dragon", date(2000, 2, 2), "lunar"),  # 20 March 2026
    ):
        Position.objects.create(contact=born(rep, name, on, calendar), account=account, title="Buyer")
    found = coming_birthdays(rep, *SPRING)
    assert [(one.contact.full_name, one.on) for one in found] == [
        ("Leap", date(2026, 2, 28)),
        ("Dragon", date(2026, 3, 20)),
        ("May", date(2026, 5, 2)),
    ]
    assert {str(one.position.account) for one in found if one.position} == {"Acme"}


def test_statements_do_not_grow_with_the_people(rep: User, django_assert_num_queries: Any) -> None:
    for number in range(3):
        Position.objects.create(contact=born(rep, f"P{number}", date(2000, 3, 9)), account=make_account(rep))
    with django_assert_num_queries(3):
        assert len(coming_birthdays(rep, *SPRING)) == 3


@pytest.mark.parametrize(
    ("role", "sees"),
    [("rep", True), ("manager", True), ("director", True), ("other_rep", False), ("other_manager", False),
     ("collector", False), ("executive", False), ("administrator", False)],
)  # fmt: skip
def test_only_who_knows_the_person_finds_the_day(
    role: str, sees: bool, rep: User, as_user: SignIn, request: pytest.FixtureRequest
) -> None:
    by: User = request.getfixturevalue(role)
    born(rep, "Wang Wei", timezone.localdate() + timedelta(days=5))
    keeps = role not in {"collector", "executive", "administrator"}
    page, listed = (as_user(by).get(f"{where}/contacts/birthdays/") for where in ("", "/api/v1"))
    assert {page.status_code, listed.status_code} == {200 if keeps else 403}
    assert ("Wang Wei" in page.content.decode()) is sees
    assert ("Wang Wei" in listed.content.decode()) is sees
    assert ("/contacts/birthdays/" in as_user(by).get("/contacts/").content.decode()) is keeps


def test_programs_learn_day_person_and_account(rep: User, as_user: SignIn) -> None:
    on, account = timezone.localdate() + timedelta(days=5), make_account(rep, "Acme")
    person = born(rep, "Wang Wei", on, account=account)
    answer = as_user(rep).get("/api/v1/contacts/birthdays/", {"days": 5})
    assert answer["Cache-Control"] == "private, no-store"
    assert answer.json() == [
        {"on": f"{on}", "contact": person.pk, "full_name": "Wang Wei", "account": account.pk, "calendar": "solar",
         "month": on.month, "day": on.day}
    ]  # fmt: skip
    assert as_user(rep).get("/api/v1/contacts/birthdays/", {"days": 4}).json() == []


def test_the_page_says_when_how_long_still_and_how_to_call(rep: User, as_user: SignIn) -> None:
    on = timezone.localdate()
    person = born(rep, "Wang Wei", on + timedelta(days=5))
    person.channels.create(kind="mobile", value="138 0013 8000")
    born(rep, "Li Lei", on - timedelta(days=1))
    answer = as_user(rep).get("/contacts/birthdays/")
    text = answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    for words in ("in 5 days", "1 day ago", 'href="tel:', person.get_absolute_url()):
        assert words in text, words


def test_an_empty_page_says_how_to_begin(rep: User, as_user: SignIn) -> None:
    assert "on the card with the lock" in as_user(rep).get("/contacts/birthdays/").content.decode()


@pytest.mark.parametrize("days", ["-1", "367", "soon"])
def test_programs_ask_for_no_more_than_a_year(days: str, rep: User, as_user: SignIn) -> None:
    refused = as_user(rep).get("/api/v1/contacts/birthdays/", {"days": days})
    assert refused.status_code == 400
    assert "days" in refused.content.decode()


# ------------------------------------------------------------------ the reminder


def test_the_owner_is_told_how_many_and_nobody_whose(rep: User, manager: User) -> None:
    born(rep, "Wang Wei", TUESDAY)
    born(rep, "Li Lei", TUESDAY)
    turn()
    assert said(rep) == ["Birthday on 3 Mar 2026: 2 of the people you look after"]
    assert said(manager) == [], "who leads him looks at the page when he wants to"
    row = Occurrence.objects.filter(recipient=rep)[0]
    assert (row.subject_type, row.subject_id, row.account_id, row.url) == (
        "core.user",
        rep.pk,
        None,
        "/contacts/birthdays/",
    )
    assert set(row.words) == {"people", "on"}
    turn(NINE + timedelta(hours=2))
    assert len(said(rep)) == 1


def test_one_of_a_sunday_is_told_on_friday(rep: User) -> None:
    born(rep, "Wang Wei", date(2026, 3, 8))
    friday = NINE + timedelta(days=3)
    turn(friday - timedelta(days=1))
    assert said(rep) == []
    turn(friday)
    assert said(rep) == ["Birthday on 8 Mar 2026: 1 of the people you look after"]


def test_a_day_without_a_clock_loses_none(rep: User) -> None:
    born(rep, "Wang Wei", TUESDAY)
    turn(NINE + timedelta(days=3))
    assert len(said(rep)) == 1, "a belated word is better than none"
    turn(NINE + timedelta(days=4))
    assert said(rep) == [], "and then it is over"


def test_what_is_erased_is_not_told(rep: User) -> None:
    person = born(rep, "Wang Wei", TUESDAY)
    actions.plan(now=NINE - timedelta(hours=3), only=[RULE])
    erase_profile(by=rep, contact_id=person.pk)
    turn()
    assert said(rep) == []


def test_who_may_no_longer_know_is_not_told(rep: User) -> None:
    born(rep, "Wang Wei", TUESDAY)
    User.objects.filter(pk=rep.pk).update(role=Role.FINANCE)
    assert birthday_counts(*SPRING) == {}
    turn()
    assert said(rep) == []
    assert coming_birthdays(SYSTEM, *SPRING) == [], "a job counts them, and sees nobody's"


def test_a_lost_key_reminds_of_nothing(rep: User, settings: Any) -> None:
    born(rep, "Wang Wei", TUESDAY)
    settings.PERSONAL_KEYS, settings.SECRET_KEY = [], settings.SECRET_KEY + "-another"
    turn()
    assert said(rep) == []
