"""The calendar of visits and the week plan (V2): scope, span, cost, candidates, one tap."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.choices import Tier
from accounts.models import AccountMember
from core.models import WorkDay
from core.workdays import today
from relationships import queries
from relationships.models import Visit, VisitAttendee
from relationships.rules.week import free_moment, monday_of
from tests.factories import make_account, make_visit

pytestmark = pytest.mark.django_db
FEED = reverse("visits:calendar_visits")
MARCH = {"start": "2031-02-24", "end": "2031-04-07"}
AT = datetime(2031, 3, 5, 1, tzinfo=UTC)
TOLD = {"outcome": "Shown", "next_step": "Offer", "next_step_on": date(2031, 4, 1)}


@pytest.fixture
def account(rep):
    return make_account(rep, "Acme")


def names(client, **words):
    return [visit["account"] for visit in client.get(FEED, MARCH | words).json()["visits"]]


def test_the_feed_holds_the_span_asked_for(as_user, rep, account):
    make_visit(rep, account, at=AT, purpose="Budget")
    make_visit(rep, account, at=AT - timedelta(days=1), recorded_at=AT, **TOLD)
    make_visit(rep, account, at=AT, cancelled_at=AT)
    make_visit(rep, account, at=datetime(2031, 4, 6, 16, 30, tzinfo=UTC))  # 7 April in Shanghai: the day after the span
    found = as_user(rep).get(FEED, MARCH).json()
    done, planned = found["visits"]
    assert (planned["at"], planned["movable"], planned["done"]) == ("2031-03-05T09:00:00", True, False)
    assert (done["movable"], done["done"]) == (False, True)
    assert not found["cut"]


def test_ones_own_visit_whose_day_has_come_leads_to_its_form(as_user, rep, manager, account):
    made = make_visit(rep, account, at=timezone.now() - timedelta(days=1))
    make_visit(rep, account, at=timezone.now() + timedelta(days=2))
    span = {"start": today() - timedelta(days=7), "end": today() + timedelta(days=7), "who": "team"}
    form = reverse("prospects:record_planned_visit", args=[made.pk])
    assert [row["record_url"] for row in as_user(rep).get(FEED, span).json()["visits"]] == [form, ""]
    assert [row["record_url"] for row in as_user(manager).get(FEED, span).json()["visits"]] == ["", ""]


def test_days_off_and_make_up_days_are_shaded(as_user, rep):
    WorkDay.objects.update_or_create(date=date(2031, 3, 5), defaults={"is_workday": False, "name": "Founders' Day"})
    WorkDay.objects.update_or_create(date=date(2031, 3, 8), defaults={"is_workday": True, "name": "Make-up"})
    days = {row["day"]: row for row in as_user(rep).get(FEED, MARCH).json()["days"]}
    assert days["2031-03-05"] == {"day": "2031-03-05", "works": False, "name": "Founders' Day"}
    assert days["2031-03-08"]["works"] is True
    assert days["2031-03-09"]["works"] is False
    assert "2031-03-06" not in days


def test_whose_visits(as_user, rep, colleague, other_rep, manager, executive, account):
    make_visit(rep, account, at=AT)
    make_visit(colleague, make_account(colleague, "Globex"), at=AT)
    make_visit(other_rep, make_account(other_rep, "Initech"), at=AT)
    assert names(as_user(rep)) == ["Acme"]
    assert names(as_user(rep), who="team") == ["Acme"]
    assert names(as_user(manager)) == []
    assert names(as_user(manager), who="team") == ["Acme", "Globex"]
    assert names(as_user(manager), who=str(colleague.pk)) == ["Globex"]
    assert len(names(as_user(executive), who="team")) == 3
    for client, person in ((as_user(rep), colleague), (as_user(manager), other_rep)):
        assert client.get(FEED, MARCH | {"who": person.pk}).status_code == 404
        assert client.get(reverse("visits:week"), {"who": person.pk}).status_code == 404


@pytest.mark.parametrize(
    "words",
    [
        {},
        {"start": "x", "end": "y"},
        {"start": "2031-03-01", "end": "2031-03-01"},
        {"start": "2031-01-01", "end": "2031-12-31"},
    ],
)
def test_a_span_without_bounds_is_refused(as_user, rep, words):
    assert as_user(rep).get(FEED, words).status_code == 422


def test_nobody_without_the_right_moves_a_visit(as_user, rep, collector, account):
    visit = make_visit(rep, account, at=AT)
    found = as_user(collector).get(FEED, MARCH | {"who": rep.pk}).json()["visits"]
    assert [row["movable"] for row in found] == [False]
    answer = as_user(collector).post(found[0]["move_url"], {"at": "2031-03-06T09:00:00"}, "application/json")
    assert (answer.status_code, answer.json()["error"]["message"]) == (403, "Your role may not do this.")
    answer = as_user(rep).post(
        found[0]["move_url"], {"at": "2031-03-06T09:00:00"}, "application/json", headers={"If-Match": '"7"'}
    )
    assert answer.status_code == 412
    visit.refresh_from_db()
    assert visit.at == AT


def test_calendar_and_week_cost_the_same_with_few_visits_and_with_many(as_user, manager, rep, account):
    client = as_user(manager)

    def cost(address, **words):
        with CaptureQueriesContext(
            connection,
        ) as statements:
            assert client.get(address, words).status_code == 200
        return len(statements)

    def costs():
        week = {"on": "2031-03-05", "who": rep.pk}
        return cost(FEED, **MARCH, who="team"), cost(reverse("visits:calendar")), cost(reverse("visits:week"), **week)

    make_visit(rep, account, at=AT)
    costs()
    few = costs()
    for number in range(12):
        make_visit(rep, make_account(rep), at=AT + timedelta(hours=number))
    assert costs() == few
    assert few[0] <= 7
    assert few[1] <= 7
    assert few[2] <= 15


def test_who_comes_along_has_the_visit_too(as_user, rep, colleague, other_rep, manager, account):
    AccountMember.objects.create(account=account, user=colleague)
    joined = make_visit(rep, account, at=AT)
    for person in (colleague, other_rep):
        VisitAttendee.objects.create(visit=joined, colleague=person)
    make_visit(colleague, make_account(colleague, "Globex"), at=AT)
    found = {row["account"]: row for row in as_user(colleague).get(FEED, MARCH).json()["visits"]}
    assert (found["Acme"]["owner"], found["Acme"]["movable"]) == ("Li Lei", False)
    assert (found["Globex"]["owner"], found["Globex"]["movable"]) == ("", True)
    assert names(as_user(manager), who=str(colleague.pk)) == ["Acme", "Globex"]
    assert sorted(names(as_user(manager), who="team")) == ["Acme", "Globex"], "one visit, two of the team"
    assert names(as_user(other_rep)) == [], "he sees nothing of the account"
    week = queries.week_of_person(colleague, colleague, date(2031, 3, 3), date(2031, 3, 5))
    assert (week.planned, week.joined) == (1, 1)
    page = as_user(colleague).get(reverse("visits:week"), {"on": "2031-03-05"}).text
    assert "with Li Lei" in page
    assert "and one together with a colleague" in page
    assert queries.week_of_person(rep, rep, date(2031, 3, 3), date(2031, 3, 5)).planned == 1


def test_my_visits_are_those_i_make_or_come_along_to(as_user, rep, colleague, account):
    AccountMember.objects.create(account=account, user=colleague)
    joined, other = make_visit(rep, account, purpose="Together"), make_visit(rep, account, purpose="Alone")
    VisitAttendee.objects.create(visit=joined, colleague=colleague)
    own = make_visit(colleague, make_account(colleague, "Globex"))

    def listed(answer):
        return {row["id"] for row in answer.json()["results"]}

    client = as_user(colleague)
    assert listed(client.get("/api/v1/visits/")) == {joined.pk, other.pk, own.pk}
    assert listed(client.get("/api/v1/visits/", {"mine": "true"})) == {joined.pk, own.pk}
    assert listed(client.get("/api/v1/visits/", {"mine": "false"})) == {other.pk}
    page = client.get(reverse("visits:list_visits"), {"mine": "true"}).text
    assert reverse("visits:visit", args=[joined.pk]) in page
    assert reverse("visits:visit", args=[other.pk]) not in page


def test_a_week_shows_its_visits_and_who_else_wants_one(as_user, rep, account):
    on, monday = date(2031, 3, 5), date(2031, 3, 3)
    make_visit(rep, account, at=AT)
    make_visit(rep, account, at=AT - timedelta(days=1), kind="call", recorded_at=AT, **TOLD)
    owed = make_account(rep, "Globex")
    late = {"outcome": "Shown", "next_step": "Send it", "next_step_on": date(2031, 3, 4)}
    make_visit(rep, owed, at=AT - timedelta(days=30), recorded_at=AT, **late)
    make_account(rep, "Initech", tier=Tier.VIP, last_contact_on=date(2031, 1, 1))
    make_account(rep, "Umbrella", tier=Tier.VIP, last_contact_on=on)
    make_account(rep, "Hooli", tier=Tier.VIP, last_contact_on=on, next_step_on=date(2031, 3, 7))
    week = queries.week_of_person(rep, rep, monday, on)
    assert [len(day.visits) for day in week.days] == [0, 1, 1, 0, 0, 0, 0]
    assert (week.held, week.planned, week.norm) == (0, 1, 5)
    assert [(row.account.name, row.why) for row in week.candidates] == [
        ("Globex", "step"), ("Hooli", "step"), ("Initech", "quiet"),
    ]  # fmt: skip
    assert week.candidates[0].is_late
    assert week.candidates[0].purpose == "Send it"
    page = as_user(rep).get(reverse("visits:week"), {"on": "2031-03-05"}).text
    assert "1 planned, norm 5" in page
    assert not queries.week_of_person(rep, rep, monday, date(2031, 4, 1)).candidates


def test_one_tap_plans_the_next_free_hour(as_user, rep, collector, account):
    day = today() + timedelta(days=3)
    nine = timezone.make_aware(datetime(day.year, day.month, day.day, 9))
    make_visit(rep, make_account(rep), at=nine, minutes=90)
    wanted = {"account": account.pk, "day": day.isoformat(), "purpose": "Send it"}
    answer = as_user(rep).post(reverse("visits:plan_candidate"), wanted, headers={"HX-Request": "true"})
    visit = Visit.objects.get(account=account)
    assert answer.status_code == 204
    assert (visit.at, visit.purpose, visit.owner) == (nine + timedelta(hours=2), "Send it", rep)
    assert as_user(collector).post(reverse("visits:plan_candidate"), wanted).status_code == 403
    assert as_user(rep).post(reverse("visits:plan_candidate"), wanted | {"day": "2020-01-01"}).status_code == 422
    assert as_user(rep).post(reverse("visits:plan_candidate"), {"account": account.pk}).status_code == 422


def test_a_full_day_takes_one_more_at_its_end():
    full = [(datetime(2031, 3, 5, 8, tzinfo=UTC), 600)]
    assert free_moment(date(2031, 3, 5), full, UTC, AT).hour == 17
    assert free_moment(date(2031, 3, 5), [], UTC, datetime(2031, 3, 5, 10, 5, tzinfo=UTC)).hour == 11
    assert monday_of(date(2031, 3, 9)) == date(2031, 3, 3)
