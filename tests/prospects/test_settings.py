"""Norms, hard and soft criteria, the board's clocks."""

from datetime import timedelta

import pytest

from core.errors import DomainError, NotAllowed, NotFound
from core.models import AuditEvent
from core.workdays import today
from prospects import actions, queries
from prospects.choices import Criterion, Stage
from prospects.models import CycleNorm
from tests.factories import make_prospect

pytestmark = pytest.mark.django_db


def test_a_manager_sets_the_norms_of_his_team(manager, other_manager, rep, north):
    actions.set_norms(by=manager, team_id=north.pk, days={Stage.C: 10, Stage.B: 5})
    actions.set_norms(by=manager, team_id=north.pk, days={Stage.B: None})
    norms = queries.board_settings().norms
    assert (norms.days(Stage.C, north.path), norms.days(Stage.B, north.path), norms.days(Stage.C)) == (10, 7, 14)
    assert AuditEvent.objects.filter(code="prospects.norms_set").count() == 2
    with pytest.raises(NotFound):
        actions.set_norms(by=other_manager, team_id=north.pk, days={Stage.C: 10})
    with pytest.raises(NotAllowed):
        actions.set_norms(by=rep, team_id=north.pk, days={Stage.C: 10})
    with pytest.raises(NotAllowed):
        actions.set_norms(by=manager, team_id=None, days={Stage.C: 10})


@pytest.mark.parametrize("days", [{Stage.C: 0}, {Stage.C: 9999}, {Stage.S: 3}])
def test_a_norm_is_a_number_of_days_of_an_open_class(administrator, days):
    with pytest.raises(DomainError):
        actions.set_norms(by=administrator, team_id=None, days=days)
    assert not CycleNorm.objects.exists()


def test_a_company_norm_moves_the_line_for_all_teams_without_their_own(
    administrator, manager, rep, other_rep, executive
):
    late = {
        "stage": Stage.C,
        "entered_stage_on": today() - timedelta(days=15),
        "next_step": "x",
        "next_step_on": today(),
    }
    make_prospect(rep, **late)
    make_prospect(other_rep, **late)
    assert queries.dashboard(executive).attention.beyond_norm == 0
    actions.set_norms(by=administrator, team_id=None, days={Stage.C: 7})
    assert queries.dashboard(executive).attention.beyond_norm == 2
    actions.set_norms(by=manager, team_id=manager.team_id, days={Stage.C: 20})
    assert queries.dashboard(executive).attention.beyond_norm == 1
    assert [pace.beyond for pace in queries.dashboard(rep).paces] == [0, 0, 0, 0, 0]


def test_a_criterion_made_soft_lets_pass_and_one_made_hard_stops(administrator, rep):
    actions.set_criteria(
        by=administrator, hard={(Stage.D, Criterion.FIRST_MEETING_DATED): False, (Stage.C, Criterion.WILLING): True}
    )
    prospect = make_prospect(rep, next_step="Call", next_step_on=today())
    assert actions.move_prospect(by=rep, prospect_id=prospect.pk, to=Stage.D).stage == Stage.D
    with pytest.raises(DomainError) as refusal:
        actions.move_prospect(by=rep, prospect_id=prospect.pk, to=Stage.C)
    assert [item["criterion"] for item in refusal.value.details["missing"] if item["hard"]] == ["willing"]
    with pytest.raises(DomainError):
        actions.set_criteria(by=administrator, hard={(Stage.D, Criterion.IN_USE): True})
    with pytest.raises(NotAllowed):
        actions.set_criteria(by=rep, hard={})


def test_the_clocks_of_the_board(administrator, manager, rep):
    prospect = make_prospect(
        rep, opened_on=today() - timedelta(days=5), stage=Stage.C, slipping_since=today(), slip_reason="no_next_step",
        falls_back_to=Stage.E,
    )  # fmt: skip
    card = queries.prospect_card(rep, prospect.pk)
    assert (card.falls_back_on, card.is_review_due) == (today() + timedelta(days=14), False)
    actions.set_board_rule(by=administrator, fall_back_after_days=3, review_every_days=5)
    card = queries.prospect_card(rep, prospect.pk)
    assert (card.falls_back_on, card.is_review_due) == (today() + timedelta(days=3), True)
    for days in ((0, 7), (14, 0), (400, 7), (14, 91)):
        with pytest.raises(DomainError):
            actions.set_board_rule(by=administrator, fall_back_after_days=days[0], review_every_days=days[1])
    with pytest.raises(NotAllowed):
        actions.set_board_rule(by=manager, fall_back_after_days=3, review_every_days=5)
