"""Links of mails: opening shows, only the button acts; signed, for two weeks, for one thing."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from core.models import AuditEvent
from reminders.choices import State
from reminders.rules.links import FINISH, TOMORROW, sign_link
from tests.reminders.desk import again, put_on_desk

pytestmark = pytest.mark.django_db


def address(verb, reminder, user):
    return f"/reminders/link/{sign_link(verb, reminder.pk, user.pk)}/"


def test_a_scanner_that_opens_the_link_does_nothing(rep):
    reminder = put_on_desk(rep)
    for method in ("get", "head"):
        answer = getattr(Client(), method)(address(FINISH, reminder, rep))
        assert answer.status_code == 200
    assert "It is done" in Client().get(address(FINISH, reminder, rep)).content.decode()
    assert again(reminder).state == State.SENT


def test_the_button_does_it_once_in_the_name_of_its_owner(rep):
    reminder = put_on_desk(rep)
    done = Client().post(address(FINISH, reminder, rep))
    assert "It is done." in done.content.decode()
    assert again(reminder).state == State.DONE
    assert AuditEvent.objects.get(code="reminders.finished").actor == rep
    second = Client().post(address(FINISH, reminder, rep))
    assert "over already" in second.content.decode()
    assert AuditEvent.objects.filter(code="reminders.finished").count() == 1


def test_it_asks_for_the_form_of_the_page(rep):
    reminder = put_on_desk(rep)
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(address(FINISH, reminder, rep)).status_code == 403
    assert again(reminder).state == State.SENT


def test_a_link_puts_off_to_the_next_working_morning(rep):
    reminder = put_on_desk(rep)
    answer = Client().post(address(TOMORROW, reminder, rep))
    assert "reminded again" in answer.content.decode()
    assert again(reminder).state == State.SNOOZED


def test_a_link_speaks_its_owners_language(rep):
    rep.language = "zh-hans"
    rep.save()
    page = Client(headers={"Accept-Language": "en"}).get(address(FINISH, put_on_desk(rep), rep)).content.decode()
    assert 'name="csrfmiddlewaretoken"' in page


def test_a_link_is_for_one_person_and_one_verb(rep, colleague):
    reminder = put_on_desk(rep)
    assert Client().post(address(FINISH, reminder, colleague)).status_code == 410
    token = sign_link(FINISH, reminder.pk, rep.pk)
    body, _dot, rest = token.partition(":")
    assert Client().post(f"/reminders/link/{body[:-1]}A:{rest}/").status_code == 410
    assert Client().get("/reminders/link/nonsense/").status_code == 410
    assert again(reminder).state == State.SENT


def test_a_link_is_over_after_two_weeks(rep):
    reminder = put_on_desk(rep)
    link = address(FINISH, reminder, rep)
    with time_machine.travel(timezone.now() + timedelta(days=15), tick=False):
        answer = Client().post(link)
    assert answer.status_code == 410 and "two weeks" in answer.content.decode()
    assert again(reminder).state == State.SENT


def test_who_no_longer_works_here_has_no_link(rep):
    reminder = put_on_desk(rep)
    rep.is_active = False
    rep.save()
    assert Client().post(address(FINISH, reminder, rep)).status_code == 410
