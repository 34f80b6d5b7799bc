"""Planning, recording, editing, moving and calling off visits, and their next steps (R7, R8)."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains

from core.errors import Conflict, DomainError, NotAllowed, NotFound
from core.models import AuditEvent
from core.users import SYSTEM
from core.workdays import today
from relationships import actions, queries
from relationships.choices import Meeting, VisitKind
from relationships.models import Visit
from relationships.rules.visits import Interval, interval, is_fresh
from tests.factories import make_account, make_contact, make_visit

pytestmark = pytest.mark.django_db
AHEAD = datetime(2031, 3, 6, 1, tzinfo=UTC)


@pytest.fixture
def account(rep):
    return make_account(rep, "Acme")


def told(**changes):
    """What a recorded visit says."""
    words = {"outcome": "They want an offer", "next_step": "Send the offer", "next_step_on": date(2031, 3, 3)}
    return words | changes


def test_a_visit_is_recorded_at_once(rep, colleague, account):
    wang, zhang = make_contact(rep, account, "Wang Fang"), make_contact(rep, account, "Zhang Wei")
    visit = actions.record_visit(
        by=rep, account_id=account.pk, contact_ids=[zhang.pk, wang.pk], colleague_ids=[colleague.pk, rep.pk], **told()
    )
    account.refresh_from_db()
    people = queries.visit_people([visit])[visit.pk]
    assert (visit.meeting, visit.is_planned, account.last_contact_on) == (Meeting.FIRST, False, today())
    assert is_fresh(visit.lag)
    assert {contact.full_name for contact in people.contacts} == {"Wang Fang", "Zhang Wei"}
    assert people.colleagues == [colleague]
    assert AuditEvent.objects.get().code == "relationships.visit_recorded"


def test_the_second_meeting_is_a_follow_up_and_a_call_is_no_meeting(rep, account):
    call = actions.record_visit(by=rep, account_id=account.pk, kind=VisitKind.CALL, **told())
    first = actions.record_visit(by=rep, account_id=account.pk, **told())
    second = actions.record_visit(by=rep, account_id=account.pk, kind=VisitKind.MEAL, **told())
    assert [visit.meeting for visit in (call, first, second)] == ["", "first", "follow_up"]


def test_a_later_visit_takes_the_step_owed_since_the_last(rep, colleague, account):
    first = actions.record_visit(by=rep, account_id=account.pk, **told())
    assert list(Visit.objects.with_open_step()) == [first]
    second = actions.record_visit(by=rep, account_id=account.pk, **told())
    assert list(Visit.objects.with_open_step()) == [second]
    actions.settle_next_step(by=rep, visit_id=second.pk)
    assert not Visit.objects.with_open_step()
    with pytest.raises(DomainError):
        actions.settle_next_step(by=rep, visit_id=second.pk)


def test_last_contact_never_moves_back(rep, account):
    actions.record_visit(by=rep, account_id=account.pk, **told())
    late = actions.record_visit(by=rep, account_id=account.pk, at=timezone.now() - timedelta(days=3), **told())
    account.refresh_from_db()
    assert account.last_contact_on == today()
    assert not is_fresh(late.lag)


def test_recording_costs_little(rep, account):
    contact = make_contact(rep, account)
    actions.record_visit(by=rep, account_id=account.pk, **told())
    with CaptureQueriesContext(
        connection,
    ) as captured:
        actions.record_visit(by=rep, account_id=account.pk, contact_ids=[contact.pk], **told())
    statements = [query["sql"] for query in captured if "SAVEPOINT" not in query["sql"]]
    assert len(statements) <= 6, statements


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"outcome": " "}, "outcome"),
        ({"next_step": ""}, "next_step"),
        ({"next_step_on": None}, "next_step_on"),
        ({"next_step_on": date(2020, 1, 1)}, "next_step_on"),
        ({"kind": "séance"}, "kind"),
        ({"minutes": 1}, "minutes"),
        ({"at": AHEAD}, "at"),
    ],
)
def test_a_record_says_what_came_of_it_and_what_comes_next(rep, account, changes, field):
    with pytest.raises(DomainError) as refusal:
        actions.record_visit(by=rep, account_id=account.pk, **told(**changes))
    assert refusal.value.field == field
    assert not Visit.objects.exists()


def test_a_plan_is_recorded_with_its_people(rep, account):
    contact = make_contact(rep, account)
    visit = actions.plan_visit(by=rep, account_id=account.pk, at=AHEAD, purpose="Budget", contact_ids=[contact.pk])
    assert (visit.is_planned, visit.planned_at) == (True, AHEAD)
    recorded = actions.record_planned_visit(by=rep, visit_id=visit.pk, version=1, **told())
    assert recorded.at < AHEAD  # the plan lay ahead: it took place now
    assert (recorded.planned_at, recorded.purpose, recorded.version) == (AHEAD, "Budget", 2)
    assert queries.visit_people([visit])[visit.pk].contacts == [contact]
    with pytest.raises(DomainError) as refusal:
        actions.record_planned_visit(by=rep, visit_id=visit.pk, **told())
    assert refusal.value.code == "recorded"


def test_a_plan_does_not_lie_in_the_past(rep, account):
    with pytest.raises(DomainError) as refusal:
        actions.plan_visit(by=rep, account_id=account.pk, at=timezone.now() - timedelta(days=2))
    assert refusal.value.code == "day_passed"


def test_a_plan_moves_and_is_called_off(rep, account):
    visit = make_visit(rep, account)
    moved = actions.move_visit(by=rep, visit_id=visit.pk, at=AHEAD, version=1)
    assert (moved.at, moved.planned_at) == (AHEAD, AHEAD)
    with pytest.raises(DomainError):
        actions.cancel_visit(by=rep, visit_id=visit.pk, because="  ")
    actions.cancel_visit(by=rep, visit_id=visit.pk, because="They are ill")
    assert not Visit.objects.planned()
    with pytest.raises(DomainError) as refusal:
        actions.move_visit(by=rep, visit_id=visit.pk, at=AHEAD)
    assert refusal.value.code == "cancelled"
    assert list(AuditEvent.objects.order_by("id").values_list("code", flat=True)) == [
        "relationships.visit_moved",
        "relationships.visit_cancelled",
    ]


def test_an_edit_keeps_the_next_step(rep, account):
    visit = actions.record_visit(by=rep, account_id=account.pk, **told())
    edited = actions.edit_visit(by=rep, visit_id=visit.pk, version=1, kind=VisitKind.CALL, outcome="They wait")
    assert (edited.outcome, edited.meeting, edited.version) == ("They wait", "", 2)
    with pytest.raises(DomainError) as refusal:
        actions.edit_visit(by=rep, visit_id=visit.pk, next_step="")
    assert refusal.value.field == "next_step"
    with pytest.raises(DomainError) as refusal:
        actions.edit_visit(by=rep, visit_id=make_visit(rep, account).pk, outcome="Already?")
    assert refusal.value.code == "planned"


def test_refusals(rep, other_rep, collector, account):
    visit = make_visit(rep, account)
    stranger = make_contact(other_rep, make_account(other_rep))
    for action, values in (
        (actions.move_visit, {"at": AHEAD}),
        (actions.cancel_visit, {"because": "x"}),
        (actions.edit_visit, {"purpose": "x"}),
        (actions.record_planned_visit, told()),
        (actions.settle_next_step, {}),
    ):
        with pytest.raises(NotAllowed):
            action(by=collector, visit_id=visit.pk, **values)
        with pytest.raises(NotFound):
            action(by=other_rep, visit_id=visit.pk, **values)
        with pytest.raises(Conflict):
            action(by=rep, visit_id=visit.pk, version=7, **values)
    for action, values in ((actions.plan_visit, {"at": AHEAD}), (actions.record_visit, told())):
        with pytest.raises(NotAllowed):
            action(by=collector, account_id=account.pk, **values)
        with pytest.raises(NotFound):
            action(by=other_rep, account_id=account.pk, **values)
        with pytest.raises(NotFound):
            action(by=rep, account_id=account.pk, contact_ids=[stranger.pk], **values)
        with pytest.raises(NotFound):
            action(by=rep, account_id=account.pk, colleague_ids=[0], **values)
        with pytest.raises(DomainError):
            action(by=SYSTEM, account_id=account.pk, **values)


def test_who_sees_the_account_sees_its_visits(rep, colleague, manager, other_manager, executive, account):
    visit = make_visit(rep, account)
    for sees in (rep, manager, executive):
        assert list(queries.visible_visits(sees)) == [visit]
    for blind in (colleague, other_manager):
        assert not queries.visible_visits(blind)


def test_an_account_shows_what_comes_and_what_was(rep, account):
    later = make_visit(rep, account, at=AHEAD)
    sooner = make_visit(rep, account)
    made = actions.record_visit(by=rep, account_id=account.pk, **told())
    assert queries.account_visits(rep, account.pk) == ([sooner, later], [made])


@pytest.mark.parametrize(
    ("days", "light"),
    [(0, Interval.TOO_CLOSE), (6, Interval.TOO_CLOSE), (7, Interval.GOOD), (21, Interval.GOOD), (22, Interval.FADING)],
)
def test_the_light_of_the_interval(days, light):
    last = date(2026, 3, 2)
    assert interval(last, last + timedelta(days=days), too_close_days=7, fading_days=21) == light


def test_no_contact_has_no_interval():
    assert interval(None, date(2026, 3, 2), too_close_days=7, fading_days=21) == Interval.NONE


def test_the_list_shows_a_visit_once_however_many_took_part(as_user, rep, colleague, account):
    wang, zhang = make_contact(rep, account, "Wang Fang"), make_contact(rep, account, "Zhang Wei")
    actions.record_visit(
        by=rep, account_id=account.pk, contact_ids=[wang.pk, zhang.pk], colleague_ids=[colleague.pk], **told()
    )
    actions.record_visit(by=rep, account_id=account.pk, **told(outcome="They wait"))
    answer = as_user(rep).get(reverse("visits:list_visits"))
    assertContains(answer, "They want an offer", count=1)
    assertContains(answer, "They wait", count=1)
    assertContains(answer, f"Wang Fang, Zhang Wei, {colleague.full_name}")
