"""What reaches me: the matrix, quiet hours, absences, chats."""

from __future__ import annotations

from datetime import timedelta
from ipaddress import ip_network

import pytest

from core.models import AuditEvent
from core.workdays import today
from reminders.choices import Channel
from reminders.models import Absence, ChatAddress, Preference
from reminders.queries import own_rules, receiver_of
from reminders.registry import CLIMBS
from tests.receiver import receiver
from tests.reminders.conftest import declare

pytestmark = pytest.mark.django_db
HERE = "/reminders/settings/"


def boxes(page):
    """What a browser would send of the matrix: every ticked box."""
    return {name: "on" for name, field in page.context["matrix_form"].fields.items() if field.initial}


def test_the_page_has_a_box_for_each_rule_and_way(as_user, rep):
    page = as_user(rep).get(HERE)
    assert page.status_code == 200
    assert {f"{rule.code}:{Channel.EMAIL}" for rule in own_rules()} <= set(page.context["matrix_form"].fields)


def test_a_box_taken_out_is_kept(as_user, rep):
    browser = as_user(rep)
    given = boxes(browser.get(HERE))
    given.pop("reminders.asked:email")
    browser.post(f"{HERE}rules/", given)
    assert list(Preference.objects.values_list("user", "rule", "channel", "is_on")) == [
        (rep.pk, "reminders.asked", Channel.EMAIL, False)
    ]
    assert AuditEvent.objects.filter(code="reminders.preference_set").count() == 1


def test_what_goes_up_stays_in_the_bell(as_user, rep, monkeypatch):
    declare(monkeypatch, None, escalation=CLIMBS)
    browser = as_user(rep)
    given = boxes(browser.get(HERE))
    given.pop("test.call:in_app", None)
    browser.post(f"{HERE}rules/", given)
    assert not Preference.objects.exists()


def test_quiet_hours_are_kept_and_a_second_window_is_told(as_user, rep):
    browser = as_user(rep)
    given = {"quiet_from": "20:00", "quiet_to": "09:00", "bundles": "on", "version": "1"}
    assert browser.post(f"{HERE}hours/", given).status_code == 302
    mine = receiver_of(rep)
    assert (mine.quiet_from.hour, mine.rests_on_days_off, mine.bundles) == (20, False, True)
    assert browser.post(f"{HERE}hours/", given).status_code == 409


def test_a_stand_in_is_named_and_dismissed(as_user, rep, colleague):
    browser = as_user(rep)
    given = {"stand_in": colleague.pk, "starts_on": today(), "until": today() + timedelta(days=7)}
    browser.post(f"{HERE}absences/new/", given)
    row = Absence.objects.get()
    assert (row.user, row.stand_in) == (rep, colleague)
    assert "Han Meimei stands in" in browser.get(HERE).content.decode()
    assert browser.post(f"{HERE}absences/new/", given).status_code == 422
    assert as_user(colleague).post(f"{HERE}absences/{row.pk}/end/").status_code == 404
    browser.post(f"{HERE}absences/{row.pk}/end/")
    assert not Absence.objects.exists()


def test_a_chat_is_added_and_tested_at_once(as_user, rep, settings):
    settings.REACHABLE_NETWORKS = [ip_network("127.0.0.0/8")]
    with receiver() as chat:
        page = as_user(rep).post(f"{HERE}chats/new/", {"url": chat.url, "label": "Team North"}, follow=True)
    assert "The test message arrived at Team North." in page.content.decode()
    assert "Reminders for Li Lei" in chat.requests[0].json["message"]
    row = ChatAddress.objects.get()
    assert (row.kind, row.last_error) == ("webhook", "")
    assert chat.url not in page.content.decode()


def test_what_went_wrong_stands_beside_the_chat(as_user, rep, settings):
    settings.REACHABLE_NETWORKS = [ip_network("127.0.0.0/8")]
    with receiver(body=b'{"errcode": 310000, "errmsg": "keywords not in content"}') as chat:
        page = as_user(rep).post(f"{HERE}chats/new/", {"url": chat.url}, follow=True).content.decode()
    assert "did not take the message: keywords not in content (310000)" in page


def test_an_inner_address_is_no_chat(as_user, rep):
    with receiver() as inner:
        page = as_user(rep).post(f"{HERE}chats/new/", {"url": inner.url})
    assert page.status_code == 422 and "inside our own network" in page.content.decode()
    assert inner.requests == [] and not ChatAddress.objects.exists()


def test_a_chat_is_its_owners_alone(as_user, rep, colleague):
    row = ChatAddress.objects.create(user=rep, kind="webhook", label="Mine", url="https://chat.example/x")
    for verb in ("test", "remove"):
        assert as_user(colleague).post(f"{HERE}chats/{row.pk}/{verb}/").status_code == 404
    Preference.objects.create(user=rep, rule="reminders.asked", channel=Channel.CHAT, is_on=True)
    as_user(rep).post(f"{HERE}chats/{row.pk}/remove/")
    assert not ChatAddress.objects.exists() and not Preference.objects.exists()
