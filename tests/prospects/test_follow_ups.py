"""Visits about prospects: the counter, the curve, way and reason (R9)."""

from datetime import UTC, date, datetime, timedelta

import pytest

from core.errors import DomainError, NotAllowed, NotFound
from core.workdays import today
from prospects import actions
from prospects.models import FollowUp
from prospects.queries.follow_ups import follow_up_standing
from prospects.rules import follow_up
from relationships.models import Visit
from relationships.rules.visits import Interval
from tests.factories import make_account, make_prospect, make_visit

pytestmark = pytest.mark.django_db
TOLD = {"outcome": "They like it", "next_step": "Send the offer", "next_step_on": date(2031, 3, 3)}


@pytest.fixture
def account(rep):
    return make_account(rep, "Acme")


@pytest.fixture
def prospect(rep, account):
    return make_prospect(rep, account, "Lifts")


def test_a_visit_counts_and_hands_on_its_next_step(rep, account, prospect):
    visit = actions.record_visit(by=rep, account_id=account.pk, prospect_ids=[prospect.pk], **TOLD)
    prospect.refresh_from_db()
    account.refresh_from_db()
    assert (prospect.contacts_made, prospect.last_contact_on) == (1, today())
    assert (prospect.next_step, prospect.next_step_on) == ("Send the offer", date(2031, 3, 3))
    assert account.next_step_on == date(2031, 3, 3)
    assert FollowUp.objects.get().number == 1
    assert visit not in Visit.objects.with_open_step()


def test_a_plan_counts_when_it_is_recorded(rep, account, prospect):
    other = make_prospect(rep, account)
    visit = actions.plan_visit(
        by=rep, account_id=account.pk, at=datetime(2031, 3, 5, tzinfo=UTC), prospect_ids=[prospect.pk, other.pk]
    )
    assert set(FollowUp.objects.values_list("number", flat=True)) == {None}
    actions.record_planned_visit(by=rep, visit_id=visit.pk, prospect_ids=[prospect.pk], **TOLD)
    assert FollowUp.objects.get().prospect == prospect
    second = make_visit(rep, account)
    FollowUp.objects.create(visit=second, prospect=prospect)
    actions.record_planned_visit(by=rep, visit_id=second.pk, **TOLD)  # about what it was planned for
    prospect.refresh_from_db()
    assert prospect.contacts_made == 2


def test_a_visit_is_linked_later(rep, account, prospect):
    visit = actions.record_visit(by=rep, account_id=account.pk, **TOLD)
    actions.add_follow_up(by=rep, prospect_id=prospect.pk, visit_id=visit.pk)
    prospect.refresh_from_db()
    assert (prospect.contacts_made, prospect.next_step) == (1, "")
    with pytest.raises(DomainError) as refusal:
        actions.add_follow_up(by=rep, prospect_id=prospect.pk, visit_id=visit.pk)
    assert refusal.value.code == "duplicate"


def test_refusals(rep, other_rep, collector, account, prospect):
    closed = make_prospect(rep, account, outcome="lost", closed_on=date(2026, 3, 3))
    elsewhere = make_prospect(rep, make_account(rep))
    about = {"account_id": account.pk, **TOLD}
    visit = make_visit(rep, account)
    with pytest.raises(NotAllowed):
        actions.record_visit(by=collector, prospect_ids=[prospect.pk], **about)
    with pytest.raises(NotFound):
        actions.record_visit(by=other_rep, prospect_ids=[prospect.pk], **about)
    for wrong in (closed, elsewhere):
        with pytest.raises(DomainError):
            actions.record_visit(by=rep, prospect_ids=[wrong.pk], **about)
    with pytest.raises(NotAllowed):
        actions.plan_visit(by=collector, account_id=account.pk, at=datetime(2031, 3, 5, tzinfo=UTC))
    with pytest.raises(NotAllowed):
        actions.record_planned_visit(by=collector, visit_id=visit.pk, **TOLD)
    with pytest.raises(NotAllowed):
        actions.add_follow_up(by=collector, prospect_id=prospect.pk, visit_id=visit.pk)
    with pytest.raises(NotFound):
        actions.add_follow_up(by=other_rep, prospect_id=prospect.pk, visit_id=visit.pk)
    assert not FollowUp.objects.exists()


def test_the_standing_points_out_a_tired_way_and_reason(rep, account, prospect):
    for _visit in range(3):
        actions.record_visit(
            by=rep, account_id=account.pk, kind="call", purpose="Ask again", prospect_ids=[prospect.pk], **TOLD
        )
    prospect.refresh_from_db()
    standing = follow_up_standing(rep, prospect, today() + timedelta(days=22))
    assert (standing.follow_ups, standing.interval, standing.since) == (2, Interval.FADING, 22)
    assert (standing.tired_way, standing.repeated_reason) == ("Phone call", "Ask again")


@pytest.mark.parametrize(
    ("made", "states", "share"),
    [
        (0, "here ahead ahead ahead ahead", 100),
        (1, "passed here ahead ahead ahead", 98),
        (4, "passed passed passed passed here", 80),
        (11, "passed passed passed passed here", 80),
        (12, "passed passed passed passed passed", 0),
    ],
)
def test_the_curve_2_3_5_10_80(made, states, share):
    assert " ".join(place.state for place in follow_up.places(made)) == states
    assert follow_up.still_to_come(made) == share
    assert sum(share for *_contacts, share in follow_up.CURVE) == 100


def test_two_ways_are_not_tired():
    assert follow_up.tired_way(["call", "call"]) == ""
    assert follow_up.tired_way(["call", "visit", "call"]) == ""
    assert follow_up.repeated_reason(["Offer ", "offer"]) == "Offer "
    assert follow_up.repeated_reason(["", ""]) == ""
