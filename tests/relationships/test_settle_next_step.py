"""Done on a follow-up settles the visit's next step itself: taken or dropped, nobody is reminded of it again."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from core.errors import DomainError, NotAllowed, NotFound
from core.workdays import today
from relationships import actions
from reminders import actions as reminders
from reminders.choices import Channel, State
from reminders.models import Occurrence
from reminders.queries.lines import line_of
from reminders.rules.links import FINISH, sign_link
from tests.factories import make_account, make_visit

pytestmark = pytest.mark.django_db
RULES = ["relationships.follow_up_due", "relationships.follow_up_overdue"]


@pytest.fixture(autouse=True)
def a_tuesday():
    """Reminders wait for a working day, and the step was for the day before one."""
    with time_machine.travel("2026-06-02T10:00+08:00", tick=False):
        yield


@pytest.fixture
def visit(rep):
    """A visit a week ago whose next step was for yesterday."""
    at = timezone.now() - timedelta(days=7)
    return make_visit(
        rep, make_account(rep, "Acme"), at=at, recorded_at=at, outcome="They like it", next_step="Send the brochure",
        next_step_on=today() - timedelta(days=1),
    )  # fmt: skip


def tell(later=timedelta()):
    """Plan and tell as the clock would, so much later; what is open about follow-ups."""
    now = timezone.now() + later
    reminders.plan(only=RULES, now=now)
    reminders.tell_in_app(now=now)
    return list(Occurrence.objects.filter(rule__in=RULES, channel=Channel.IN_APP, state=State.SENT))


def test_done_settles_the_step_and_no_further_reminder_comes(as_user, rep, visit):
    [told] = tell(timedelta(days=1))
    assert line_of(told).is_done_by_act
    sheet = as_user(rep).get(line_of(told).act_url, headers={"HX-Request": "true"}).text
    assert "Send the brochure" in sheet
    answer = as_user(rep).post(
        line_of(told).act_url, {"how": "done", "version": visit.version}, headers={"HX-Request": "true"}
    )
    assert answer.status_code == 204
    assert reverse("visits:reopen_next_step", args=[visit.pk]) in answer["HX-Trigger"]
    told.refresh_from_db()
    assert told.state == State.DONE
    assert tell(timedelta(days=1)) == tell(timedelta(days=4)) == []


def test_undone_it_is_reminded_of_again(as_user, rep, visit):
    [told] = tell(timedelta(days=1))
    actions.settle_next_step(by=rep, visit_id=visit.pk)
    as_user(rep).post(reverse("visits:reopen_next_step", args=[visit.pk]))
    visit.refresh_from_db()
    assert visit.next_step_settled_at is None
    assert tell(timedelta(days=1)) == [told]


def test_a_dropped_step_says_why(as_user, rep, visit):
    page = reverse("visits:settle_next_step", args=[visit.pk])
    assert as_user(rep).post(page, {"how": "dropped", "because": " "}).status_code == 422
    as_user(rep).post(page, {"how": "dropped", "because": "They bought elsewhere"})
    visit.refresh_from_db()
    assert visit.next_step_settled_at is not None
    assert tell(timedelta(days=1)) == []


def test_a_recorded_visit_closes_the_reminder_of_the_step_before(rep, visit, django_capture_on_commit_callbacks):
    [told] = tell(timedelta(days=1))
    with django_capture_on_commit_callbacks(execute=True):
        actions.record_visit(
            by=rep,
            account_id=visit.account_id,
            outcome="Sent it",
            next_step="Call",
            next_step_on=today() + timedelta(9),
        )
    told.refresh_from_db()
    assert told.state == State.DONE


def test_ticking_the_reminder_off_is_refused_and_the_mail_leads_to_the_sheet(as_user, rep, visit):
    [told] = tell(timedelta(days=1))
    with pytest.raises(DomainError, match="come again"):
        reminders.finish_reminder(by=rep, occurrence_id=told.pk)
    link = reverse("reminders:follow_link", args=[sign_link(FINISH, told.pk, rep.pk)])
    assert as_user(rep).get(link)["Location"] == reverse("visits:settle_next_step", args=[visit.pk])


@pytest.mark.parametrize(
    ("act", "given"), [(actions.drop_next_step, {"because": "Late"}), (actions.reopen_next_step, {})]
)
def test_only_who_sees_the_visit_and_records_visits(act, given, rep, other_rep, collector, visit):
    with pytest.raises(NotFound):
        act(by=other_rep, visit_id=visit.pk, **given)
    with pytest.raises(NotAllowed):
        act(by=collector, visit_id=visit.pk, **given)


def test_a_step_that_a_prospect_carries_on_stays_there(rep, visit):
    visit.next_step_settled_at = visit.recorded_at
    visit.save()
    with pytest.raises(DomainError, match="goes on"):
        actions.reopen_next_step(by=rep, visit_id=visit.pk)
