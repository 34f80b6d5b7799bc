"""Moving: what is missing is said, a manager may override, going back needs a reason, nothing lives without a next step."""

from datetime import timedelta

import pytest

from core.errors import Conflict, DomainError, NotAllowed, NotFound
from core.models import AuditEvent
from core.workdays import today
from prospects import actions, queries
from prospects.actions import Evidence
from prospects.choices import ChangeKind, Criterion, Stage
from prospects.models import StageChange
from tests.factories import make_prospect

SOON = today() + timedelta(days=10)
B_TICKS = [
    Evidence(criterion, note="Said so at the meeting")
    for criterion in (
        Criterion.RIGHT_PERSON,
        Criterion.PROPOSAL_FITS,
        Criterion.BUDGET_REASONABLE,
        Criterion.TIMETABLE_WORKABLE,
    )
]
B_FACTS = {
    "decision_on": SOON,
    "start_on": SOON + timedelta(days=30),
    "next_step": "Show the pilot",
    "next_step_on": today() + timedelta(days=3),
}


def test_a_first_appointment_needs_its_date_and_a_next_step(rep):
    prospect = make_prospect(rep)
    with pytest.raises(DomainError) as refusal:
        actions.move_prospect(by=rep, prospect_id=prospect.pk, to=Stage.D, version=1)
    assert refusal.value.code == "criteria_missing"
    assert [item["criterion"] for item in refusal.value.details["missing"]] == ["first_meeting_dated"]
    assert refusal.value.details["fields"] == ["next_step", "next_step_on"]
    moved = actions.move_prospect(
        by=rep,
        prospect_id=prospect.pk,
        to=Stage.D,
        version=1,
        facts={"first_meeting_on": SOON, "next_step": "First meeting", "next_step_on": SOON},
    )
    moved.refresh_from_db()
    assert (moved.stage, moved.version, moved.entered_stage_on) == (Stage.D, 2, today())
    change = StageChange.objects.get(prospect=moved)
    assert (change.from_stage, change.to_stage, change.kind) == (Stage.E, Stage.D, ChangeKind.MOVED)
    assert AuditEvent.objects.filter(code="prospects.moved", target_id=moved.pk).count() == 1


def test_b_asks_for_all_five_and_names_those_missing(rep):
    prospect = make_prospect(rep, next_step="Call", next_step_on=SOON)
    actions.tick_criterion(by=rep, prospect_id=prospect.pk, criterion=Criterion.RIGHT_PERSON, note="The director")
    with pytest.raises(DomainError) as refusal:
        actions.move_prospect(by=rep, prospect_id=prospect.pk, to=Stage.B)
    missing = {item["criterion"]: item for item in refusal.value.details["missing"]}
    assert set(missing) == {"proposal_fits", "budget_reasonable", "timetable_workable"}
    assert missing["timetable_workable"]["needs_fields"] == ["decision_on", "start_on"]
    prospect.refresh_from_db()
    assert prospect.stage == Stage.E


def test_what_is_missing_can_be_given_with_the_move(rep):
    prospect = make_prospect(rep)
    moved = actions.move_prospect(by=rep, prospect_id=prospect.pk, to=Stage.B, ticks=B_TICKS, facts=B_FACTS)
    assert moved.stage == Stage.B
    assert queries.get_prospect(rep, prospect.pk).decision_on == SOON
    assert len(queries.active_ticks(moved)) == 4


def test_soft_criteria_are_asked_for_but_do_not_stop(rep):
    prospect = make_prospect(rep, next_step="Second meeting", next_step_on=SOON)
    sheet = queries.move_sheet(rep, prospect.pk, Stage.C)
    assert [check.criterion for check in sheet.missing] == [Criterion.FIRST_MEETING_HELD, Criterion.WILLING]
    assert not sheet.stops
    moved = actions.move_prospect(by=rep, prospect_id=prospect.pk, to=Stage.C)
    assert moved.stage == Stage.C
    assert StageChange.objects.get(prospect=moved).missing == ["first_meeting_held", "willing"]


def test_a_manager_overrides_with_a_reason_and_it_is_counted(rep, manager):
    prospect = make_prospect(rep, next_step="Sign", next_step_on=SOON)
    with pytest.raises(NotAllowed):
        actions.move_prospect(by=rep, prospect_id=prospect.pk, to=Stage.B, override=True, reason="I know them")
    with pytest.raises(DomainError) as refusal:
        actions.move_prospect(by=manager, prospect_id=prospect.pk, to=Stage.B, override=True)
    assert refusal.value.code == "reason_missing"
    moved = actions.move_prospect(
        by=manager, prospect_id=prospect.pk, to=Stage.B, override=True, reason="Framework contract"
    )
    assert (moved.stage, moved.overrides) == (Stage.B, 1)
    change = StageChange.objects.get(prospect=moved)
    assert (change.kind, change.reason, len(change.missing)) == (ChangeKind.OVERRIDDEN, "Framework contract", 4)


def test_no_override_lifts_the_next_step(rep, manager):
    prospect = make_prospect(rep, next_step="Sign", next_step_on=today() - timedelta(days=1))
    with pytest.raises(DomainError) as refusal:
        actions.move_prospect(by=manager, prospect_id=prospect.pk, to=Stage.B, override=True, reason="Because")
    assert refusal.value.code == "next_step_missing"


def test_going_back_needs_a_reason(rep):
    prospect = make_prospect(rep, stage=Stage.B, next_step="Call", next_step_on=SOON)
    with pytest.raises(DomainError) as refusal:
        actions.move_prospect(by=rep, prospect_id=prospect.pk, to=Stage.C)
    assert refusal.value.code == "reason_missing"
    assert actions.move_prospect(by=rep, prospect_id=prospect.pk, to=Stage.C, reason="Budget cut").stage == Stage.C


def test_a_stale_version_is_a_conflict(rep, manager):
    prospect = make_prospect(rep, stage=Stage.C, next_step="Call", next_step_on=SOON)
    actions.move_prospect(by=rep, prospect_id=prospect.pk, to=Stage.E, reason="No answer", version=1)
    with pytest.raises(Conflict):
        actions.move_prospect(by=manager, prospect_id=prospect.pk, to=Stage.D, reason="x", version=1)


def test_refusals(rep, other_rep, collector):
    prospect = make_prospect(rep)
    with pytest.raises(NotFound):
        actions.move_prospect(by=other_rep, prospect_id=prospect.pk, to=Stage.D)
    with pytest.raises(NotAllowed):
        actions.move_prospect(by=collector, prospect_id=prospect.pk, to=Stage.D)
    with pytest.raises(DomainError) as refusal:
        actions.move_prospect(by=rep, prospect_id=prospect.pk, to=Stage.E)
    assert refusal.value.code == "already_there"
