"""When calls are answered: posteriors by hour of the week, the weight they give a moment, and where that is said."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.urls import reverse

from dunning import actions, queries
from dunning.models import AnswerHour, CollectionCall
from dunning.queries.answering import answer_rates
from dunning.rules.answering import Rates, best_hour, measured, posterior, weigh
from dunning.rules.slots import Hours, Limits, Tally, judge
from tests.factories import make_account, make_invoice

SHANGHAI = ZoneInfo("Asia/Shanghai")
TUESDAY = datetime(2026, 6, 2, 10, 30, tzinfo=SHANGHAI)


def weekdays(on):
    return on.weekday() < 5


@pytest.mark.parametrize(
    ("tally", "prior", "rate"),
    [(Tally(), 0.4, 0.4), (Tally(1, 1), 0.4, 5 / 11), (Tally(10, 10), 0.4, 0.7), (Tally(90, 0), 0.5, 0.05)],
)
def test_a_rate_is_the_calls_over_the_prior(tally, prior, rate):
    assert posterior(tally, prior) == pytest.approx(rate)


def test_nothing_known_changes_nothing():
    slot = judge(TUESDAY, Hours(), Limits(), weekdays)
    assert weigh(slot, measured(Tally(), Tally(), Tally())) == slot
    assert weigh(slot, measured(Tally(2, 2), Tally(29, 0), Tally(200, 100))) == slot


@pytest.mark.parametrize(
    ("own", "everybody", "score"),
    [(Tally(), Tally(100, 50), 70), (Tally(), Tally(100, 90), 91), (Tally(), Tally(100, 10), 49), (Tally(8, 8), Tally(100, 50), 91),
     (Tally(8, 0), Tally(100, 50), 49)],
)  # fmt: skip
def test_a_moment_weighs_more_where_more_is_answered(own, everybody, score):
    slot = judge(TUESDAY, Hours(), Limits(), weekdays)
    assert weigh(slot, measured(own, everybody, Tally(1000, 500))).score == score


def test_a_closed_moment_stays_closed():
    lunch = judge(TUESDAY.replace(hour=12, minute=30), Hours(), Limits(), weekdays)
    assert weigh(lunch, measured(Tally(50, 50), Tally(100, 90), Tally(1000, 500))).score == 0


def test_the_best_hour_ahead_is_the_measured_one_and_else_the_first_minutes():
    assert best_hour(TUESDAY, Hours(), Limits(), weekdays, Rates()).at == datetime(2026, 6, 3, 9, tzinfo=SHANGHAI)
    rates = Rates(
        {(day, hour): Tally(100, 50) for day in range(5) for hour in range(9, 18)},
        {(3, 15): Tally(9, 9), (2, 9): Tally(9, 0)},
    )
    best = best_hour(TUESDAY, Hours(), Limits(first_minutes=0), weekdays, rates)
    assert (best.at, best.slot.measured.own) == (datetime(2026, 6, 4, 15, tzinfo=SHANGHAI), Tally(9, 9))
    assert best_hour(TUESDAY, Hours(), Limits(), lambda _day: False, rates) is None


@pytest.fixture
def called(rep, collector):
    """A customer called on the last ten Tuesdays at half past ten; six times he answered."""
    account = make_account(rep, "Acme")
    make_invoice(account, "1000.00", due_on=date(2026, 5, 1))
    actions.refresh_cases(account_ids=[account.pk], on=TUESDAY.date())
    CollectionCall.objects.bulk_create(
        CollectionCall(
            account=account,
            called_at=TUESDAY - timedelta(weeks=week),
            outcome="call_back" if week <= 6 else "no_answer",
            by=collector,
        )
        for week in range(1, 11)
    )
    return account


@pytest.mark.django_db
def test_calls_are_counted_each_night_on_the_customers_clock(called):
    with time_machine.travel(TUESDAY, tick=False):
        assert [actions.count_answers(), actions.count_answers()] == [1, 1]
        assert AnswerHour.objects.values_list("weekday", "hour", "calls", "answered").get() == (1, 10, 10, 6)
        CollectionCall.objects.update(channel="chat")
        assert actions.count_answers() == 0


@pytest.mark.django_db
def test_the_reason_stands_beside_the_moment(as_user, collector, called):
    with time_machine.travel(TUESDAY, tick=False):
        actions.count_answers()
        [line] = queries.queue(collector).lines
        assert (line.slot.measured.own, line.slot.measured.everybody) == (Tally(10, 6), Tally(10, 6))
        assert answer_rates(TUESDAY, called.pk).own == {(1, 10): Tally(10, 6)}
        browser = as_user(collector)
        words = "Answered 6 of 10 calls at this hour of the week."
        assert words in browser.get(reverse("dunning:queue")).content.decode()
        assert words in browser.get(reverse("dunning:call", args=[called.pk])).content.decode()


@pytest.mark.django_db
def test_the_hours_are_shown_for_all_and_for_one(as_user, collector, rep, other_manager, called):
    with time_machine.travel(TUESDAY, tick=False):
        address = reverse("dunning:answer_hours")
        assert "No calls yet" in as_user(collector).get(address).content.decode()
        actions.count_answers()
        for words in ({}, {"account": called.pk}):
            page = as_user(collector).get(address, words).content.decode()
            assert "6/10" in page
            assert "10:00" in page
        assert as_user(other_manager).get(address, {"account": called.pk}).status_code == 404
        assert as_user(rep).get(address).status_code == 403
