"""The bell, its panel, the list, and what is done with one reminder in place."""

from __future__ import annotations

from datetime import timedelta

import pytest

from reminders import actions
from reminders.choices import EndReason, State
from reminders.models import Occurrence
from tests.reminders.desk import again, put_on_desk

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def test_the_bell_counts_what_is_unread_and_opening_it_reads(as_user, rep, django_assert_max_num_queries):
    put_on_desk(rep)
    put_on_desk(rep, "Confirm Tuesday’s visit")
    browser = as_user(rep)
    browser.get("/reminders/bell/count/")
    with django_assert_max_num_queries(3):  # session, person, one count
        answer = browser.get("/reminders/bell/count/").json()
    assert answer == {"count": "2", "label": "Reminders: 2 unread"}
    panel = browser.get("/reminders/bell/", headers=HTMX)
    assert panel.status_code == 200 and "Confirm Tuesday’s visit" in panel.content.decode()
    assert "reminders:changed" in panel["HX-Trigger"]
    assert browser.get("/reminders/bell/count/").json()["count"] == ""


def test_the_number_ends_at_99(as_user, rep):
    first = put_on_desk(rep)
    rows = [Occurrence(**{**fields_of(first), "slot_key": f"s{number}"}) for number in range(120)]
    Occurrence.objects.bulk_create(rows)
    assert as_user(rep).get("/reminders/bell/count/").json()["count"] == "99+"


def fields_of(occurrence):
    return {
        field.attname: getattr(occurrence, field.attname)
        for field in Occurrence._meta.concrete_fields
        if field.name != "id"
    }


def test_asking_for_the_number_keeps_no_session_alive(as_user, rep):
    browser = as_user(rep)
    session = browser.session
    session["seen_at"] = 1_000
    session.save()
    browser.get("/reminders/bell/count/", headers={"X-Unattended": "1"})
    assert browser.session.get("seen_at", 1_000) == 1_000


def test_nobody_sees_another_ones_bell(as_user, rep, other_rep, colleague):
    reminder = put_on_desk(rep)
    for stranger in (other_rep, colleague):
        assert as_user(stranger).get("/reminders/bell/count/").json()["count"] == ""
        assert as_user(stranger).get(f"/reminders/{reminder.pk}/").status_code == 404
        assert as_user(stranger).post(f"/reminders/{reminder.pk}/finish/").status_code == 404


def test_done_in_place_and_undone(as_user, rep):
    reminder = put_on_desk(rep)
    browser = as_user(rep)
    done = browser.post(f"/reminders/{reminder.pk}/finish/", headers=HTMX)
    assert "Undo" in done.content.decode() and "reminders:changed" in done["HX-Trigger"]
    assert (again(reminder).state, again(reminder).ended_because) == (State.DONE, EndReason.FINISHED)
    assert not Occurrence.objects.siblings_of(reminder).filter(state__in=["planned", "leased"]).exists()
    back = browser.post(f"/reminders/{reminder.pk}/take-back/", headers=HTMX)
    assert "Done" in back.content.decode()
    assert again(reminder).state == State.SENT


def test_done_twice_is_told_and_does_nothing(as_user, rep):
    reminder = put_on_desk(rep)
    browser = as_user(rep)
    browser.post(f"/reminders/{reminder.pk}/finish/", headers=HTMX)
    assert browser.post(f"/reminders/{reminder.pk}/finish/", headers=HTMX).status_code == 409


def test_without_javascript_the_list_comes_back_with_the_news(as_user, rep):
    reminder = put_on_desk(rep)
    browser = as_user(rep)
    page = browser.post(f"/reminders/{reminder.pk}/finish/", follow=True)
    assert page.redirect_chain[-1][0] == "/reminders/"
    assert "Nothing waits for you" in page.content.decode()


@pytest.mark.parametrize("choice", ["tomorrow", "week"])
def test_put_off_by_one_tap(choice, as_user, rep):
    reminder = put_on_desk(rep)
    answer = as_user(rep).post(f"/reminders/{reminder.pk}/snooze/", {"choice": choice}, headers=HTMX)
    assert "Put off until" in answer.content.decode()
    assert again(reminder).state == State.SNOOZED
    assert again(reminder).due_at.astimezone().minute == 30


def test_put_off_to_no_day_is_refused(as_user, rep):
    reminder = put_on_desk(rep)
    answer = as_user(rep).post(f"/reminders/{reminder.pk}/snooze/", {"choice": "day"}, headers=HTMX)
    assert answer.status_code == 422 and "Choose a day." in answer.content.decode()
    assert again(reminder).state == State.SENT


def test_the_sixth_time_asks_why(as_user, rep):
    reminder = put_on_desk(rep)
    Occurrence.objects.filter(pk=reminder.pk).update(snoozes=5)
    browser = as_user(rep)
    answer = browser.post(f"/reminders/{reminder.pk}/snooze/", {"choice": "tomorrow"}, headers=HTMX)
    assert answer.status_code == 422 and "Why once more?" in answer.content.decode()
    browser.post(
        f"/reminders/{reminder.pk}/snooze/", {"choice": "tomorrow", "reason": "Their buyer is ill"}, headers=HTMX
    )
    assert again(reminder).note == "Their buyer is ill"


def test_handed_over_to_a_colleague(as_user, rep, colleague):
    reminder = put_on_desk(rep)
    form = {"to": colleague.pk, "note": "I am at the fair"}
    answer = as_user(rep).post(f"/reminders/{reminder.pk}/hand-over/", form, headers=HTMX)
    assert "Handed over to Han Meimei" in answer.content.decode()
    actions.tell_in_app()
    panel = as_user(colleague).get("/reminders/bell/", headers=HTMX).content.decode()
    assert "Call Red Star Steel" in panel and "handed over by Li Lei" in panel


def test_handed_over_to_nobody_is_refused(as_user, rep):
    reminder = put_on_desk(rep)
    answer = as_user(rep).post(f"/reminders/{reminder.pk}/hand-over/", {"to": ""}, headers=HTMX)
    assert answer.status_code == 422
    assert again(reminder).state == State.SENT


def test_why_says_rule_facts_time_and_ways(as_user, rep):
    reminder = put_on_desk(rep)
    page = as_user(rep).get(f"/reminders/{reminder.pk}/?show=why", headers=HTMX).content.decode()
    for words in (
        "You or a colleague asked for this reminder.",
        "on the clock of Asia/Shanghai",
        "In Keyline: sent at",
        "Email: ",
    ):
        assert words in page


def test_opening_leads_to_the_record_and_reads_it(as_user, rep):
    reminder = put_on_desk(rep, url="/accounts/")
    answer = as_user(rep).get(f"/reminders/{reminder.pk}/open/")
    assert answer.status_code == 302 and answer["Location"] == "/accounts/"
    assert again(reminder).read_at is not None


def test_opening_never_leaves_the_house(as_user, rep):
    reminder = put_on_desk(rep, url="https://evil.example/")
    assert as_user(rep).get(f"/reminders/{reminder.pk}/open/")["Location"] == f"/reminders/{reminder.pk}/"


def test_the_list_costs_the_same_for_few_and_many(as_user, rep, django_assert_max_num_queries):
    for number in range(12):
        put_on_desk(rep, f"Call customer {number}")
    browser = as_user(rep)
    browser.get("/reminders/")
    with django_assert_max_num_queries(8):
        page = browser.get("/reminders/")
    assert page.content.decode().count('class="reminder ') == 12


@pytest.mark.parametrize("tab", ["open", "snoozed", "over", "team", "nonsense"])
def test_every_tab_answers_empty(tab, as_user, manager):
    assert as_user(manager).get(f"/reminders/?tab={tab}").status_code == 200


def test_a_manager_sees_what_his_team_has_open(as_user, rep, manager, other_manager):
    put_on_desk(rep)
    assert "Call Red Star Steel" in as_user(manager).get("/reminders/?tab=team").content.decode()
    assert "Call Red Star Steel" not in as_user(other_manager).get("/reminders/?tab=team").content.decode()


def test_what_is_put_off_stands_under_its_tab(as_user, rep):
    reminder = put_on_desk(rep)
    actions.snooze_reminder(by=rep, occurrence_id=reminder.pk, until=reminder.due_at + timedelta(days=2))
    assert "Call Red Star Steel" in as_user(rep).get("/reminders/?tab=snoozed").content.decode()
    assert "Call Red Star Steel" not in as_user(rep).get("/reminders/").content.decode()
