"""Planning follow-up for somebody, calling it off, and how a person wants to be told."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest

from core.errors import Conflict, DomainError, NotAllowed, NotFound
from core.models import User
from core.users import SYSTEM
from core.workdays import today
from reminders import actions
from reminders.choices import Channel, EndReason, State
from reminders.models import Absence, Occurrence, Preference
from reminders.queries import database_now, on_the_desk
from tests.factories import make_account
from tests.reminders.conftest import CODE, Post, Truth, declare

pytestmark = pytest.mark.django_db


def test_a_reminder_is_scheduled_once_under_its_slot(rep: User, manager: User, post: Post) -> None:
    account = make_account(rep, "Acme")
    rows = [
        actions.schedule(
            by=manager, to=rep, on=date(2026, 5, 4), about=account, slot="acme-offer", text="Send the offer"
        )
        for _turn in range(2)
    ]
    assert rows[0] == rows[1]
    assert Occurrence.objects.count() == 2
    head = Occurrence.objects.get(channel=Channel.IN_APP)
    assert (head.due_at, head.url) == (datetime(2026, 5, 4, 0, 30, tzinfo=UTC), account.get_absolute_url())
    assert (head.asked_by, head.subject_type, head.subject_id) == (manager, "accounts.account", account.pk)


def test_without_a_slot_each_is_one_of_its_own(rep: User, post: Post) -> None:
    for _turn in range(2):
        actions.schedule(by=rep, to=rep, at=database_now(), text="Call")
    assert actions.tell_in_app() == 2


def test_scheduling_refusals(rep: User, colleague: User) -> None:
    colleague.is_active = False
    colleague.save()
    with pytest.raises(DomainError):
        actions.schedule(by=rep, to=colleague, on=today(), text="Call")
    with pytest.raises(DomainError):
        actions.schedule(by=rep, to=rep, text="Call")
    with pytest.raises(DomainError):
        actions.schedule(by=rep, to=rep, on=today(), text=" ")
    with pytest.raises(NotAllowed):
        rep.role = ""
        actions.schedule(by=rep, to=rep, on=today(), text="Call")


def test_what_was_asked_for_survives_the_planner(rep: User, post: Post) -> None:
    actions.schedule(by=SYSTEM, to=rep, at=database_now(), text="Call", slot="x")
    actions.plan()
    actions.tell_in_app()
    actions.plan()
    assert on_the_desk(rep).count() == 1


def test_calling_off(rep: User, post: Post) -> None:
    actions.schedule(by=SYSTEM, to=rep, at=database_now(), text="Call", slot="x")
    actions.tell_in_app()
    assert actions.cancel(by=SYSTEM, rule="reminders.asked", slot="x") == 2
    assert actions.cancel(by=SYSTEM, rule="reminders.asked", slot="x") == 0
    assert sorted(Occurrence.objects.values_list("state", "ended_because")) == [
        (State.CANCELLED, EndReason.CALLED_OFF),
        (State.DONE, EndReason.CALLED_OFF),
    ]


def test_what_was_called_off_can_be_scheduled_again(rep: User, post: Post) -> None:
    actions.schedule(by=SYSTEM, to=rep, at=database_now(), text="Call", slot="x")
    actions.tell_in_app()
    actions.cancel(by=SYSTEM, rule="reminders.asked", slot="x")
    actions.schedule(by=SYSTEM, to=rep, at=database_now(), text="Call", slot="x")
    assert actions.tell_in_app() == 1
    assert on_the_desk(rep).count() == 1


# ------------------------------------------------------------------ how one is told


def test_a_channel_can_be_chosen_and_what_waits_follows(truth: Truth, post: Post, rep: User) -> None:
    truth.facts = [(rep.pk, 7, date(2026, 3, 3))]
    actions.plan(now=datetime(2026, 3, 2, 1, tzinfo=UTC))
    actions.set_preference(by=rep, rule=CODE, channel=Channel.EMAIL, is_on=False)
    assert Occurrence.objects.get(channel=Channel.EMAIL).ended_because == EndReason.SWITCHED_OFF
    actions.set_preference(by=rep, rule=CODE, channel=Channel.EMAIL, is_on=True)
    assert Preference.objects.get().is_on


def test_what_climbs_stays_in_the_bell(truth: Truth, rep: User, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(DomainError):
        actions.set_preference(by=rep, rule=CODE, channel=Channel.IN_APP, is_on=False)
    with pytest.raises(DomainError):
        actions.set_preference(by=rep, rule="no.such", channel=Channel.EMAIL, is_on=False)
    declare(monkeypatch, truth.find, offered=(Channel.IN_APP,))
    with pytest.raises(DomainError):
        actions.set_preference(by=rep, rule=CODE, channel=Channel.CHAT, is_on=True)


def test_quiet_hours_of_ones_own(rep: User) -> None:
    wanted = {"quiet_from": time(22), "quiet_to": time(7), "rests_on_days_off": False, "bundles": False}
    row = actions.set_quiet_hours(by=rep, **wanted, version=1)  # type: ignore[arg-type]
    assert (row.quiet_from, row.bundles, row.version) == (time(22), False, 2)
    with pytest.raises(Conflict):
        actions.set_quiet_hours(by=rep, **wanted, version=1)  # type: ignore[arg-type]


def test_an_absence(rep: User, colleague: User, other_rep: User, manager: User, other_manager: User) -> None:
    until = today() + timedelta(days=5)
    row = actions.add_absence(by=rep, user_id=rep.pk, stand_in_id=colleague.pk, starts_on=today(), until=until)
    with pytest.raises(DomainError):  # these days are taken
        actions.add_absence(by=manager, user_id=rep.pk, stand_in_id=colleague.pk, starts_on=until, until=until)
    with pytest.raises(NotFound):
        actions.end_absence(by=other_rep, absence_id=row.pk)
    with pytest.raises(NotFound):
        actions.end_absence(by=other_manager, absence_id=row.pk)
    actions.end_absence(by=manager, absence_id=row.pk)
    assert not Absence.objects.exists()


def test_an_absence_that_has_begun_ends_yesterday(rep: User, colleague: User) -> None:
    began = today() - timedelta(days=3)
    row = Absence.objects.create(user=rep, stand_in=colleague, starts_on=began, until=today() + timedelta(days=3))
    actions.end_absence(by=rep, absence_id=row.pk)
    row.refresh_from_db()
    assert row.until == today() - timedelta(days=1)
    with pytest.raises(Conflict):
        actions.end_absence(by=rep, absence_id=row.pk)


def test_absence_refusals(rep: User, colleague: User, manager: User, other_manager: User) -> None:
    start, end = today() + timedelta(days=1), today() + timedelta(days=2)
    for who, stand_in, first, last, field in (
        (rep, rep, start, end, "stand_in_id"),
        (rep, colleague, end, start, "until"),
        (rep, colleague, today() - timedelta(days=9), today() - timedelta(days=8), "until"),
        (rep, colleague, start, start + timedelta(days=400), "until"),
    ):
        with pytest.raises(DomainError) as refused:
            actions.add_absence(by=who, user_id=rep.pk, stand_in_id=stand_in.pk, starts_on=first, until=last)
        assert refused.value.field == field
    for stranger in (colleague, other_manager):
        with pytest.raises(NotAllowed):
            actions.add_absence(by=stranger, user_id=rep.pk, stand_in_id=manager.pk, starts_on=start, until=end)


# ------------------------------------------------------------------ administrators


def test_only_administrators_change_rules_and_try_again(
    truth: Truth, rep: User, administrator: User, post: Post
) -> None:
    change = {"rule": CODE, "is_on": False, "at": None, "climbs": False}
    with pytest.raises(NotAllowed):
        actions.set_rule(by=rep, **change, version=1)  # type: ignore[arg-type]
    actions.set_rule(by=administrator, **change, version=1)  # type: ignore[arg-type]
    with pytest.raises(Conflict):
        actions.set_rule(by=administrator, **change, version=1)  # type: ignore[arg-type]
    with pytest.raises(DomainError):
        actions.set_rule(by=administrator, **{**change, "rule": "no.such"}, version=1)  # type: ignore[arg-type]
    row = actions.schedule(by=SYSTEM, to=rep, at=database_now(), text="Call")
    assert row is not None
    with pytest.raises(NotAllowed):
        actions.retry_occurrence(by=rep, occurrence_id=row.pk)
    with pytest.raises(Conflict):
        actions.retry_occurrence(by=administrator, occurrence_id=row.pk)
    with pytest.raises(NotFound):
        actions.retry_occurrence(by=administrator, occurrence_id=0)


def test_what_is_long_over_is_forgotten(rep: User, colleague: User, post: Post) -> None:
    row = actions.schedule(by=SYSTEM, to=rep, at=database_now(), text="Call", slot="x")
    assert row is not None
    actions.hand_over_reminder(by=rep, occurrence_id=row.pk, to_user_id=colleague.pk)
    Occurrence.objects.filter(recipient=rep).update(ended_at=database_now() - timedelta(days=500))
    assert actions.forget_old(on=today()) == 2
    assert Occurrence.objects.filter(recipient=colleague, came_from=None).count() == 2
