"""A planned first meeting is the date class D asks for (P2), goes where its visit goes, and is gone when that is called off (P3)."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from core.errors import NotAllowed
from core.models import AuditEvent
from core.users import SYSTEM
from core.workdays import today
from prospects import actions
from prospects.choices import SlipReason, Stage
from relationships.actions import cancel_visit, edit_visit, move_visit
from relationships.choices import VisitKind
from tests.factories import make_account, make_prospect, make_visit

pytestmark = pytest.mark.django_db
AT, LATER = datetime(2031, 3, 5, 1, tzinfo=UTC), datetime(2031, 3, 12, 1, tzinfo=UTC)
DAY, NEXT_WEEK = date(2031, 3, 5), date(2031, 3, 12)
TOLD = {"outcome": "Met", "next_step": "Offer", "next_step_on": date(2031, 4, 1)}


@pytest.fixture
def account(rep):
    return make_account(rep, "Acme")


@pytest.fixture
def prospect(rep, account):
    return make_prospect(rep, account, "Lifts", stage=Stage.D, next_step="Meet", next_step_on=DAY)


def plan(rep, account, prospect, **words):
    return actions.plan_visit(by=rep, account_id=account.pk, prospect_ids=[prospect.pk], **({"at": AT} | words))


def run_listeners(django_capture_on_commit_callbacks, change):
    with django_capture_on_commit_callbacks(execute=True):
        change()


def test_planning_the_first_meeting_dates_it(rep, account, prospect):
    plan(rep, account, prospect, kind=VisitKind.CALL)
    prospect.refresh_from_db()
    assert prospect.first_meeting_on is None
    plan(rep, account, prospect)
    plan(rep, account, prospect, at=LATER)
    prospect.refresh_from_db()
    assert prospect.first_meeting_on == DAY


def test_a_planned_visit_said_to_be_about_it_dates_it_too(rep, account, prospect):
    actions.add_follow_up(by=rep, prospect_id=prospect.pk, visit_id=make_visit(rep, account, at=AT).pk)
    prospect.refresh_from_db()
    assert prospect.first_meeting_on == DAY


def test_it_moves_with_its_visit(rep, account, prospect, django_capture_on_commit_callbacks):
    visit = plan(rep, account, prospect)
    run_listeners(django_capture_on_commit_callbacks, lambda: move_visit(by=rep, visit_id=visit.pk, at=LATER))
    prospect.refresh_from_db()
    assert prospect.first_meeting_on == NEXT_WEEK
    assert AuditEvent.objects.filter(code="prospects.first_meeting_moved", target_id=prospect.pk).count() == 1
    actions.follow_first_meeting(by=SYSTEM, visit_id=visit.pk, was=DAY)  # delivered twice: nothing more to do
    prospect.refresh_from_db()
    assert prospect.first_meeting_on == NEXT_WEEK
    with pytest.raises(NotAllowed):
        actions.follow_first_meeting(by=rep_without_rights(rep), visit_id=visit.pk, was=NEXT_WEEK)


def rep_without_rights(rep):
    rep.is_active = False
    return rep


def test_called_off_the_card_slips(rep, account, prospect, django_capture_on_commit_callbacks):
    first, second = plan(rep, account, prospect), plan(rep, account, prospect, at=LATER)
    cancel = lambda visit: cancel_visit(by=rep, visit_id=visit.pk, because="Ill")  # noqa: E731
    run_listeners(django_capture_on_commit_callbacks, lambda: cancel(first))
    prospect.refresh_from_db()
    assert (prospect.first_meeting_on, prospect.slip_reason) == (NEXT_WEEK, "")
    run_listeners(django_capture_on_commit_callbacks, lambda: cancel(second))
    prospect.refresh_from_db()
    assert (prospect.first_meeting_on, prospect.slip_reason) == (None, SlipReason.MEETING_CANCELLED)


def record(rep, account, prospect, **words):
    at = words.pop("at", timezone.now() - timedelta(minutes=5))
    return actions.record_visit(by=rep, account_id=account.pk, prospect_ids=[prospect.pk], at=at, **(TOLD | words))


@pytest.mark.parametrize("make", [record, plan])
def test_what_was_no_meeting_takes_its_date_back(rep, account, prospect, django_capture_on_commit_callbacks, make):
    visit = make(rep, account, prospect)
    prospect.refresh_from_db()
    day = timezone.localdate(visit.at)
    assert prospect.first_meeting_on == day
    turn = lambda kind: edit_visit(by=rep, visit_id=visit.pk, kind=kind)  # noqa: E731
    run_listeners(django_capture_on_commit_callbacks, lambda: turn(VisitKind.CALL))
    prospect.refresh_from_db()
    assert prospect.first_meeting_on is None
    assert AuditEvent.objects.filter(code="prospects.first_meeting_withdrawn", target_id=prospect.pk).count() == 1
    run_listeners(django_capture_on_commit_callbacks, lambda: turn(VisitKind.DEMO))
    prospect.refresh_from_db()
    assert prospect.first_meeting_on == day


def test_another_meeting_that_was_held_is_the_first_then(rep, account, prospect, django_capture_on_commit_callbacks):
    now = timezone.now()
    first = record(rep, account, prospect, at=now - timedelta(days=9))
    second = record(rep, account, prospect, at=now - timedelta(days=2))
    plan(rep, account, prospect)
    edit = lambda **words: edit_visit(by=rep, visit_id=first.pk, **words)  # noqa: E731
    run_listeners(django_capture_on_commit_callbacks, lambda: edit(outcome="They listened"))
    prospect.refresh_from_db()
    assert prospect.first_meeting_on == timezone.localdate(first.at)
    run_listeners(django_capture_on_commit_callbacks, lambda: edit(kind=VisitKind.CALL))
    prospect.refresh_from_db()
    assert prospect.first_meeting_on == timezone.localdate(second.at)


def test_the_day_it_was_held_counts(rep, account, prospect):
    visit = plan(rep, account, prospect)
    actions.record_planned_visit(by=rep, visit_id=visit.pk, at=timezone.now() - timedelta(minutes=5), **TOLD)
    prospect.refresh_from_db()
    assert prospect.first_meeting_on <= today()
    held = prospect.first_meeting_on
    plan(rep, account, prospect, at=LATER)
    prospect.refresh_from_db()
    assert prospect.first_meeting_on == held
