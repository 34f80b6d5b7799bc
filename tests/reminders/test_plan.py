"""The planner: by state, once, and closed again when it is no longer so."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.db import connection

from core.models import User, WorkDay
from reminders import actions
from reminders.choices import Channel, EndReason, Shift, State
from reminders.models import Delivery, Occurrence, Preference
from tests.reminders.conftest import CODE, MONDAY_NINE, Post, Truth, declare

MONDAY, TUESDAY, THURSDAY = date(2026, 3, 2), date(2026, 3, 3), date(2026, 3, 5)


def head(slot: str = "7:2026-03-03") -> Occurrence:
    return Occurrence.objects.get(slot_key=slot, channel=Channel.IN_APP)


@pytest.mark.django_db
def test_a_fact_is_planned_once_however_often(truth: Truth, post: Post, rep: User) -> None:
    truth.facts = [(rep.pk, 7, TUESDAY)]
    for _turn in range(3):
        actions.plan(now=MONDAY_NINE)
    rows = Occurrence.objects.order_by("channel")
    assert [(row.channel, row.state, row.slot_key) for row in rows] == [
        (Channel.EMAIL, State.PLANNED, "7:2026-03-03"),
        (Channel.IN_APP, State.PLANNED, "7:2026-03-03"),
    ]
    assert {row.due_at for row in rows} == {datetime(2026, 3, 3, 0, 30, tzinfo=UTC)}
    assert rows[0].words == {"name": "Nr 7"}


@pytest.mark.django_db
def test_only_the_next_two_days_are_planned(truth: Truth, post: Post, rep: User) -> None:
    truth.facts = [(rep.pk, 7, THURSDAY)]
    actions.plan(now=MONDAY_NINE)
    assert not Occurrence.objects.exists()
    actions.plan(now=MONDAY_NINE + timedelta(days=1))
    assert head("7:2026-03-05").due_at == datetime(2026, 3, 5, 0, 30, tzinfo=UTC)


@pytest.mark.django_db
def test_a_day_without_planner_loses_nothing(truth: Truth, post: Post, rep: User) -> None:
    truth.facts = [(rep.pk, 7, TUESDAY)]
    actions.plan(now=MONDAY_NINE + timedelta(days=3))
    actions.tell_in_app(now=MONDAY_NINE + timedelta(days=3))
    assert head().state == State.SENT


@pytest.mark.django_db
def test_what_is_no_longer_so_is_cancelled_and_what_is_so_again_comes_back(truth: Truth, post: Post, rep: User) -> None:
    truth.facts = [(rep.pk, 7, TUESDAY)]
    actions.plan(now=MONDAY_NINE)
    truth.facts = []
    actions.plan(now=MONDAY_NINE)
    assert {(row.state, row.ended_because) for row in Occurrence.objects.all()} == {
        (State.CANCELLED, EndReason.SETTLED)
    }
    truth.facts = [(rep.pk, 7, TUESDAY)]
    actions.plan(now=MONDAY_NINE)
    assert {(row.state, row.ended_because, row.ended_at) for row in Occurrence.objects.all()} == {
        (State.PLANNED, "", None)
    }


@pytest.mark.django_db
def test_a_fact_that_moves_to_another_day_or_person_is_another_reminder(
    truth: Truth, post: Post, rep: User, colleague: User
) -> None:
    truth.facts = [(rep.pk, 7, TUESDAY)]
    actions.plan(now=MONDAY_NINE)
    truth.facts = [(colleague.pk, 7, date(2026, 3, 4))]
    actions.plan(now=MONDAY_NINE)
    assert head().state == State.CANCELLED
    moved = head("7:2026-03-04")
    assert (moved.recipient, moved.state) == (colleague, State.PLANNED)


@pytest.mark.django_db
def test_what_was_told_and_is_no_longer_so_leaves_the_desk_and_is_not_told_twice(
    truth: Truth, post: Post, rep: User
) -> None:
    truth.facts = [(rep.pk, 7, TUESDAY)]
    later = MONDAY_NINE + timedelta(days=1)
    actions.plan(now=later)
    actions.tell_in_app(now=later)
    truth.facts = []
    actions.plan(now=later)
    assert (head().state, head().ended_because) == (State.DONE, EndReason.SETTLED)
    truth.facts = [(rep.pk, 7, TUESDAY)]
    actions.plan(now=later)
    actions.tell_in_app(now=later)
    assert head().state == State.SENT
    assert Delivery.objects.filter(occurrence=head()).count() == 1


@pytest.mark.django_db
def test_what_a_person_has_done_stays_done_though_the_fact_remains(truth: Truth, post: Post, rep: User) -> None:
    truth.facts = [(rep.pk, 7, TUESDAY)]
    later = MONDAY_NINE + timedelta(days=1)
    actions.plan(now=later)
    actions.tell_in_app(now=later)
    actions.finish_reminder(by=rep, occurrence_id=head().pk)
    actions.plan(now=later)
    assert head().state == State.DONE


@pytest.mark.django_db
def test_the_hour_is_the_receivers(truth: Truth, post: Post, rep: User) -> None:
    rep.time_zone = "America/New_York"
    rep.save()
    truth.facts = [(rep.pk, 7, TUESDAY)]
    actions.plan(now=MONDAY_NINE)
    assert head().due_at == datetime(2026, 3, 3, 13, 30, tzinfo=UTC)


@pytest.mark.django_db
def test_who_moves_to_another_zone_is_told_by_his_new_clock(truth: Truth, post: Post, rep: User) -> None:
    truth.facts = [(rep.pk, 7, TUESDAY)]
    actions.plan(now=MONDAY_NINE)
    rep.time_zone = "Europe/London"
    rep.save()
    actions.plan(now=MONDAY_NINE)
    assert {row.due_at for row in Occurrence.objects.all()} == {datetime(2026, 3, 3, 8, 30, tzinfo=UTC)}
    assert head().free_at == datetime(2026, 3, 3, 8, 30, tzinfo=UTC)


@pytest.mark.django_db
def test_before_days_off_one_is_told_earlier_and_a_changed_calendar_moves_it(
    truth: Truth, post: Post, rep: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    declare(monkeypatch, truth.find, shift=Shift.EARLIER)
    truth.facts = [(rep.pk, 7, TUESDAY)]
    actions.plan(now=MONDAY_NINE - timedelta(hours=2))
    WorkDay.objects.create(date=TUESDAY, is_workday=False, name="A day off")
    actions.plan(now=MONDAY_NINE - timedelta(hours=2))
    assert head().due_at == datetime(2026, 3, 2, 0, 30, tzinfo=UTC)


@pytest.mark.django_db
def test_an_unknown_year_plans_like_any_other(truth: Truth, post: Post, rep: User) -> None:
    WorkDay.objects.all().delete()
    truth.facts = [(rep.pk, 7, date(2031, 1, 1))]
    actions.plan(now=datetime(2030, 12, 31, 1, tzinfo=UTC))
    assert head("7:2031-01-01").due_at == datetime(2031, 1, 1, 0, 30, tzinfo=UTC)


@pytest.mark.django_db
def test_a_rule_may_be_switched_off_and_have_another_hour(
    truth: Truth, post: Post, rep: User, administrator: User
) -> None:
    truth.facts = [(rep.pk, 7, TUESDAY)]
    actions.plan(now=MONDAY_NINE)
    setting = actions.set_rule(by=administrator, rule=CODE, is_on=True, at=time(10), climbs=True, version=1)
    actions.plan(now=MONDAY_NINE)
    assert head().due_at == datetime(2026, 3, 3, 2, tzinfo=UTC)
    actions.set_rule(by=administrator, rule=CODE, is_on=False, at=None, climbs=True, version=setting.version)
    actions.plan(now=MONDAY_NINE)
    assert (head().state, head().ended_because) == (State.CANCELLED, EndReason.SWITCHED_OFF)


@pytest.mark.django_db
def test_a_channel_one_does_not_want_is_not_planned(
    truth: Truth, post: Post, rep: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    Preference.objects.create(user=rep, rule=CODE, channel=Channel.EMAIL, is_on=False)
    truth.facts = [(rep.pk, 7, TUESDAY)]
    actions.plan(now=MONDAY_NINE)
    assert [row.channel for row in Occurrence.objects.all()] == [Channel.IN_APP]


@pytest.mark.django_db
def test_a_rule_that_fails_does_not_keep_the_others_from_being_planned(
    truth: Truth, post: Post, rep: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    from reminders.registry import RULES, ReminderRule

    def broken(look: object) -> None:
        raise ZeroDivisionError

    others = dict(RULES)
    for code in others:
        monkeypatch.delitem(RULES, code)
    monkeypatch.setitem(RULES, "test.broken", ReminderRule("test.broken", "", "", "", broken))  # type: ignore[arg-type]
    for code, rule in others.items():
        monkeypatch.setitem(RULES, code, rule)
    truth.facts = [(rep.pk, 7, TUESDAY)]
    done = actions.plan(now=MONDAY_NINE)
    assert (done.added, done.failed) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_eight_planners_and_eight_dispatchers_tell_it_once(truth: Truth, post: Post, rep: User) -> None:
    truth.facts = [(rep.pk, number, TUESDAY) for number in range(40)]
    later = MONDAY_NINE + timedelta(days=1)

    def one(_number: int) -> None:
        actions.plan(now=later)
        actions.tell_in_app(now=later)
        actions.send_channel(Channel.EMAIL, now=later)
        connection.close()

    with ThreadPoolExecutor(8) as turns:
        list(turns.map(one, range(8)))
    one(9)
    assert Delivery.objects.filter(occurrence__channel=Channel.IN_APP).count() == 40
    assert len({message.message_id for message in post.sent}) == len(post.sent) == 40
