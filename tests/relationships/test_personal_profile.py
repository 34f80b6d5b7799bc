"""Birthdays (R5) and who may know them (L1): the account team and those who lead it, nobody else, nowhere else."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.models import AccountMember
from core.errors import Conflict, DomainError, NotAllowed, NotFound
from core.models import AuditEvent, User
from core.users import SYSTEM
from relationships import actions, queries
from relationships.models import Contact, ContactRule, PersonalProfile, Position
from tests.factories import make_account, make_contact, make_visit

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
BORN: dict[str, Any] = {"calendar": "solar", "month": 12, "day": 3, "year": 1975}
TEAM = ("rep", "colleague", "manager", "director")
OTHERS = ("other_rep", "other_manager", "collector", "executive", "administrator")
READERS = OTHERS[2:]
"""Who see the person, and not what is personal."""


@pytest.fixture
def wang(rep: User, colleague: User) -> Contact:
    """Known to his owner, to a colleague on the account's team and to who leads them."""
    account = make_account(rep, "Acme")
    AccountMember.objects.create(account=account, user=colleague)
    return make_contact(rep, account, "Wang Wei")


def told() -> list[str]:
    return list(AuditEvent.objects.order_by("id").values_list("code", flat=True))


# ------------------------------------------------------------------ noting, changing, erasing


def test_a_birthday_is_noted_changed_and_erased(rep: User, manager: User, wang: Contact) -> None:
    noted = actions.note_birthday(by=rep, contact_id=wang.pk, version=0, **BORN)
    assert (noted.birthday.year, noted.purpose, noted.noted_by, noted.version) == (1975, "wishes", rep, 1)  # type: ignore[union-attr]
    actions.note_birthday(by=rep, contact_id=wang.pk, version=1, **BORN)
    changed = actions.note_birthday(
        by=manager, contact_id=wang.pk, version=1, calendar="leap", month=8, day=8, year=1976, purpose="planning"
    )
    assert (changed.birthday.calendar, changed.noted_by, changed.version) == ("leap", manager, 2)  # type: ignore[union-attr]
    actions.erase_profile(by=rep, contact_id=wang.pk, version=2)
    assert not PersonalProfile.objects.exists()
    assert told() == [f"relationships.birthday_{what}" for what in ("noted", "changed", "erased")], (
        "the same again is none"
    )
    assert all(set(event.details) == {"name", "contact_id"} for event in AuditEvent.objects.all()), "and never a value"


@pytest.mark.parametrize("role", TEAM)
def test_the_team_and_who_leads_it_may(role: str, wang: Contact, request: pytest.FixtureRequest) -> None:
    by = request.getfixturevalue(role)
    actions.note_birthday(by=by, contact_id=wang.pk, **BORN)
    assert queries.get_profile(by, wang.pk).noted_by == by
    actions.erase_profile(by=by, contact_id=wang.pk)


@pytest.mark.parametrize("role", OTHERS)
def test_nobody_else_may(role: str, rep: User, wang: Contact, request: pytest.FixtureRequest) -> None:
    by, refusal = request.getfixturevalue(role), NotFound if role.startswith("other") else NotAllowed
    actions.note_birthday(by=rep, contact_id=wang.pk, **BORN)
    with pytest.raises(NotFound):
        queries.get_profile(by, wang.pk)
    with pytest.raises(refusal):
        actions.note_birthday(by=by, contact_id=wang.pk, **BORN)
    with pytest.raises(refusal):
        actions.erase_profile(by=by, contact_id=wang.pk)
    assert queries.personal_card(by, wang) is None
    assert queries.birthdays_of(by, [wang.pk]) == {}


def test_a_sponsor_on_the_team_reads_business_only(executive: User, rep: User, wang: Contact) -> None:
    AccountMember.objects.create(account=wang.positions.get().account, user=executive, role="sponsor")
    actions.note_birthday(by=rep, contact_id=wang.pk, **BORN)
    assert queries.personal_card(executive, wang) is None
    assert queries.birthdays_of(SYSTEM, [wang.pk]) == {}, "nor does a job"


def test_who_met_the_person_at_a_former_firm_knows_no_more(rep: User, other_rep: User, wang: Contact) -> None:
    Position.objects.create(contact=wang, account=make_account(other_rep), ended_on=date(2020, 1, 1))
    actions.note_birthday(by=rep, contact_id=wang.pk, **BORN)
    assert queries.get_contact(other_rep, wang.pk) == wang
    with pytest.raises(NotFound):
        queries.get_profile(other_rep, wang.pk)


@pytest.mark.parametrize(
    ("values", "field"),
    [({"month": 13}, "month"), ({"day": 32}, "day"), ({"year": 1800}, "year"), ({"calendar": "julian"}, "calendar"),
     ({"purpose": "curiosity"}, "purpose")],
)  # fmt: skip
def test_what_cannot_be_is_refused(values: dict[str, Any], field: str, rep: User, wang: Contact) -> None:
    with pytest.raises(DomainError) as refusal:
        actions.note_birthday(by=rep, contact_id=wang.pk, **BORN | values)
    assert refusal.value.field == field
    assert not PersonalProfile.objects.exists()


def test_nobody_writes_over_what_he_has_not_seen(rep: User, wang: Contact) -> None:
    actions.note_birthday(by=rep, contact_id=wang.pk, version=0, **BORN)
    with pytest.raises(Conflict):
        actions.note_birthday(by=rep, contact_id=wang.pk, version=0, **BORN | {"day": 4})
    with pytest.raises(Conflict):
        actions.erase_profile(by=rep, contact_id=wang.pk, version=7)
    actions.erase_profile(by=rep, contact_id=wang.pk, version=1)
    with pytest.raises(DomainError) as refusal:
        actions.note_birthday(by=rep, contact_id=wang.pk, version=1, **BORN)
    assert refusal.value.code == "erased", "whom somebody erased meanwhile is not noted again by accident"
    with pytest.raises(NotFound):
        actions.erase_profile(by=rep, contact_id=wang.pk)


# ------------------------------------------------------------------ what lies there, and for how long


def test_the_database_holds_no_birthday_in_the_clear(rep: User, wang: Contact) -> None:
    actions.note_birthday(by=rep, contact_id=wang.pk, **BORN)
    with connection.cursor() as cursor:
        cursor.execute("select relationships_personalprofile::text from relationships_personalprofile")
        row = cursor.fetchone()[0]
        cursor.execute("select to_regclass('relationships_personalprofileevent')")
        assert cursor.fetchone()[0] is None, "no field history"
    assert "1975" not in row
    assert "solar" not in row


def test_the_profile_goes_with_the_person(rep: User, wang: Contact) -> None:
    actions.note_birthday(by=rep, contact_id=wang.pk, **BORN)
    wang.delete()
    assert not PersonalProfile.objects.exists()


def test_a_lost_key_leaves_a_card_that_says_so(rep: User, wang: Contact, as_user: SignIn, settings: Any) -> None:
    actions.note_birthday(by=rep, contact_id=wang.pk, **BORN)
    settings.PERSONAL_KEYS, settings.SECRET_KEY = [], settings.SECRET_KEY + "-another"
    page = as_user(rep).get(f"/contacts/{wang.pk}/").content.decode()
    assert "sealed with a key that is gone" in page
    assert queries.birthdays_of(rep, [wang.pk]) == {}


def test_who_left_long_ago_is_forgotten(rep: User, wang: Contact) -> None:
    on = date(2026, 11, 23)
    stays, never = make_contact(rep, make_account(rep), "Stays"), make_contact(rep, full_name="Never anywhere")
    Position.objects.create(contact=stays, account=make_account(rep), ended_on=date(2019, 1, 1))
    for person in (wang, stays, never):
        actions.note_birthday(by=rep, contact_id=person.pk, **BORN)
    PersonalProfile.objects.update(updated_at=timezone.now() - timedelta(days=9_000))
    wang.positions.update(ended_on=date(2024, 11, 23))
    assert actions.forget_profiles(on=on) == 1, "who never had a position, by the day it was noted"
    ContactRule.objects.create(profile_months=23)
    assert actions.forget_profiles(on=on) == 1
    assert actions.forget_profiles(on=on) == 0, "a second run finds nothing"
    assert [profile.contact for profile in PersonalProfile.objects.all()] == [stays]
    assert told()[-2:] == ["relationships.birthday_erased"] * 2


# ------------------------------------------------------------------ pages and programs


def test_the_card_stands_on_the_page_of_the_team_only(
    rep: User, wang: Contact, as_user: SignIn, request: pytest.FixtureRequest
) -> None:
    browser = as_user(rep)
    sheet = browser.post(f"/contacts/{wang.pk}/birthday/", {**BORN, "purpose": "wishes", "version": 0})
    assert sheet["Location"] == f"/contacts/{wang.pk}/"
    page = browser.get(f"/contacts/{wang.pk}/")
    assert ("3 Dec 1975" in page.content.decode(), page["Cache-Control"]) == (True, "private, no-store")
    assert "no-store" in browser.get(f"/contacts/{wang.pk}/birthday/")["Cache-Control"]
    newer = browser.post(f"/contacts/{wang.pk}/birthday/", {**BORN, "day": 4, "purpose": "wishes", "version": 0})
    assert newer.status_code == 409
    for role in READERS:
        seen = as_user(request.getfixturevalue(role)).get(f"/contacts/{wang.pk}/").content.decode()
        assert "Wang Wei" in seen
        assert f"/contacts/{wang.pk}/birthday/" not in seen
        assert "3 Dec 1975" not in seen


def test_programs_of_the_team_read_write_and_erase(rep: User, collector: User, wang: Contact, as_user: SignIn) -> None:
    path, browser = f"/api/v1/contacts/{wang.pk}/profile/", as_user(rep)
    assert browser.get(path).status_code == 404, "while nothing is noted"
    body = {"calendar": "lunar", "month": 8, "day": 15, "purpose": "wishes"}
    noted = browser.put(path, body, content_type="application/json")
    assert (noted.status_code, noted["ETag"], noted.json()["month"], noted.json()["year"]) == (200, '"1"', 8, None)
    answer = browser.get(path)
    assert (answer.json()["calendar"], answer["Cache-Control"]) == ("lunar", "private, no-store")
    stale = browser.put(path, body | {"day": 14}, content_type="application/json", headers={"If-Match": '"9"'})
    assert stale.status_code == 412
    assert "15" not in stale.content.decode()
    assert browser.put(path, body | {"day": 31}, content_type="application/json").status_code == 422
    assert as_user(collector).get(path).status_code == 404
    assert as_user(collector).delete(path).status_code == 403
    assert browser.delete(path).status_code == 204
    assert not PersonalProfile.objects.exists()


EVERYWHERE = (
    "/", "/contacts/", "/contacts/?export=csv", "/contacts/{contact}/", "/contacts/{contact}/time-line/",
    "/contacts/at/{account}/", "/contacts/similar/?full_name=Wang+Wei", "/accounts/{account}/", "/visits/{visit}/",
    "/visits/{visit}/brief/", "/history/relationships.contact/{contact}/", "/history/relationships.personalprofile/{profile}/",
    "/settings/audit/", "/palette/?q=Wang", "/api/v1/contacts/", "/api/v1/contacts/{contact}/", "/api/v1/contacts/{contact}/profile/",
    "/api/v1/visits/{visit}/brief/",
)  # fmt: skip
GUARDED = {
    "/contacts/{contact}/",
    "/visits/{visit}/brief/",
    "/api/v1/contacts/{contact}/profile/",
    "/api/v1/visits/{visit}/brief/",
}
"""The only places where the team itself finds it."""


def test_a_planted_birthday_is_where_it_belongs_and_nowhere_else(
    rep: User, wang: Contact, as_user: SignIn, request: pytest.FixtureRequest, caplog: Any
) -> None:
    caplog.set_level(logging.DEBUG)
    born, account = timezone.localdate() + timedelta(days=3), wang.positions.get().account
    visit = make_visit(rep, account, at=timezone.now() + timedelta(days=2))
    profile = actions.note_birthday(
        by=rep, contact_id=wang.pk, calendar="solar", month=born.month, day=born.day, year=1912
    )
    signs = (
        f"{born.day} {born:%b} 1912",
        f"1912-{born:%m-%d}",
        '"year":1912',
        "Birthday near",
        f"/contacts/{wang.pk}/birthday/",
    )
    ids = {"contact": wang.pk, "account": account.pk, "visit": visit.pk, "profile": profile.pk}

    def places(by: User) -> set[str]:
        found = set()
        for path in EVERYWHERE:
            answer = as_user(by).get(path.format(**ids), follow=True)
            text = (b"".join(answer) if answer.streaming else answer.content).decode(errors="replace")
            found |= {path} if any(sign in text for sign in signs) else set()
        return found

    assert places(rep) == GUARDED
    for role in OTHERS:
        assert places(request.getfixturevalue(role)) == set(), role
    assert f"1912-{born:%m-%d}" not in caplog.text
    assert "Wang Wei" not in as_user(rep).get("/contacts/?q=1912").content.decode(), "nor does search look there"
