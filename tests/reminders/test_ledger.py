"""The administrator's pages: the ledger, one reminder traced, another try, the rules."""

from __future__ import annotations

from datetime import time

import pytest

from reminders.choices import Channel, State
from reminders.models import Occurrence, RuleSetting
from tests.reminders.desk import put_on_desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def parked(rep):
    row = Occurrence.objects.siblings_of(put_on_desk(rep)).get(channel=Channel.EMAIL)
    Occurrence.objects.filter(pk=row.pk).update(state=State.PARKED, free_at=None, attempts=5)
    return row


def test_the_ledger_shows_who_was_told_by_which_way(as_user, administrator, parked):
    page = as_user(administrator).get("/reminders/ledger/").content.decode()
    assert "Li Lei" in page and "given up" in page and "Given up" in page
    only = as_user(administrator).get("/reminders/ledger/?state=parked").context["list"]
    assert [row["id"] for row in only.page.rows] == [parked.pk]


def test_the_ledger_costs_the_same_for_few_and_many(as_user, administrator, rep, django_assert_max_num_queries):
    for number in range(8):
        put_on_desk(rep, f"Call customer {number}")
    browser = as_user(administrator)
    browser.get("/reminders/ledger/")
    with django_assert_max_num_queries(14):
        browser.get("/reminders/ledger/")


def test_what_was_given_up_is_tried_again(as_user, administrator, manager, parked):
    assert as_user(manager).post(f"/reminders/ledger/{parked.pk}/retry/").status_code == 403
    page = as_user(administrator).post(f"/reminders/ledger/{parked.pk}/retry/", follow=True).content.decode()
    assert "tried again within a minute" in page and "Call Red Star Steel" in page
    row = Occurrence.objects.get(pk=parked.pk)
    assert (row.state, row.attempts) == (State.PLANNED, 0)
    assert as_user(administrator).post(f"/reminders/ledger/{parked.pk}/retry/").status_code == 409


def test_a_rule_is_switched_off_and_a_second_window_is_told(as_user, administrator):
    browser = as_user(administrator)
    given = {"at": "09:15", "version": "1"}
    assert browser.post("/reminders/rules/reminders.asked/", given).status_code == 302
    row = RuleSetting.objects.get(rule="reminders.asked")
    assert (row.is_on, row.at) == (False, time(9, 15))
    assert ">off<" in browser.get("/reminders/rules/").content.decode()
    assert browser.post("/reminders/rules/reminders.asked/", given).status_code == 409
    assert browser.get("/reminders/rules/nonsense/").status_code == 404
