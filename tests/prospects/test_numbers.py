"""The numbers 15-7-1 (P7): taps and what is written up, each once; norms, ratios, the team."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from core.errors import DomainError, NotAllowed
from core.workdays import today
from prospects import actions
from prospects.choices import Counter, Outcome, Span, Stage
from prospects.models import Tally
from prospects.queries.numbers import day_counters, numbers_of
from prospects.rules import numbers
from relationships.choices import VisitKind
from tests.factories import make_account, make_prospect, make_visit

PAGE = reverse("prospects:numbers")


def counts(user, on=None):
    return {one.counter.value: one.count for one in day_counters(user, on)}


def write_up(user, kind, at=None, **fields):
    """A contact of this person, written up."""
    at = at or timezone.now()
    return make_visit(
        user, make_account(user), at=at, kind=kind, outcome="Met", next_step="Call", next_step_on=date(2031, 3, 3),
        recorded_at=at, next_step_settled_at=at, **fields,
    )  # fmt: skip


# ------------------------------------------------------------------ the rules


def test_the_norm_is_that_of_the_method():
    year = {counter: numbers.norm(counter, 248) for counter in (Counter.DIAL, Counter.CONVERSATION, Counter.FIRST)}
    assert year == {"dial": 3720, "conversation": 1736, "first": 248}
    assert numbers.norm(Counter.FIRST, 5) + numbers.norm(Counter.FOLLOW_UP, 5) == 8
    assert numbers.norm(numbers.SALE, 248) == 50  # 8 appointments a week, 8 to 1


def test_ratios_are_told_with_their_norm_and_grey_while_few():
    week = {"dial": 60, "conversation": 20, "first": 4, "follow_up": 4, "sale": 0}
    dials, talks, met = numbers.ratios(week)
    assert (dials.value, dials.normal, dials.tone) == (Decimal("3.0"), Decimal("2.1"), "warn")
    assert (talks.value, talks.normal, talks.tone) == (Decimal("5.0"), Decimal("7.0"), "")
    assert (met.of, met.value, met.has_enough) == (8, None, False)


@pytest.mark.parametrize(
    ("stood_at", "written_up", "after", "undone"),
    [(0, 0, 1, None), (3, 0, 4, 2), (3, 3, 4, None), (3, 5, 6, None), (6, 5, 7, 5)],
)
def test_a_tap_stands_on_what_is_written_up(stood_at, written_up, after, undone):
    assert numbers.after_tap(stood_at, written_up) == after
    assert numbers.after_undo(stood_at, written_up) == undone


# ------------------------------------------------------------------ counting


@pytest.mark.django_db
def test_a_call_tapped_and_then_logged_is_one(rep):
    for _tap in range(3):
        actions.tap_counter(by=rep, counter=Counter.DIAL)
    actions.tap_counter(by=rep, counter=Counter.CONVERSATION)
    write_up(rep, VisitKind.CALL)
    assert counts(rep) == {"dial": 3, "conversation": 1, "first": 0, "follow_up": 0}
    actions.tap_counter(by=rep, counter=Counter.CONVERSATION)
    assert counts(rep)["conversation"] == 2


@pytest.mark.django_db
def test_what_is_only_logged_counts_by_itself(rep):
    write_up(rep, VisitKind.CALL)
    write_up(rep, VisitKind.VISIT, meeting="first")
    write_up(rep, VisitKind.DEMO, meeting="follow_up")
    write_up(rep, VisitKind.CHAT)
    assert counts(rep) == {"dial": 1, "conversation": 1, "first": 1, "follow_up": 1}


@pytest.mark.django_db
def test_a_tap_is_taken_back_until_only_logged_ones_are_left(rep):
    write_up(rep, VisitKind.CALL)
    actions.tap_counter(by=rep, counter=Counter.DIAL)
    actions.take_back_tap(by=rep, counter=Counter.DIAL)
    assert counts(rep)["dial"] == 1
    with pytest.raises(DomainError, match="written up"):
        actions.take_back_tap(by=rep, counter=Counter.DIAL)


@pytest.mark.django_db
def test_a_tap_that_arrives_late_counts_on_its_day(rep):
    actions.tap_counter(by=rep, counter=Counter.DIAL, at=timezone.now() - timedelta(days=2))
    assert counts(rep)["dial"] == 0
    assert counts(rep, today() - timedelta(days=2))["dial"] == 1
    with pytest.raises(DomainError, match="week"):
        actions.tap_counter(by=rep, counter=Counter.DIAL, at=timezone.now() - timedelta(days=8))


@pytest.mark.django_db
def test_a_day_is_the_sellers_own(rep):
    rep.time_zone = "America/New_York"
    rep.save()
    write_up(rep, VisitKind.CALL, at=datetime(2026, 3, 5, 1, tzinfo=UTC))  # the evening of the 4th there
    assert counts(rep, date(2026, 3, 4))["dial"] == 1
    assert counts(rep, date(2026, 3, 5))["dial"] == 0


@pytest.mark.django_db
def test_the_three_spans(rep):
    on = date(2026, 3, 5)  # a Thursday
    for back, count in ((0, 4), (2, 5), (4, 6), (13 * 7 - 4, 7), (13 * 7 - 3, 8)):
        Tally.objects.create(user=rep, on=on - timedelta(days=back), counter=Counter.DIAL, count=count)
    make_prospect(rep, stage=Stage.S, outcome=Outcome.WON, closed_on=date(2026, 3, 2))
    found = numbers_of([rep], on).people[0].spans
    assert [found[span]["dial"] for span in Span] == [4, 9, 22]  # Monday, 8 December 2025 began the 13 weeks
    assert [found[span]["sale"] for span in Span] == [0, 1, 1]


@pytest.mark.django_db
def test_only_who_sells_counts(collector):
    with pytest.raises(NotAllowed):
        actions.tap_counter(by=collector, counter=Counter.DIAL)
    with pytest.raises(NotAllowed):
        actions.take_back_tap(by=collector, counter=Counter.DIAL)


# ------------------------------------------------------------------ pages


@pytest.mark.django_db
def test_a_tap_sent_twice_counts_once_and_two_taps_twice(as_user, rep):
    browser, tap = as_user(rep), reverse("prospects:tap_counter", args=["dial"])
    for key in ("one", "one", "two"):
        answer = browser.post(tap, {"_once": key}, headers={"HX-Request": "true", "HX-Target": "counters"})
        assert answer.status_code == 200
    assert counts(rep)["dial"] == 2
    kept = {"_once": "three", "typed_at": timezone.now().isoformat()}
    assert browser.post(tap, kept, headers={"HX-Request": "true", "HX-Target": "sheet"}).status_code == 204
    browser.post(reverse("prospects:take_back_tap", args=["dial"]), {"_once": "four"})
    assert counts(rep)["dial"] == 2
    assert 'id="tap-dial"' in browser.get(reverse("desk:home")).text


@pytest.mark.django_db
def test_a_manager_sees_the_team_and_each_of_it(as_user, manager, rep, other_rep):
    actions.tap_counter(by=rep, counter=Counter.DIAL)
    page = as_user(manager).get(PAGE, {"span": "today"}).text
    assert rep.full_name in page and other_rep.full_name not in page
    his = as_user(manager).get(PAGE, {"person": rep.pk})
    assert f"15-7-1: {rep.full_name}" in his.text and 'id="tap-dial"' not in his.text
    assert as_user(manager).get(PAGE, {"person": other_rep.pk}).status_code == 404
    assert as_user(rep).get(PAGE, {"person": manager.pk}).status_code == 404


@pytest.mark.django_db
def test_the_page_costs_the_same_with_two_people_and_many(
    as_user, manager, rep, colleague, django_assert_max_num_queries
):
    browser = as_user(manager)
    browser.get(PAGE)
    with django_assert_max_num_queries(12):
        browser.get(PAGE)


# ------------------------------------------------------------------ the API


@pytest.mark.django_db
def test_the_api_counts_and_reports(as_user, rep):
    browser = as_user(rep)
    answer = browser.post("/api/v1/tallies/", {"counter": "first"}, content_type="application/json")
    assert answer.json()[2] == {"counter": "first", "count": 1, "norm": 1}
    answer = browser.post("/api/v1/tallies/", {"counter": "first", "take_back": True}, content_type="application/json")
    assert [one["count"] for one in answer.json()] == [0, 0, 0, 0]
    spans = browser.get("/api/v1/reports/numbers/").json()["spans"]
    assert [span["span"] for span in spans] == ["today", "week", "quarter"]
    assert spans[1]["ratios"][0] == {"key": "dial", "value": None, "norm": "2.1", "has_enough": False}
