"""Logging and planning a visit: the form in the sheet and on a page, and what it moves."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from core.workdays import today
from prospects.choices import Stage
from prospects.models import CriterionTick, FollowUp
from relationships.models import Finding, Landmine, Visit
from tests.factories import make_account, make_contact, make_landmine, make_prospect, make_visit

pytestmark = pytest.mark.django_db
RECORD = reverse("prospects:record_visit")


@pytest.fixture
def account(rep):
    return make_account(rep, "Acme")


@pytest.fixture
def prospect(rep, account):
    return make_prospect(rep, account, "Lifts", stage=Stage.C, first_meeting_on=date(2026, 3, 1))


def form(account, **more):
    """What a browser sends."""
    return {
        "account": account.pk, "kind": "visit", "minutes": "60", "outcome": "They like it", "next_step": "Send the offer",
        "next_step_on": (today() + timedelta(days=3)).isoformat(),
    } | more  # fmt: skip


def test_a_visit_is_logged_with_all_it_brought_home(as_user, rep, account, prospect):
    contact = make_contact(rep, account, "Wang Fang")
    sent = form(
        account, contacts=[contact.pk], prospects=[prospect.pk], competitor="Siemens offers 8 % less",
        landmine="Do not mention the boiler", **{f"criteria-{prospect.pk}": ["right_person"]},
    )  # fmt: skip
    answer = as_user(rep).post(RECORD, sent, headers={"HX-Request": "true"})
    assert answer.status_code == 204
    assert "visit:changed" in answer["HX-Trigger"]
    visit = Visit.objects.get()
    tick = CriterionTick.objects.get()
    prospect.refresh_from_db()
    assert (tick.visit, tick.note, tick.on) == (visit, "They like it", today())
    assert (prospect.next_step, FollowUp.objects.get().number) == ("Send the offer", 1)
    assert (Finding.objects.get().visit, Landmine.objects.get().text) == (visit, "Do not mention the boiler")
    shown = as_user(rep).get(visit.get_absolute_url()).text
    assert all(words in shown for words in ("Wang Fang", "Siemens offers 8 % less", "Do not mention the boiler"))


def test_the_form_offers_who_is_there_and_warns(as_user, rep, account, prospect):
    make_contact(rep, account, "Wang Fang")
    make_landmine(account)
    browser = as_user(rep)
    bare = browser.get(RECORD).text
    assert "Wang Fang" not in bare
    page = browser.get(RECORD, {"account": account.pk, "prospects": prospect.pk}).text
    assert all(words in page for words in ("Wang Fang", "Lifts", "do not get on", f"criteria-{prospect.pk}"))


def test_a_missing_next_step_comes_back(as_user, rep, account):
    answer = as_user(rep).post(RECORD, form(account, next_step=""))
    assert answer.status_code == 422
    assert "Say what happens next." in answer.text
    assert not Visit.objects.exists()


def test_a_key_logs_once(as_user, rep, account):
    browser = as_user(rep)
    for _time in range(2):
        assert browser.post(RECORD, form(account, _once="k1")).status_code == 302
    assert Visit.objects.count() == 1


def test_a_visit_is_planned_and_recorded(as_user, rep, account, prospect):
    browser = as_user(rep)
    plan = {"account": account.pk, "kind": "demo", "at": "2031-03-05T09:00", "minutes": "90", "purpose": "Show it"}
    assert browser.post(reverse("prospects:plan_visit"), plan | {"prospects": [prospect.pk]}).status_code == 302
    visit = Visit.objects.get()
    record = reverse("prospects:record_planned_visit", args=[visit.pk])
    assert "Show it" in browser.get(record).text
    stale = browser.post(record, form(account, prospects=[prospect.pk], version="9"))
    assert stale.status_code == 409
    assert browser.post(record, form(account, prospects=[prospect.pk], version="1")).status_code == 302
    visit.refresh_from_db()
    assert visit.recorded_at
    assert FollowUp.objects.get().number == 1


def test_pages_of_visits(as_user, rep, account, prospect):
    browser = as_user(rep)
    visit = make_visit(rep, account, purpose="Budget")
    FollowUp.objects.create(visit=visit, prospect=prospect)
    for name, arguments in (
        ("visits:list_visits", []),
        ("visits:account_panel", [account.pk]),
        ("prospects:follow_up", [prospect.pk]),
        ("prospects:visit_prospects", [visit.pk]),
    ):
        answer = browser.get(reverse(name, args=arguments))
        assert answer.status_code == 200
    assert "Acme" in browser.get(reverse("visits:list_visits"), {"state": "planned"}).text
    assert "Budget" in browser.get(reverse("visits:account_panel", args=[account.pk])).text


@pytest.mark.parametrize(
    ("on", "at"),
    [("2031-03-05", "2031-03-05T09:00"), ("2031-03-05T14:30", "2031-03-05T14:30"), ("2031-02-30", "T09:00")],
)
def test_a_day_of_the_calendar_is_planned_for_its_morning_and_an_hour_for_itself(rep, as_user, on, at):
    assert at in str(as_user(rep).get(reverse("prospects:plan_visit"), {"on": on}).context["form"]["at"])
