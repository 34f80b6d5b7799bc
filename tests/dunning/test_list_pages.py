"""Promises, the call log, the panel of the account's page, the settings: as pages."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.urls import reverse

from core import audit
from core.models import AuditEvent
from dunning import actions
from dunning.actions.promises import PromiseGiven
from dunning.models import DunningRule, Promise
from dunning.queries import days_work
from tests.factories import make_account, make_invoice, make_payment

pytestmark = pytest.mark.django_db

SHANGHAI = ZoneInfo("Asia/Shanghai")
TODAY = date(2026, 6, 2)


@pytest.fixture(autouse=True)
def clock():
    """A working Tuesday at half past ten; tests move on from there."""
    with time_machine.travel(datetime(2026, 6, 2, 10, 30, tzinfo=SHANGHAI), tick=False) as traveller:
        yield traveller


@pytest.fixture
def acme(rep):
    account = make_account(rep, "Acme")
    make_invoice(account, "5000.00", due_on=TODAY - timedelta(days=20))
    actions.refresh_cases(account_ids=[account.pk])
    return account


def promise(by, account, amount="5000.00", on=TODAY + timedelta(days=1)):
    given = PromiseGiven([(on, Decimal(amount))], "CNY")
    return actions.log_call(by=by, account_id=account.pk, outcome="promise", person="Mr Wu", promise=given).promise


def figures(page):
    return {figure["label"]: figure["value"] for figure in page.context["figures"]}


def test_promises_with_their_figures_each_leading_to_its_rows(as_user, rep, collector, acme, clock):
    other = make_account(rep, "Other")
    make_invoice(other, "800.00", due_on=TODAY - timedelta(days=9))
    promise(collector, acme)
    promise(collector, other, "800.00", TODAY)
    browser = as_user(collector)
    page = browser.get(reverse("dunning:promises"))
    assert figures(page)["Due today"] == 1
    assert figures(page)["Open"] == 2
    due = browser.get(reverse("dunning:promises"), {"due": "today"}).content.decode()
    assert "Other" in due
    assert ">Acme<" not in due
    clock.move_to(datetime(2026, 6, 5, 9, 30, tzinfo=SHANGHAI))
    make_payment(acme, "5000.00", received_on=date(2026, 6, 3))
    actions.judge_promises()
    browser = as_user(collector)
    page = browser.get(reverse("dunning:promises"))
    assert figures(page) == {
        "Due today": 0, "Past their day, in grace": 0, "Open": 0, "Broken in 30 days": 1, "Kept in 90 days": "50 %",
    }  # fmt: skip
    broken = browser.get(reverse("dunning:promises"), {"failed": "true"}).content.decode()
    assert "Other" in broken
    assert ">Acme<" not in broken


def test_a_rep_sees_the_promises_of_his_accounts_only(as_user, rep, other_rep, collector, acme):
    promise(collector, acme)
    assert "Acme" in as_user(rep).get(reverse("dunning:promises")).content.decode()
    page = as_user(other_rep).get(reverse("dunning:promises"))
    assert "No promises yet" in page.content.decode()
    assert figures(page)["Open"] == 0


def test_the_call_log_tells_who_said_what_and_can_be_narrowed(as_user, collector, acme):
    actions.log_call(by=collector, account_id=acme.pk, outcome="refused", person="Mr Wu", said="Not a cent")
    browser = as_user(collector)
    page = browser.get(reverse("dunning:calls")).content.decode()
    for words in ("Acme", "refused to pay", "Mr Wu", "Not a cent", "hand to the manager", "Qian Collector"):
        assert words in page
    assert "Nothing fits" in browser.get(reverse("dunning:calls"), {"outcome": "promise"}).content.decode()


def test_the_panel_of_the_account_shows_running_and_broken_promises(as_user, rep, other_rep, collector, acme, clock):
    panel = reverse("dunning:account_panel", args=[acme.pk])
    browser = as_user(rep)
    assert "nobody has called yet" in browser.get(panel).content.decode()
    promise(collector, acme)
    page = browser.get(panel).content.decode()
    assert "Promised" in page
    assert "Mr Wu" in page
    assert "Call screen" not in page
    assert "Call screen" in as_user(collector).get(panel).content.decode()
    clock.move_to(datetime(2026, 6, 5, 9, 30, tzinfo=SHANGHAI))
    actions.judge_promises()
    browser = as_user(rep)
    assert "Broken promise" in browser.get(panel).content.decode()
    assert as_user(other_rep).get(panel).status_code == 404
    quiet = make_account(rep, "Quiet")
    assert "Nothing to collect" in browser.get(reverse("dunning:account_panel", args=[quiet.pk])).content.decode()


def test_the_time_line_of_the_account_tells_it_in_words(collector, acme, clock):
    promise(collector, acme)
    clock.move_to(datetime(2026, 6, 5, 9, 30, tzinfo=SHANGHAI))
    actions.judge_promises()
    told = [audit.sentence(event) for event in AuditEvent.objects.filter(code__startswith="dunning.").order_by("id")]
    assert told == [
        "Mr Wu promised CNY 5,000.00 by 3 Jun 2026",
        "Collection call with Mr Wu: promise to pay",
        "The promise of CNY 5,000.00 was broken",
    ]


def test_today_counts_what_collecting_asks_for(as_user, rep, other_rep, collector, manager, acme, clock):
    promise(collector, acme)
    clock.move_to(datetime(2026, 6, 3, 9, 30, tzinfo=SHANGHAI))
    assert days_work(collector, date(2026, 6, 3)).promises == 1
    clock.move_to(datetime(2026, 6, 5, 9, 30, tzinfo=SHANGHAI))
    actions.judge_promises()
    work = days_work(collector, date(2026, 6, 5))
    assert (work.broken, work.steps, work.promises) == (1, 1, 0)
    assert days_work(other_rep, date(2026, 6, 5)).is_quiet
    for person in (collector, manager):
        assert "Broken promises" in as_user(person).get(reverse("desk:home")).content.decode()
    assert "Broken promises" not in as_user(rep).get(reverse("desk:home")).content.decode()


SETTINGS = {
    "earliest": "09:30", "latest": "17:30", "owners_from": "10:30", "first_minutes": "20", "attempts_a_day": "2",
    "claim_minutes": "20", "quiet_weekdays": ["0"], "grace_workdays": "2", "touch_gap_days": "4", "smallest_amount": "50",
}  # fmt: skip


def test_hours_limits_and_grace_are_set(as_user, collector):
    browser, address = as_user(collector), reverse("dunning:settings")
    assert "No call before" in browser.get(address).content.decode()
    assert browser.post(address, SETTINGS).status_code == 302
    rule = DunningRule.objects.get()
    assert (rule.earliest.hour, rule.attempts_a_day, rule.grace_workdays, rule.quiet_weekdays) == (9, 2, 2, [0])
    refused = browser.post(address, {**SETTINGS, "latest": "22:30"})
    assert refused.status_code == 422
    assert "Calls lie between 08:00 and 21:00" in refused.content.decode()
    assert 'value="22:30"' in refused.content.decode()


def test_a_newer_edit_of_the_settings_is_shown_beside_mine(as_user, collector):
    browser, address = as_user(collector), reverse("dunning:settings")
    browser.post(address, SETTINGS)
    answer = browser.post(address, {**SETTINGS, "attempts_a_day": "3", "version": "1"})
    assert answer.status_code == 409
    assert DunningRule.objects.get().attempts_a_day == 2


def test_settings_take_the_right(as_user, rep, manager, executive):
    for person in (rep, manager, executive):
        assert as_user(person).post(reverse("dunning:settings"), SETTINGS).status_code == 403
    assert not Promise.objects.exists()
