"""Criteria are confirmed with evidence and withdrawn with a reason."""

from datetime import timedelta

import pytest

from core.errors import Conflict, DomainError, NotAllowed, NotFound
from core.models import AuditEvent
from core.workdays import today
from prospects import actions, queries
from prospects.choices import Criterion, Stage
from prospects.models import CriterionTick
from tests.factories import make_prospect

pytestmark = pytest.mark.django_db
SOON = today() + timedelta(days=5)


def test_a_tick_keeps_who_when_and_on_what_evidence(rep):
    prospect = make_prospect(rep)
    actions.tick_criterion(
        by=rep, prospect_id=prospect.pk, criterion=Criterion.WILLING, note=" Asked for a second date ", on=today()
    )
    [tick] = queries.active_ticks(prospect)
    assert (tick.note, tick.by, tick.on) == ("Asked for a second date", rep, today())
    assert AuditEvent.objects.get(code="prospects.criterion_ticked").details["code"] == "willing"


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({}, "evidence_missing"),
        ({"note": "  "}, "evidence_missing"),
        ({"link": "javascript:alert(1)"}, "invalid"),
        ({"note": "x", "on": SOON}, "invalid"),
        ({"note": "x", "criterion": Criterion.NEXT_STEP_AGREED}, "not_ticked"),
        ({"note": "x", "criterion": Criterion.FIRST_MEETING_DATED}, "not_ticked"),
    ],
)
def test_a_tick_without_good_evidence_is_refused(rep, given, code):
    prospect = make_prospect(rep)
    with pytest.raises(DomainError) as refusal:
        actions.tick_criterion(**{"by": rep, "prospect_id": prospect.pk, "criterion": Criterion.WILLING, **given})
    assert refusal.value.code == code
    assert not CriterionTick.objects.exists()


def test_nobody_confirms_twice(rep, manager):
    prospect = make_prospect(rep)
    actions.tick_criterion(by=rep, prospect_id=prospect.pk, criterion=Criterion.WILLING, note="x")
    with pytest.raises(Conflict):
        actions.tick_criterion(by=manager, prospect_id=prospect.pk, criterion=Criterion.WILLING, note="y")


def test_withdrawn_the_card_slips_and_confirmed_again_it_is_sound(rep):
    prospect = make_prospect(
        rep,
        stage=Stage.B,
        next_step="Offer",
        next_step_on=SOON,
        decision_on=SOON,
        start_on=SOON,
        first_meeting_on=today(),
    )
    for criterion in (
        Criterion.RIGHT_PERSON, Criterion.PROPOSAL_FITS, Criterion.BUDGET_REASONABLE, Criterion.TIMETABLE_WORKABLE,
    ):  # fmt: skip
        actions.tick_criterion(by=rep, prospect_id=prospect.pk, criterion=criterion, note="Said so")
    actions.withdraw_criterion(
        by=rep, prospect_id=prospect.pk, criterion=Criterion.BUDGET_REASONABLE, because="Budget was cut"
    )
    prospect.refresh_from_db()
    assert (prospect.slip_reason, prospect.falls_back_to, prospect.slipping_since) == (
        "criterion_lost",
        Stage.C,
        today(),
    )
    tick = CriterionTick.objects.get(withdrawn_at__isnull=False)
    assert (tick.withdrawn_by, tick.withdrawn_because) == (rep, "Budget was cut")
    actions.tick_criterion(by=rep, prospect_id=prospect.pk, criterion=Criterion.BUDGET_REASONABLE, note="Found again")
    prospect.refresh_from_db()
    assert prospect.slipping_since is None


def test_withdrawing_asks_why(rep):
    prospect = make_prospect(rep)
    with pytest.raises(DomainError) as refusal:
        actions.withdraw_criterion(by=rep, prospect_id=prospect.pk, criterion=Criterion.WILLING, because=" ")
    assert refusal.value.code == "reason_missing"
    with pytest.raises(DomainError) as refusal:
        actions.withdraw_criterion(by=rep, prospect_id=prospect.pk, criterion=Criterion.WILLING, because="x")
    assert refusal.value.code == "not_ticked"


def test_refusals(rep, other_rep, collector):
    prospect = make_prospect(rep)
    for by, error in ((other_rep, NotFound), (collector, NotAllowed)):
        with pytest.raises(error):
            actions.tick_criterion(by=by, prospect_id=prospect.pk, criterion=Criterion.WILLING, note="x")
        with pytest.raises(error):
            actions.withdraw_criterion(by=by, prospect_id=prospect.pk, criterion=Criterion.WILLING, because="x")
    closed = make_prospect(rep, outcome="lost", closed_on=today())
    with pytest.raises(DomainError) as refusal:
        actions.tick_criterion(by=rep, prospect_id=closed.pk, criterion=Criterion.WILLING, note="x")
    assert refusal.value.code == "closed"
