"""Reminders over the API: the bell's acts, and one's own choices."""

from __future__ import annotations

from datetime import timedelta

import pytest

from reminders.choices import Channel, State
from reminders.models import Preference
from reminders.queries import receiver_of
from tests.reminders.desk import again, put_on_desk

pytestmark = pytest.mark.django_db
JSON = {"content_type": "application/json"}
HERE = "/api/v1/reminders/"


def test_the_list_says_each_in_words(as_user, rep, other_rep):
    reminder = put_on_desk(rep)
    found = as_user(rep).get(f"{HERE}?is_open=true").json()["results"]
    assert [(row["id"], row["text"], row["state"]) for row in found] == [(reminder.pk, "Call Red Star Steel", "sent")]
    assert as_user(other_rep).get(HERE).json()["results"] == []


def test_done_and_undone(as_user, rep):
    reminder = put_on_desk(rep)
    browser = as_user(rep)
    assert browser.post(f"{HERE}{reminder.pk}/finish/", **JSON).json()["state"] == State.DONE
    assert browser.post(f"{HERE}{reminder.pk}/finish/", **JSON).status_code == 409
    assert browser.post(f"{HERE}{reminder.pk}/take-back/", **JSON).json()["state"] == State.SENT


def test_put_off_and_refused_when_past(as_user, rep):
    reminder = put_on_desk(rep)
    browser = as_user(rep)
    past = browser.post(f"{HERE}{reminder.pk}/snooze/", {"until": "2020-01-01T00:00:00Z"}, **JSON)
    assert past.status_code == 422
    moment = (reminder.due_at + timedelta(days=1)).isoformat()
    assert browser.post(f"{HERE}{reminder.pk}/snooze/", {"until": moment}, **JSON).json()["state"] == State.SNOOZED


def test_handed_over(as_user, rep, colleague):
    reminder = put_on_desk(rep)
    done = as_user(rep).post(f"{HERE}{reminder.pk}/hand-over/", {"to": colleague.pk}, **JSON)
    assert done.status_code == 200 and again(reminder).ended_because == "handed_over"
    assert as_user(rep).post(f"{HERE}{put_on_desk(rep).pk}/hand-over/", {"to": 987_654}, **JSON).status_code == 404


def test_ones_own_choices(as_user, rep):
    browser = as_user(rep)
    pairs = {(row["rule"], row["channel"]): row["is_on"] for row in browser.get("/api/v1/reminder-preferences/").json()}
    assert pairs["reminders.asked", "email"] is True
    off = {"rule": "reminders.asked", "channel": "email", "is_on": False}
    assert browser.post("/api/v1/reminder-preferences/", off, **JSON).json() == off
    assert Preference.objects.get().channel == Channel.EMAIL
    unknown = {**off, "rule": "nothing.such"}
    assert browser.post("/api/v1/reminder-preferences/", unknown, **JSON).status_code == 422


def test_ones_own_quiet_hours(as_user, rep):
    here = "/api/v1/reminder-preferences/quiet-hours/"
    browser = as_user(rep)
    now = browser.get(here).json()
    assert browser.post(here, {**now, "quiet_from": "19:00:00"}, **JSON).status_code == 200
    assert receiver_of(rep).quiet_from.hour == 19
    assert browser.post(here, {**now, "quiet_from": "18:00:00"}, **JSON).status_code == 409
