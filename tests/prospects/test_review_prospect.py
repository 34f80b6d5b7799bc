"""The weekly review: a verdict is stored and does what it says, or neither."""

from datetime import timedelta

import pytest

from core.errors import Conflict, DomainError, NotAllowed, NotFound
from core.workdays import today
from prospects import actions
from prospects.choices import LossReason, Outcome, Stage, Verdict
from prospects.models import ReviewVerdict
from tests.factories import make_prospect

pytestmark = pytest.mark.django_db
SOON = today() + timedelta(days=5)


def at_c(owner):
    return make_prospect(owner, stage=Stage.C, next_step="Call", next_step_on=SOON)


def test_same_changes_nothing_but_the_day_of_review(rep, manager):
    prospect = at_c(rep)
    row = actions.review_prospect(by=manager, prospect_id=prospect.pk, verdict=Verdict.SAME, note="Wait", version=1)
    prospect.refresh_from_db()
    assert (prospect.stage, prospect.version, prospect.last_reviewed_at) == (Stage.C, 1, row.at)
    assert (row.stage, row.note, row.by) == (Stage.C, "Wait", manager)


def test_up_goes_through_the_rules_of_moving(rep):
    prospect = at_c(rep)
    with pytest.raises(DomainError) as refusal:
        actions.review_prospect(by=rep, prospect_id=prospect.pk, verdict=Verdict.UP)
    assert refusal.value.code == "criteria_missing"
    assert not ReviewVerdict.objects.exists()
    opportunity = make_prospect(rep)
    actions.review_prospect(
        by=rep, prospect_id=opportunity.pk, verdict=Verdict.UP,
        facts={"first_meeting_on": SOON, "next_step": "Meet", "next_step_on": SOON},
    )  # fmt: skip
    opportunity.refresh_from_db()
    assert opportunity.stage == Stage.D
    assert opportunity.last_reviewed_at is not None


def test_down_takes_the_note_as_reason(rep):
    prospect = at_c(rep)
    with pytest.raises(DomainError):
        actions.review_prospect(by=rep, prospect_id=prospect.pk, verdict=Verdict.DOWN)
    actions.review_prospect(by=rep, prospect_id=prospect.pk, verdict=Verdict.DOWN, note="Silent", to=Stage.E)
    prospect.refresh_from_db()
    assert prospect.stage == Stage.E
    assert prospect.stage_changes.get().reason == "Silent"


def test_close_takes_it_off_the_board(rep):
    prospect = at_c(rep)
    actions.review_prospect(
        by=rep, prospect_id=prospect.pk, verdict=Verdict.CLOSE, reason=LossReason.NO_RESPONSE, note="Five calls"
    )
    prospect.refresh_from_db()
    assert prospect.outcome == Outcome.LOST
    assert ReviewVerdict.objects.get().verdict == Verdict.CLOSE


@pytest.mark.parametrize(
    ("stage", "verdict", "to"), [(Stage.E, "down", None), (Stage.C, "up", Stage.D), (Stage.C, "down", Stage.B)]
)
def test_a_verdict_points_its_own_way(rep, stage, verdict, to):
    prospect = make_prospect(rep, stage=stage, next_step="Call", next_step_on=SOON)
    with pytest.raises(DomainError) as refusal:
        actions.review_prospect(by=rep, prospect_id=prospect.pk, verdict=verdict, to=to, note="x")
    assert refusal.value.field == "to"


def test_refusals(rep, other_rep, collector):
    prospect = at_c(rep)
    for by, error in ((other_rep, NotFound), (collector, NotAllowed)):
        with pytest.raises(error):
            actions.review_prospect(by=by, prospect_id=prospect.pk, verdict=Verdict.SAME)
    with pytest.raises(Conflict):
        actions.review_prospect(by=rep, prospect_id=prospect.pk, verdict=Verdict.SAME, version=8)
