"""What is due for one person today: in groups, told or not yet, without what was put off or dealt with."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import AccountMember
from core.models import User
from core.users import SYSTEM
from core.workdays import today
from desk.agenda import CLIMBED, WAITING, Agenda, agenda_of, day_of
from desk.today import today_of
from prospects.choices import Stage
from relationships.models import VisitAttendee
from reminders import actions
from reminders.models import Occurrence
from reminders.queries import database_now
from tests.factories import make_account, make_prospect, make_visit
from tests.reminders.desk import put_on_desk

SignIn = Callable[[User], Client]


def groups(agenda: Agenda) -> dict[str, list[str]]:
    return {group.key: [line.text for line in group.lines] for group in agenda.groups}


def due_later(user: User, text: str, **ahead: int) -> None:
    """Planned, not told yet."""
    actions.schedule(by=SYSTEM, rule="reminders.asked", to=user, at=day_of(user)[1] + timedelta(**ahead), text=text)


def test_what_is_told_and_what_comes_before_the_day_is_over(rep: User, colleague: User) -> None:
    put_on_desk(rep, "Told")
    put_on_desk(colleague, "Hers")
    due_later(rep, "Tonight", seconds=-1)
    due_later(rep, "Tomorrow", seconds=1)
    assert groups(agenda_of(rep)) == {"other": ["Told", "Tonight"]}
    assert agenda_of(rep).open == 2


def test_a_visit_one_comes_along_to_is_on_the_way_and_no_task(rep: User, colleague: User, as_user: SignIn) -> None:
    account = make_account(rep, "Acme")
    noon = day_of(colleague)[0] + timedelta(hours=12)
    visit = make_visit(rep, account, at=noon)
    VisitAttendee.objects.create(visit=visit, colleague=colleague)
    assert agenda_of(colleague).route == [], "he sees nothing of the account"
    AccountMember.objects.create(account=account, user=colleague)
    assert "Nothing is due today" not in as_user(colleague).get("/").text, "there is a visit to go to"
    own = make_visit(colleague, make_account(colleague), at=noon - timedelta(hours=1))
    agenda = agenda_of(colleague)
    assert (agenda.route, agenda.open) == ([own, visit], 1)
    page = as_user(colleague).get("/").text
    assert "with Li Lei" in page
    assert reverse("prospects:record_planned_visit", args=[own.pk]) in page
    assert reverse("prospects:record_planned_visit", args=[visit.pk]) not in page
    assert agenda_of(rep).open == 1


def test_the_important_first_then_what_waited_longest(rep: User) -> None:
    for text in ("First", "Second", "Third"):
        put_on_desk(rep, text)
    Occurrence.objects.filter(words__text="Third").update(importance=4)
    assert groups(agenda_of(rep)) == {"other": ["Third", "First", "Second"]}


def test_done_and_put_off_leave_the_day(rep: User) -> None:
    done, later = put_on_desk(rep, "Done"), put_on_desk(rep, "Later")
    actions.finish_reminder(by=rep, occurrence_id=done.pk)
    actions.snooze_reminder(by=rep, occurrence_id=later.pk, until=database_now() + timedelta(days=1))
    agenda = agenda_of(rep)
    assert (agenda.is_empty, agenda.done, agenda.open) == (True, 1, 0)
    actions.take_back(by=rep, occurrence_id=done.pk)
    assert groups(agenda_of(rep)) == {"other": ["Done"]}


def test_what_is_dealt_with_before_its_hour_can_be_taken_back(rep: User) -> None:
    due_later(rep, "Tonight", minutes=-1)
    row = Occurrence.objects.get(recipient=rep, channel="in_app")
    actions.finish_reminder(by=rep, occurrence_id=row.pk)
    assert agenda_of(rep).is_empty
    actions.take_back(by=rep, occurrence_id=row.pk)
    row.refresh_from_db()
    assert (row.state, row.free_at) == ("planned", row.due_at)


def test_what_was_handed_over_waits_for_the_other(rep: User, colleague: User) -> None:
    row = put_on_desk(rep, "Ours")
    actions.hand_over_reminder(by=rep, occurrence_id=row.pk, to_user_id=colleague.pk)
    actions.tell_in_app()
    agenda = agenda_of(rep)
    assert (groups(agenda), agenda.is_empty, agenda.open) == ({WAITING: ["Ours"]}, True, 0)
    assert groups(agenda_of(colleague)) == {"other": ["Ours"]}


def test_what_climbed_stands_first(manager: User) -> None:
    put_on_desk(manager, "Own")
    row = put_on_desk(manager, "From below")
    Occurrence.objects.filter(pk=row.pk).update(arrival="escalated")
    assert list(groups(agenda_of(manager))) == [CLIMBED, "other"]


def test_a_card_spoken_of_does_not_stand_twice(rep: User) -> None:
    card = make_prospect(rep, name="Late", next_step="Call", next_step_on=today() - timedelta(days=3), stage=Stage.C)
    assert [section.key for section in today_of(rep).sections] == ["overdue"]
    actions.plan(only=["prospects.follow_up_overdue"])
    actions.tell_in_app()
    page = today_of(rep)
    assert (groups(page.agenda), page.sections) == ({"overdue": [page.agenda.groups[0].lines[0].text]}, [])
    assert page.agenda.groups[0].lines[0].act_url == f"/prospects/{card.pk}/plan/"


def test_a_long_desk_shows_the_top_and_counts_the_rest(rep: User) -> None:
    for number in range(10):
        put_on_desk(rep, f"Call {number}")
    (group,) = agenda_of(rep).groups
    assert (len(group.lines), group.more) == (8, 2)


@pytest.mark.parametrize("role", ["rep", "manager", "collector", "executive", "administrator"])
def test_the_page_of_every_role_with_a_full_desk(
    role: str, request: pytest.FixtureRequest, as_user: SignIn, django_assert_max_num_queries: Any
) -> None:
    person = request.getfixturevalue(role)
    client = as_user(person)
    put_on_desk(person, "Call Red Star Steel")
    client.get("/")
    with django_assert_max_num_queries(10):
        answer = client.get("/")
    assert "Call Red Star Steel" in answer.content.decode()
