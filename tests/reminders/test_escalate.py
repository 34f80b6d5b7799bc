"""Nobody acts: the owner again, the manager, the director; and what stops it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from core.models import AuditEvent, User
from reminders import actions
from reminders.choices import Arrival, Channel, State
from reminders.models import Absence, Delivery, Occurrence
from reminders.queries import on_the_desk
from reminders.queries.lines import line_of
from tests.reminders.conftest import CODE, Post, Truth

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 3, 2)


def at(text: str) -> datetime:
    """A moment of March 2026 in Shanghai."""
    return datetime.fromisoformat(f"2026-03-{text}:00+08:00").astimezone(UTC)


TOLD = at("02T08:30")


def turn(now: datetime) -> None:
    """What the clock does once a minute."""
    actions.plan(now=now)
    actions.escalate(now=now)
    actions.tell_in_app(now=now)
    actions.send_channel(Channel.EMAIL, now=now)


@pytest.fixture
def told(truth: Truth, post: Post, rep: User, manager: User, director: User) -> Occurrence:
    truth.facts = [(rep.pk, 7, MONDAY)]
    turn(TOLD)
    return Occurrence.objects.get(channel=Channel.IN_APP)


def test_the_owner_is_told_again_after_four_working_hours(
    told: Occurrence, post: Post, rep: User, manager: User
) -> None:
    turn(at("02T12:59"))
    assert len(post.sent) == 1
    turn(at("02T13:00"))
    assert len(post.sent) == 2
    assert len({message.message_id for message in post.sent}) == 2
    told.refresh_from_db()
    assert (told.round, told.sent_at, told.state) == (1, at("02T13:00"), State.SENT)
    assert Delivery.objects.filter(occurrence=told).count() == 2
    assert not on_the_desk(manager).exists()


def test_then_his_manager_then_the_director_each_once(
    told: Occurrence, manager: User, director: User, truth: Truth
) -> None:
    for moment in ("02T13:00", "03T08:30", "03T08:31", "04T08:30", "05T08:30", "06T08:30"):
        turn(at(moment))
        turn(at(moment))
    (first,) = on_the_desk(manager)
    (second,) = on_the_desk(director)
    assert (first.sent_at, second.sent_at) == (at("03T08:30"), at("04T08:30"))
    assert (first.arrival, first.came_from, first.meant_for_id) == (Arrival.ESCALATED, told, told.recipient_id)
    assert AuditEvent.objects.filter(code="reminders.escalated").count() == 2
    told.refresh_from_db()
    assert line_of(told).came == f"went up to {manager}, {director}"


def test_acknowledging_stops_it_and_reading_does_not(told: Occurrence, rep: User, manager: User) -> None:
    actions.mark_read(by=rep, occurrence_ids=[told.pk])
    turn(at("03T08:30"))
    assert on_the_desk(manager).count() == 1


def test_whoever_acknowledges_in_time_keeps_it_to_himself(told: Occurrence, rep: User, manager: User) -> None:
    actions.acknowledge_reminder(by=rep, occurrence_id=told.pk)
    turn(at("04T08:30"))
    assert not on_the_desk(manager).exists()
    assert on_the_desk(rep).count() == 1


def test_when_it_is_done_all_of_them_are_rid_of_it(told: Occurrence, rep: User, manager: User, director: User) -> None:
    turn(at("03T08:30"))
    turn(at("04T08:30"))
    actions.finish_reminder(by=rep, occurrence_id=told.pk)
    assert not Occurrence.objects.on_the_desk().exists()


def test_when_the_fact_is_gone_all_of_them_are_rid_of_it(
    told: Occurrence, truth: Truth, manager: User, director: User
) -> None:
    turn(at("03T08:30"))
    truth.facts = []
    turn(at("04T08:30"))
    assert not Occurrence.objects.on_the_desk().exists()
    assert not Occurrence.objects.filter(recipient=director).exists()


def test_a_manager_who_takes_notice_keeps_it_from_the_director(told: Occurrence, manager: User, director: User) -> None:
    turn(at("03T08:30"))
    (theirs,) = on_the_desk(manager)
    actions.acknowledge_reminder(by=manager, occurrence_id=theirs.pk)
    turn(at("04T08:30"))
    assert not on_the_desk(director).exists()


def test_the_chain_is_frozen_when_it_is_first_told(
    told: Occurrence, rep: User, manager: User, other_manager: User
) -> None:
    rep.team = other_manager.team
    rep.save()
    turn(at("03T08:30"))
    assert on_the_desk(manager).count() == 1
    assert not on_the_desk(other_manager).exists()


def test_a_manager_who_is_away_is_stood_in_for(
    truth: Truth, post: Post, rep: User, manager: User, director: User, other_manager: User
) -> None:
    Absence.objects.create(user=manager, stand_in=other_manager, starts_on=MONDAY, until=date(2026, 3, 9))
    truth.facts = [(rep.pk, 7, MONDAY)]
    turn(TOLD)
    turn(at("03T08:30"))
    assert on_the_desk(other_manager).count() == 1
    assert not on_the_desk(manager).exists()


def test_after_days_without_a_clock_the_manager_hears_of_it_and_nobody_twice(
    told: Occurrence, post: Post, manager: User, director: User
) -> None:
    turn(at("06T08:30"))
    turn(at("06T08:31"))
    assert (on_the_desk(manager).count(), on_the_desk(director).count()) == (1, 1)
    told.refresh_from_db()
    assert (told.round, told.escalates_at) == (0, None)


def test_putting_it_off_starts_the_clock_anew(told: Occurrence, rep: User, manager: User) -> None:
    Occurrence.objects.update(first_due_at=datetime.now(UTC))
    actions.snooze_reminder(by=rep, occurrence_id=told.pk, until=datetime.now(UTC) + timedelta(days=2))
    turn(at("04T08:30"))
    assert not on_the_desk(manager).exists()


def test_an_administrator_may_keep_a_rule_from_climbing(
    truth: Truth, post: Post, rep: User, manager: User, administrator: User
) -> None:
    actions.set_rule(by=administrator, rule=CODE, is_on=True, at=None, climbs=False, version=1)
    truth.facts = [(rep.pk, 7, MONDAY)]
    turn(TOLD)
    turn(at("04T08:30"))
    assert not on_the_desk(manager).exists()


def test_what_is_taken_back_goes_on_climbing(told: Occurrence, rep: User, manager: User) -> None:
    actions.finish_reminder(by=rep, occurrence_id=told.pk)
    actions.take_back(by=rep, occurrence_id=told.pk)
    turn(at("03T08:30"))
    assert on_the_desk(manager).count() == 1


def test_what_comes_back_after_being_put_off_climbs_from_then_on(told: Occurrence, rep: User, manager: User) -> None:
    actions.snooze_reminder(by=rep, occurrence_id=told.pk, until=datetime.now(UTC) + timedelta(days=2), reason="Later")
    Occurrence.objects.update(free_at=at("05T08:30"))
    turn(at("05T08:30"))
    turn(at("06T08:29"))
    assert not on_the_desk(manager).exists()
    turn(at("06T08:30"))
    assert on_the_desk(manager).count() == 1


def test_a_manager_is_told_by_the_ways_he_chose(told: Occurrence, manager: User, post: Post) -> None:
    actions.set_preference(by=manager, rule=CODE, channel=Channel.EMAIL, is_on=False)
    turn(at("03T08:30"))
    assert [row.channel for row in Occurrence.objects.filter(recipient=manager)] == [Channel.IN_APP]
