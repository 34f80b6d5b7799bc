"""What people do with a reminder: acknowledge, finish, put off, hand over, take back; and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from core.errors import Conflict, DomainError, NotAllowed, NotFound
from core.models import AuditEvent, User
from core.users import SYSTEM
from reminders import actions
from reminders.choices import Arrival, Channel, EndReason, State
from reminders.models import Occurrence
from reminders.queries import database_now, on_the_desk, unread_count
from tests.reminders.conftest import Post

pytestmark = pytest.mark.django_db


@pytest.fixture
def mine(rep: User, post: Post) -> Occurrence:
    """Told to the rep in Keyline and by mail."""
    row = actions.schedule(by=SYSTEM, to=rep, at=database_now(), text="Call Ms Li", slot="call")
    actions.tell_in_app()
    Occurrence.objects.filter(channel=Channel.EMAIL).update(state=State.SENT, sent_at=database_now(), free_at=None)
    assert row is not None
    row.refresh_from_db()
    return row


def both() -> list[tuple[str, str]]:
    return sorted(Occurrence.objects.values_list("channel", "state"))


def later(**span: int) -> Any:
    return database_now() + timedelta(**span)


ACTS: dict[str, Callable[..., object]] = {
    "acknowledge": actions.acknowledge_reminder,
    "finish": actions.finish_reminder,
    "snooze": lambda **who: actions.snooze_reminder(**who, until=later(hours=3)),
    "hand over": lambda **who: actions.hand_over_reminder(
        **who, to_user_id=User.objects.get(full_name="Han Meimei").pk
    ),
}


@pytest.mark.parametrize("act", ACTS)
def test_each_act_leaves_an_event_and_is_refused_to_strangers(
    act: str, mine: Occurrence, rep: User, colleague: User, other_manager: User, administrator: User
) -> None:
    for stranger, refusal in ((colleague, NotFound), (other_manager, NotFound), (administrator, NotAllowed)):
        with pytest.raises(refusal):
            ACTS[act](by=stranger, occurrence_id=mine.pk)
    with pytest.raises(NotFound):
        ACTS[act](by=rep, occurrence_id=0)
    before = AuditEvent.objects.count()
    ACTS[act](by=rep, occurrence_id=mine.pk)
    assert AuditEvent.objects.count() == before + 1


@pytest.mark.parametrize("act", ACTS)
def test_what_is_over_is_a_conflict(act: str, mine: Occurrence, rep: User, colleague: User) -> None:
    actions.finish_reminder(by=rep, occurrence_id=mine.pk)
    with pytest.raises(Conflict):
        ACTS[act](by=rep, occurrence_id=mine.pk)


def test_finishing_ends_it_on_every_channel(mine: Occurrence, rep: User) -> None:
    actions.finish_reminder(by=rep, occurrence_id=mine.pk)
    assert both() == [("email", "done"), ("in_app", "done")]
    assert not on_the_desk(rep).exists()


def test_the_manager_may_act_for_his_people(mine: Occurrence, manager: User) -> None:
    row = actions.acknowledge_reminder(by=manager, occurrence_id=mine.pk)
    assert (row.acknowledged_by, row.state) == (manager, State.SENT)


def test_reading_is_not_acknowledging(mine: Occurrence, rep: User, colleague: User) -> None:
    assert unread_count(rep) == 1
    assert actions.mark_read(by=colleague, occurrence_ids=[mine.pk]) == 0
    assert actions.mark_read(by=rep, occurrence_ids=[mine.pk]) == 1
    mine.refresh_from_db()
    assert (unread_count(rep), mine.acknowledged_at) == (0, None)


def test_putting_off_tells_it_again_later(mine: Occurrence, rep: User) -> None:
    until = later(hours=3)
    actions.snooze_reminder(by=rep, occurrence_id=mine.pk, until=until)
    assert both() == [("email", "snoozed"), ("in_app", "snoozed")]
    assert not on_the_desk(rep).exists()
    assert actions.tell_in_app(now=until - timedelta(seconds=1)) == 0
    assert actions.tell_in_app(now=until) == 1
    mine.refresh_from_db()
    assert (mine.round, mine.snoozes, mine.deliveries.count()) == (1, 1, 2)


def test_putting_off_has_limits(mine: Occurrence, rep: User) -> None:
    for wrong, field in ((later(hours=-1), "until"), (later(days=15), "reason"), (later(days=400), "until")):
        with pytest.raises(DomainError) as refused:
            actions.snooze_reminder(by=rep, occurrence_id=mine.pk, until=wrong)
        assert refused.value.field == field
    actions.snooze_reminder(by=rep, occurrence_id=mine.pk, until=later(days=15), reason="They are on holiday")
    Occurrence.objects.update(state=State.SENT, free_at=None, snoozes=5)
    with pytest.raises(DomainError):
        actions.snooze_reminder(by=rep, occurrence_id=mine.pk, until=later(days=1))


def test_nothing_is_put_off_past_a_legal_deadline(mine: Occurrence, rep: User) -> None:
    Occurrence.objects.update(deadline_on=later(days=3).date())
    with pytest.raises(DomainError) as refused:
        actions.snooze_reminder(by=rep, occurrence_id=mine.pk, until=later(days=5), reason="Please")
    assert refused.value.code == "past_deadline"


def test_handing_over_gives_it_to_a_colleague(mine: Occurrence, rep: User, colleague: User) -> None:
    theirs = actions.hand_over_reminder(by=rep, occurrence_id=mine.pk, to_user_id=colleague.pk, reason="On the road")
    actions.tell_in_app()
    assert list(on_the_desk(colleague)) == [theirs]
    assert (theirs.arrival, theirs.meant_for, theirs.asked_by, theirs.note) == (
        Arrival.HANDED_OVER,
        rep,
        rep,
        "On the road",
    )
    mine.refresh_from_db()
    assert (mine.state, mine.ended_because) == (State.DONE, EndReason.HANDED_OVER)


def test_handing_over_is_refused_to_oneself_and_to_who_left(mine: Occurrence, rep: User, colleague: User) -> None:
    colleague.is_active = False
    colleague.save()
    for to in (rep, colleague):
        with pytest.raises(DomainError):
            actions.hand_over_reminder(by=rep, occurrence_id=mine.pk, to_user_id=to.pk)
    with pytest.raises(NotFound):
        actions.hand_over_reminder(by=rep, occurrence_id=mine.pk, to_user_id=0)


@pytest.mark.parametrize("act", ["finish", "snooze", "hand over"])
def test_the_last_act_can_be_taken_back(act: str, mine: Occurrence, rep: User, colleague: User) -> None:
    ACTS[act](by=rep, occurrence_id=mine.pk)
    actions.take_back(by=rep, occurrence_id=mine.pk)
    assert list(on_the_desk(rep)) == [mine]
    assert not Occurrence.objects.filter(recipient=colleague).exclude(state=State.CANCELLED).exists()
    with pytest.raises(Conflict):
        actions.take_back(by=rep, occurrence_id=mine.pk)


def test_what_was_taken_back_can_be_handed_over_again_and_back(mine: Occurrence, rep: User, colleague: User) -> None:
    actions.hand_over_reminder(by=rep, occurrence_id=mine.pk, to_user_id=colleague.pk)
    actions.take_back(by=rep, occurrence_id=mine.pk)
    theirs = actions.hand_over_reminder(by=rep, occurrence_id=mine.pk, to_user_id=colleague.pk)
    actions.tell_in_app()
    assert list(on_the_desk(colleague)) == [theirs]
    actions.hand_over_reminder(by=colleague, occurrence_id=theirs.pk, to_user_id=rep.pk)
    actions.tell_in_app()
    assert list(on_the_desk(rep)) == [mine]
    assert not on_the_desk(colleague).exists()


def test_a_colleague_who_has_begun_keeps_it(mine: Occurrence, rep: User, colleague: User) -> None:
    theirs = actions.hand_over_reminder(by=rep, occurrence_id=mine.pk, to_user_id=colleague.pk)
    actions.tell_in_app()
    actions.acknowledge_reminder(by=colleague, occurrence_id=theirs.pk)
    with pytest.raises(Conflict):
        actions.take_back(by=rep, occurrence_id=mine.pk)
