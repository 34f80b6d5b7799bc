"""The calendar feed: what a calendar program reads, for whom, and that its secret stays one."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from icalendar import Calendar, Event

from accounts.models import AccountMember
from core.models import AuditEvent, CalendarFeed, User
from core.staff import actions
from core.tokens import make_feed
from core.workdays import today
from dunning.models import Case
from prospects.choices import Stage
from relationships.models import Visit, VisitAttendee
from tests.factories import make_account, make_contact, make_prospect, make_visit

SignIn = Callable[[User], Client]


def address_of(user: User) -> str:
    return reverse("desk:calendar_feed", args=[make_feed(user)[1]])


def read(address: str, **headers: str) -> Any:
    return Client().get(address, headers=headers)


def events(user: User) -> dict[str, Event]:
    """What a calendar program finds at the person's address, by UID without our house's name."""
    found = Calendar.from_ical(read(address_of(user)).content)
    assert not found.errors
    assert not [error for event in found.walk("VEVENT") for error in event.errors]
    return {str(event["uid"]).partition("@")[0]: event for event in found.walk("VEVENT")}


def at(days: int, hour: int = 6) -> datetime:
    """Some o'clock UTC, so many days from today: afternoon in Shanghai."""
    return datetime.combine(today() + timedelta(days=days), datetime.min.time(), UTC).replace(hour=hour, minute=30)


# ------------------------------------------------------------------ what stands in it


def test_a_visit_is_an_hour_and_a_step_is_a_day(rep: User) -> None:
    account = make_account(rep, "Acme; Sons, Ltd", address="1 Steel Road", city="Wuhan")
    visit = make_visit(rep, account, at=at(3), minutes=90, purpose="Agree the price\nand the date")
    card = make_prospect(rep, account, "Line 2", next_step="Send offer", next_step_on=today() + timedelta(days=5))
    found = events(rep)
    event = found[f"visit-{visit.pk}"]
    assert event.decoded("dtstart") == at(3)
    assert event.decoded("dtend") == at(3) + timedelta(minutes=90)
    assert str(event["summary"]) == "Visit: Acme; Sons, Ltd"
    assert str(event["location"]) == "1 Steel Road, Wuhan"
    assert str(event["description"]).startswith("Agree the price\nand the date\n")
    assert str(event["url"]).endswith(visit.get_absolute_url())
    assert (str(event["status"]), event["sequence"]) == ("CONFIRMED", visit.version)
    assert event.decoded("last-modified") == visit.updated_at.replace(microsecond=0)
    step = found[f"prospect-step-{card.pk}"]
    assert step.decoded("dtstart") == today() + timedelta(days=5)
    assert step.decoded("dtend") == today() + timedelta(days=6)
    assert step["dtstart"].params["VALUE"] == "DATE"
    assert str(step["summary"]) == "Send offer (Line 2 · Acme; Sons, Ltd)"


def test_a_visit_called_off_stays_and_says_so(rep: User) -> None:
    visit = make_visit(rep, make_account(rep, "Acme"), at=at(1))
    before = int(events(rep)[f"visit-{visit.pk}"]["sequence"])
    Visit.objects.filter(pk=visit.pk).update(cancelled_at=at(0), cancelled_because="Ill", version=visit.version + 1)
    CalendarFeed.objects.all().delete()
    event = events(rep)[f"visit-{visit.pk}"]
    assert (str(event["status"]), str(event["summary"])) == ("CANCELLED", "Called off: Visit: Acme")
    assert int(event["sequence"]) == before + 1


def test_three_months_back_and_a_year_ahead(rep: User) -> None:
    account = make_account(rep)
    for days in (-200, -80, 300, 400):
        make_visit(rep, account, at=at(days), purpose=str(days))
    assert sorted(str(event["description"]).split("\n")[0] for event in events(rep).values()) == ["-80", "300"]


def test_finance_reads_what_it_will_do_next(rep: User, collector: User) -> None:
    account = make_account(rep, "Acme")
    Case.objects.create(account=account, collector=collector, next_action="call", next_action_on=today())
    assert [str(event["summary"]) for event in events(collector).values()] == ["Call again: Acme"]
    assert events(rep) == {}


def test_in_the_words_of_its_person(rep: User) -> None:
    make_visit(
        rep,
        make_account(rep, "华为技术有限公司深圳龙岗研发生产基地扩建工程项目管理办公室"),
        at=at(1),
        purpose="谈价格" * 40,
    )
    User.objects.filter(pk=rep.pk).update(language="zh-hans")
    body = read(address_of(rep)).content
    assert "拜访" in body.decode().replace("\r\n ", "")
    lines = body.split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert all(line.decode() is not None for line in lines)  # no character is broken by the fold
    assert b"\n" not in body.replace(b"\r\n", b"")


def test_no_word_of_people_in_it(rep: User) -> None:
    account = make_account(rep)
    visit = make_visit(rep, account, at=at(1))
    VisitAttendee.objects.create(visit=visit, contact=make_contact(rep, account, "Canary Wu", notes="Canary note"))
    assert b"Canary" not in read(address_of(rep)).content


def test_an_independent_reading_finds_the_same(rep: User) -> None:
    """Line by line as RFC 5545 says, without the library that wrote it."""
    make_visit(rep, make_account(rep, "Acme, Inc"), at=at(2), purpose='Says "yes"; then\nsigns\\')
    body = read(address_of(rep)).content.decode()
    assert body.endswith("\r\n")
    unfolded = body.replace("\r\n ", "").split("\r\n")
    assert unfolded[0] == "BEGIN:VCALENDAR"
    assert unfolded.count("BEGIN:VEVENT") == unfolded.count("END:VEVENT") == 1
    properties = dict(
        line.split(":", 1) for line in unfolded if line.startswith(("DT", "SUMMARY", "DESCRIPTION", "UID"))
    )
    assert properties["DTSTART"] == f"{at(2):%Y%m%dT%H%M%SZ}"
    assert properties["SUMMARY"] == "Visit: Acme\\, Inc"
    assert properties["DESCRIPTION"].startswith('Says "yes"\\; then\\nsigns\\\\\\n')
    assert properties["DTSTAMP"].endswith("Z")


# ------------------------------------------------------------------ whose it is


def test_only_his_own_and_what_he_joins(rep: User, colleague: User, other_rep: User) -> None:
    account = make_account(rep)
    AccountMember.objects.create(account=account, user=colleague)
    visit = make_visit(rep, account, at=at(1))
    assert events(colleague) == {}
    VisitAttendee.objects.create(visit=visit, colleague=colleague)
    VisitAttendee.objects.create(visit=visit, colleague=other_rep)
    CalendarFeed.objects.all().delete()
    assert list(events(colleague)) == [f"visit-{visit.pk}"]
    assert events(other_rep) == {}, "he does not see the account"


def test_what_he_may_not_see_any_more_is_gone_at_once(rep: User, colleague: User) -> None:
    account = make_account(colleague)
    member = AccountMember.objects.create(account=account, user=rep)
    visit = make_visit(colleague, account, at=at(1))
    VisitAttendee.objects.create(visit=visit, colleague=rep)
    address = address_of(rep)
    assert b"BEGIN:VEVENT" in read(address).content
    member.delete()
    assert b"BEGIN:VEVENT" not in read(address).content


def test_who_has_left_has_no_calendar(rep: User, administrator: User) -> None:
    address = address_of(rep)
    actions.deactivate_user(by=administrator, user_id=rep.pk)
    assert read(address).status_code == 404
    actions.activate_user(by=administrator, user_id=rep.pk)
    assert read(address).status_code == 404, "the door opens again, the address does not"


# ------------------------------------------------------------------ the address


def test_a_new_address_stops_the_old_one(rep: User, as_user: SignIn) -> None:
    browser = as_user(rep)
    first = browser.post("/settings/calendar-feed/", follow=True).context["address"]
    second = browser.post("/settings/calendar-feed/", follow=True).context["address"]
    assert [read(address).status_code for address in (first, second)] == [404, 200]
    assert second.encode() not in browser.get("/settings/calendar-feed/").content, "shown once"
    browser.post("/settings/calendar-feed/revoke/")
    assert read(second).status_code == 404
    assert list(AuditEvent.objects.order_by("id").values_list("code", flat=True)) == [
        "core.calendar_feed_made", "core.calendar_feed_revoked", "core.calendar_feed_made", "core.calendar_feed_revoked",
    ]  # fmt: skip


def test_the_key_is_kept_nowhere(rep: User, caplog: pytest.LogCaptureFixture) -> None:
    feed, key = actions.make_calendar_feed(by=rep)
    assert key not in str(CalendarFeed.objects.filter(pk=feed.pk).values())
    assert key not in str(list(AuditEvent.objects.values()))
    actions.revoke_calendar_feed(by=rep)
    with caplog.at_level(logging.INFO):
        assert read(reverse("desk:calendar_feed", args=[key])).status_code == 404
    assert ("Not Found: /calendar/….ics" in caplog.text, key in caplog.text) == (True, False)


@pytest.mark.parametrize("key", ["x", "A" * 43, "-" * 200])
def test_an_unknown_address_is_not_found(db: None, key: str) -> None:
    answer = read(f"/calendar/{key}.ics")
    assert (answer.status_code, answer.content) == (404, b"")


def test_it_is_read_only(rep: User) -> None:
    address = address_of(rep)
    assert Client().post(address).status_code == 405
    assert Client().head(address).status_code == 200


# ------------------------------------------------------------------ what it costs


def test_what_is_unchanged_is_not_sent_again(rep: User) -> None:
    visit = make_visit(rep, make_account(rep), at=at(1))
    address = address_of(rep)
    first = read(address)
    assert first["Content-Type"] == "text/calendar; charset=utf-8"
    assert first["Cache-Control"] == "private, no-cache"
    assert "Last-Modified" in first
    again = read(address, if_none_match=first["ETag"])
    assert (again.status_code, again.content) == (304, b"")
    visit.delete()
    assert read(address, if_none_match=first["ETag"]).status_code == 200
    assert read(address, if_modified_since=first["Last-Modified"]).status_code == 200, "a removal has no date"


def test_ten_visits_cost_what_one_does(rep: User, django_assert_num_queries: Any) -> None:
    account = make_account(rep)
    make_prospect(rep, account, stage=Stage.C, next_step="Call", next_step_on=date(2031, 3, 3))
    address = address_of(rep)
    for _round in range(2):
        for days in range(10):
            make_visit(rep, account, at=at(days))
        read(address)
        with django_assert_num_queries(4):  # whose, visits, steps of visits and of prospects
            read(address)


def test_who_asks_too_often_waits(rep: User, settings: Any) -> None:
    settings.API_REQUESTS_A_MINUTE = 20
    address = address_of(rep)
    browser = Client(REMOTE_ADDR="192.0.2.7")  # nobody else asks from there
    answers = [
        browser.get(address) for _time in range(6)
    ]  # a tenth for who has not signed in; a minute may end between
    assert answers[0].status_code == 200
    refused = [answer for answer in answers if answer.status_code == 429]
    assert refused
    assert 1 <= int(refused[0]["Retry-After"]) <= 60
