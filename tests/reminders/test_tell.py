"""The dispatcher: true at the moment of telling, once, to whoever is there; mail by lease, attempts and digest."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from unittest import mock

import pytest
from django.db import IntegrityError, transaction

from core.models import AuditEvent, User
from core.users import SYSTEM
from reminders import actions
from reminders.actions import sending
from reminders.channels import Refused
from reminders.choices import Channel, EndReason, Importance, Result, State
from reminders.models import Absence, Delivery, Occurrence
from reminders.queries import on_the_desk, unread_count
from reminders.rules.escalation import MOST_ATTEMPTS
from tests.reminders.conftest import CODE, MONDAY_NINE, Post, Truth, declare

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 3, 2)
MAIL = Channel.EMAIL


def plan_one(truth: Truth, rep: User, *, about: int = 7) -> Occurrence:
    truth.facts = [*truth.facts, (rep.pk, about, MONDAY)]
    actions.plan(now=MONDAY_NINE)
    return Occurrence.objects.get(channel=Channel.IN_APP, subject_id=about)


def mail(about: int = 7) -> Occurrence:
    return Occurrence.objects.get(channel=MAIL, subject_id=about)


def test_it_comes_onto_the_desk_once(truth: Truth, post: Post, rep: User) -> None:
    row = plan_one(truth, rep)
    assert [actions.tell_in_app(now=MONDAY_NINE) for _turn in range(3)] == [1, 0, 0]
    assert list(on_the_desk(rep)) == [row]
    assert unread_count(rep) == 1
    assert Delivery.objects.filter(occurrence=row, result=Result.SENT).count() == 1


def test_before_its_time_nobody_is_told(truth: Truth, post: Post, rep: User) -> None:
    plan_one(truth, rep)
    assert actions.tell_in_app(now=datetime(2026, 3, 2, 0, 29, 59, tzinfo=UTC)) == 0


def test_the_database_s_clock_counts_not_this_machine_s(truth: Truth, post: Post, rep: User) -> None:
    """Ten minutes fast or slow (T32): a reminder due in five minutes is not told yet, one due five minutes ago is."""
    from reminders.queries import database_now

    now = database_now()
    for about, due in ((1, now + timedelta(minutes=5)), (2, now - timedelta(minutes=5))):
        Occurrence.objects.create(
            rule="reminders.asked", recipient=rep, meant_for=rep, channel=Channel.IN_APP, slot_key=str(about),
            words={"text": "x"}, first_due_at=due, due_at=due, free_at=due,
        )  # fmt: skip
    for skew in (timedelta(minutes=10), -timedelta(minutes=10)):
        with mock.patch("django.utils.timezone.now", return_value=now + skew):
            actions.tell_in_app()
    assert {(row.slot_key, row.state) for row in Occurrence.objects.all()} == {("1", "planned"), ("2", "sent")}


def test_the_truth_is_asked_again_when_it_is_told(truth: Truth, post: Post, rep: User) -> None:
    row = plan_one(truth, rep)
    truth.facts = []
    actions.tell_in_app(now=MONDAY_NINE)
    actions.send_channel(MAIL, now=MONDAY_NINE)
    row.refresh_from_db()
    assert (row.state, row.ended_because) == (State.CANCELLED, EndReason.SETTLED)
    assert post.sent == []


def test_a_crash_before_the_commit_tells_nothing_and_the_next_one_tells_it(truth: Truth, post: Post, rep: User) -> None:
    row = plan_one(truth, rep)
    with (
        mock.patch("reminders.actions.telling._chains", side_effect=KeyboardInterrupt),
        pytest.raises(KeyboardInterrupt),
    ):
        actions.tell_in_app(now=MONDAY_NINE)
    assert not Delivery.objects.exists()
    assert actions.tell_in_app(now=MONDAY_NINE) == 1
    row.refresh_from_db()
    assert row.state == State.SENT


def test_the_database_refuses_a_second_success_of_a_round(truth: Truth, post: Post, rep: User) -> None:
    row = plan_one(truth, rep)
    actions.tell_in_app(now=MONDAY_NINE)
    with pytest.raises(IntegrityError), transaction.atomic():
        Delivery.objects.create(occurrence=row, round=0, at=MONDAY_NINE, result=Result.SENT)


def test_who_is_away_is_stood_in_for(truth: Truth, post: Post, rep: User, colleague: User) -> None:
    Absence.objects.create(user=rep, stand_in=colleague, starts_on=MONDAY, until=MONDAY)
    plan_one(truth, rep)
    actions.tell_in_app(now=MONDAY_NINE)
    actions.send_channel(MAIL, now=MONDAY_NINE)
    (row,) = on_the_desk(colleague)
    assert (row.meant_for, row.recipient) == (rep, colleague)
    assert post.sent[0].recipient == colleague
    actions.plan(now=MONDAY_NINE + timedelta(days=1))
    assert Occurrence.objects.filter(channel=Channel.IN_APP).count() == 1


def test_a_stand_in_who_is_told_anyway_is_told_once(truth: Truth, post: Post, rep: User, colleague: User) -> None:
    Absence.objects.create(user=rep, stand_in=colleague, starts_on=MONDAY, until=MONDAY)
    truth.facts = [(rep.pk, 7, MONDAY), (colleague.pk, 7, MONDAY)]
    actions.plan(now=MONDAY_NINE)
    actions.tell_in_app(now=MONDAY_NINE)
    assert on_the_desk(colleague).count() == 1
    assert Occurrence.objects.get(meant_for=rep, channel=Channel.IN_APP).ended_because == EndReason.TOLD_ALREADY


def test_what_was_meant_for_somebody_who_left_goes_to_his_manager(
    truth: Truth, post: Post, rep: User, manager: User
) -> None:
    rep.is_active = False
    rep.save()
    plan_one(truth, rep)
    actions.tell_in_app(now=MONDAY_NINE)
    assert on_the_desk(manager).count() == 1


def test_where_nobody_is_left_it_is_over_and_said_why(truth: Truth, post: Post, rep: User) -> None:
    rep.is_active = False
    rep.save()
    row = plan_one(truth, rep)
    actions.tell_in_app(now=MONDAY_NINE)
    row.refresh_from_db()
    assert (row.state, row.ended_because) == (State.CANCELLED, EndReason.NOT_REACHABLE)


# ------------------------------------------------------------------ mail


def test_mail_goes_out_once_with_an_identity(truth: Truth, post: Post, rep: User) -> None:
    plan_one(truth, rep)
    assert [actions.send_channel(MAIL, now=MONDAY_NINE) for _turn in range(2)] == [1, 0]
    assert [message.message_id for message in post.sent] == [f"reminder-{mail().pk}.0"]
    assert (mail().state, Delivery.objects.get(occurrence=mail()).message_id) == (State.SENT, f"reminder-{mail().pk}.0")


def test_a_sender_who_dies_leaves_a_lease_and_the_next_one_sends_the_same_message(
    truth: Truth, post: Post, rep: User
) -> None:
    plan_one(truth, rep)
    with mock.patch.object(sending, "_send", side_effect=KeyboardInterrupt), pytest.raises(KeyboardInterrupt):
        actions.send_channel(MAIL, now=MONDAY_NINE)
    assert (mail().state, mail().free_at) == (State.LEASED, MONDAY_NINE + sending.LEASE)
    assert actions.send_channel(MAIL, now=MONDAY_NINE + timedelta(seconds=44)) == 0
    assert actions.send_channel(MAIL, now=MONDAY_NINE + sending.LEASE) == 1
    assert post.sent[0].message_id == f"reminder-{mail().pk}.0"


def test_whoever_lost_his_lease_settles_nothing(truth: Truth, post: Post, rep: User) -> None:
    """Slow past the lease: another has it in hand, and what he sent is kept as one delivery."""
    plan_one(truth, rep)
    _taken, slow = sending._take(MAIL, MONDAY_NINE)
    _taken, quick = sending._take(MAIL, MONDAY_NINE + sending.LEASE)
    now = MONDAY_NINE + sending.LEASE
    assert sending._settle(slow.token, slow.messages[0], now) == 0
    assert mail().state == State.LEASED
    assert sending._settle(quick.token, quick.messages[0], now) == 1
    assert Delivery.objects.filter(occurrence=mail(), result=Result.SENT).count() == 1


def test_a_failing_server_is_tried_later_and_later_and_then_given_up(
    truth: Truth, post: Post, rep: User, administrator: User
) -> None:
    plan_one(truth, rep)
    post.fails = [OSError("no route")] * MOST_ATTEMPTS
    now, waits = MONDAY_NINE, []
    for _attempt in range(MOST_ATTEMPTS):
        actions.send_channel(MAIL, now=now)
        if mail().free_at:
            waits.append(mail().free_at - now)
            now = mail().free_at
    assert [wait.total_seconds() / 60 for wait in waits] == [1, 5, 15, 60]
    assert mail().state == State.PARKED
    assert AuditEvent.objects.filter(code="reminders.parked").count() == 1
    assert [row.result for row in Delivery.objects.filter(occurrence=mail())] == [Result.FAILED] * MOST_ATTEMPTS
    actions.retry_occurrence(by=administrator, occurrence_id=mail().pk)
    Occurrence.objects.filter(channel=MAIL).update(free_at=now)
    actions.send_channel(MAIL, now=now)
    assert (mail().state, len(post.sent)) == (State.SENT, 1)


def test_a_message_that_kills_its_sender_is_given_up_too(truth: Truth, post: Post, rep: User) -> None:
    plan_one(truth, rep)
    now = MONDAY_NINE
    for _death in range(MOST_ATTEMPTS):
        with mock.patch.object(sending, "_send", side_effect=KeyboardInterrupt), pytest.raises(KeyboardInterrupt):
            actions.send_channel(MAIL, now=now)
        now += sending.LEASE
    actions.send_channel(MAIL, now=now)
    assert (mail().state, post.sent) == (State.PARKED, [])


def test_a_bad_address_is_not_tried_again(truth: Truth, post: Post, rep: User) -> None:
    plan_one(truth, rep)
    post.fails = [Refused("550 no such user")]
    actions.send_channel(MAIL, now=MONDAY_NINE)
    delivery = Delivery.objects.get(occurrence=mail())
    assert (mail().state, delivery.result, delivery.error) == (State.PARKED, Result.REFUSED, "550 no such user")


def test_at_night_mail_waits_and_the_bell_does_not(truth: Truth, post: Post, rep: User) -> None:
    night = datetime(2026, 3, 2, 14, tzinfo=UTC)  # ten in the evening there
    truth.facts = [(rep.pk, 7, MONDAY)]
    actions.plan(now=night)
    assert actions.tell_in_app(now=night) == 1
    assert actions.send_channel(MAIL, now=night) == 0
    opens = datetime(2026, 3, 3, 0, 0, tzinfo=UTC)
    assert opens <= mail().free_at < opens + timedelta(minutes=10)


def test_who_became_quiet_after_planning_is_left_alone(truth: Truth, post: Post, rep: User) -> None:
    plan_one(truth, rep)
    night = datetime(2026, 3, 2, 14, tzinfo=UTC)
    assert actions.send_channel(MAIL, now=night) == 0
    assert (mail().state, mail().attempts, post.sent) == (State.PLANNED, 0, [])
    assert actions.send_channel(MAIL, now=night + timedelta(hours=11)) == 1


def test_three_small_things_are_one_morning_message_and_each_keeps_its_state(
    truth: Truth, post: Post, rep: User, colleague: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    declare(monkeypatch, truth.find, importance=Importance.LOW)
    truth.facts = [(rep.pk, number, MONDAY) for number in (1, 2, 3)] + [
        (colleague.pk, number, MONDAY) for number in (4, 5)
    ]
    actions.plan(now=MONDAY_NINE)
    assert actions.send_channel(MAIL, now=MONDAY_NINE) == 0
    morning = datetime(2026, 3, 3, 0, 30, tzinfo=UTC)
    assert {row.free_at for row in Occurrence.objects.filter(channel=MAIL)} == {morning}
    assert actions.send_channel(MAIL, now=morning) == 5
    assert sorted((message.recipient.pk, len(message.occurrences)) for message in post.sent) == sorted(
        [(rep.pk, 3), (colleague.pk, 1), (colleague.pk, 1)]
    )
    assert {row.state for row in Occurrence.objects.filter(channel=MAIL)} == {State.SENT}
    assert Delivery.objects.filter(occurrence__channel=MAIL).count() == 5


def test_acting_on_one_channel_spares_the_other(truth: Truth, post: Post, rep: User) -> None:
    row = plan_one(truth, rep)
    actions.tell_in_app(now=MONDAY_NINE)
    actions.finish_reminder(by=rep, occurrence_id=row.pk)
    assert actions.send_channel(MAIL, now=MONDAY_NINE) == 0
    assert (mail().state, mail().ended_because) == (State.CANCELLED, EndReason.FINISHED)


def test_a_rule_that_is_no_longer_declared_tells_nothing(
    truth: Truth, post: Post, rep: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    from reminders.registry import RULES

    row = plan_one(truth, rep)
    monkeypatch.delitem(RULES, CODE)
    actions.tell_in_app(now=MONDAY_NINE)
    row.refresh_from_db()
    assert row.ended_because == EndReason.SWITCHED_OFF


def test_a_rule_that_breaks_is_set_aside_and_the_others_are_told(truth: Truth, post: Post, rep: User) -> None:
    """Its query fails while its reminders are due; what was asked for beside it is told all the same, and later so are they."""
    broken = plan_one(truth, rep)
    actions.schedule(by=SYSTEM, to=rep, at=MONDAY_NINE, text="Water the plants")
    Occurrence.objects.filter(rule="reminders.asked").update(free_at=MONDAY_NINE)
    truth.broken = True
    assert actions.tell_in_app(now=MONDAY_NINE) == 1
    assert actions.send_channel(MAIL, now=MONDAY_NINE) == 1
    broken.refresh_from_db()
    assert (broken.state, broken.attempts, broken.free_at) == (State.PLANNED, 1, MONDAY_NINE + timedelta(minutes=1))
    assert "nonsense" in broken.deliveries.get().error
    truth.broken = False
    assert actions.tell_in_app(now=MONDAY_NINE + timedelta(minutes=1)) == 1
    assert broken.deliveries.filter(result=Result.SENT).count() == 1


def test_a_stand_in_who_has_what_was_handed_over_is_not_told_twice(
    truth: Truth, post: Post, rep: User, colleague: User, other_rep: User
) -> None:
    """Handed to somebody who is away, whose stand-in is told of the same fact on his own account."""
    truth.facts = [(rep.pk, 7, MONDAY), (other_rep.pk, 7, MONDAY)]
    actions.plan(now=MONDAY_NINE)
    actions.tell_in_app(now=MONDAY_NINE)
    mine = Occurrence.objects.get(recipient=rep, channel=Channel.IN_APP)
    actions.hand_over_reminder(by=rep, occurrence_id=mine.pk, to_user_id=colleague.pk)
    Absence.objects.create(user=colleague, stand_in=other_rep, starts_on=date(2026, 1, 1), until=date(2030, 1, 1))
    actions.tell_in_app()
    assert on_the_desk(other_rep).count() == 1
    assert Occurrence.objects.get(recipient=colleague, channel=Channel.IN_APP).ended_because == EndReason.TOLD_ALREADY
