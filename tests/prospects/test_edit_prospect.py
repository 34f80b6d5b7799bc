"""Adding, editing, planning the next step, handing over."""

from datetime import timedelta
from decimal import Decimal

import pytest

from core.errors import Conflict, DomainError, NotAllowed, NotFound
from core.models import AuditEvent
from core.workdays import today
from prospects import actions
from prospects.choices import ChangeKind, Stage
from prospects.models import Prospect, StageChange
from tests.factories import make_account, make_contact, make_prospect

pytestmark = pytest.mark.django_db
SOON = today() + timedelta(days=5)


def test_a_new_prospect_is_an_opportunity_of_who_adds_it(rep):
    account = make_account(rep)
    prospect = actions.add_prospect(
        by=rep, name="  Line 4 华为 ", account_id=account.pk, amount=Decimal(5), next_step="Call", next_step_on=SOON
    )
    prospect.refresh_from_db()
    account.refresh_from_db()
    assert (prospect.name, prospect.stage, prospect.owner, prospect.team) == ("Line 4 华为", Stage.E, rep, rep.team)
    assert "华为" in prospect.search_grams
    assert (account.open_prospects, account.next_step_on) == (1, SOON)
    change = StageChange.objects.get(prospect=prospect)
    assert (change.from_stage, change.to_stage, change.kind) == (None, Stage.E, ChangeKind.OPENED)
    assert AuditEvent.objects.filter(code="prospects.added", target_id=prospect.pk).exists()


def test_for_somebody_else_adds_who_may_transfer(rep, colleague, manager):
    assert actions.add_prospect(by=manager, name="Lead", owner_id=rep.pk).owner == rep
    with pytest.raises(NotAllowed):
        actions.add_prospect(by=rep, name="Lead", owner_id=colleague.pk)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "x", "next_step_on": today() - timedelta(days=1)}, "next_step_on"),
        ({"name": "x", "expected_close_on": today() - timedelta(days=1)}, "expected_close_on"),
        ({"name": "x", "amount": Decimal(-1)}, "amount"),
        ({"name": "x", "code": "P-1"}, "code"),
    ],
)
def test_a_bad_prospect_is_refused(rep, fields, field):
    make_prospect(rep, code="P-1")
    with pytest.raises(DomainError) as refusal:
        actions.add_prospect(by=rep, **fields)
    assert refusal.value.field == field


def test_an_account_or_contact_of_another_team_does_not_exist(rep, other_rep):
    with pytest.raises(NotFound):
        actions.add_prospect(by=rep, name="x", account_id=make_account(other_rep).pk)
    with pytest.raises(NotFound):
        actions.add_prospect(by=rep, name="x", contact_id=make_contact(other_rep).pk)


def test_an_edit_says_what_it_was_before(rep):
    old, new = make_account(rep), make_account(rep)
    prospect = make_prospect(rep, old, amount=Decimal(10))
    actions.edit_prospect(by=rep, prospect_id=prospect.pk, version=1, amount=Decimal(12), account_id=new.pk, name="New")
    event = AuditEvent.objects.get(code="prospects.edited")
    assert event.details["before"]["amount"] == "10.00"
    assert event.details["after"] == {"amount": "12", "account_id": new.pk, "name": "New"}
    old.refresh_from_db()
    new.refresh_from_db()
    assert (old.open_prospects, new.open_prospects) == (0, 1)


def test_the_same_values_change_nothing(rep):
    prospect = make_prospect(rep, amount=Decimal(10))
    same = actions.edit_prospect(by=rep, prospect_id=prospect.pk, version=1, amount=Decimal(10), name=prospect.name)
    assert same.version == 1
    assert not AuditEvent.objects.filter(code="prospects.edited").exists()


def test_above_e_the_next_step_cannot_be_taken_away(rep):
    prospect = make_prospect(rep, stage=Stage.C, next_step="Call", next_step_on=SOON)
    with pytest.raises(DomainError) as refusal:
        actions.edit_prospect(by=rep, prospect_id=prospect.pk, next_step="", next_step_on=None)
    assert refusal.value.code == "next_step_missing"
    opportunity = make_prospect(rep, next_step="Call", next_step_on=SOON)
    assert actions.edit_prospect(by=rep, prospect_id=opportunity.pk, next_step="", next_step_on=None).next_step == ""


def test_an_overdue_card_may_still_be_edited_otherwise(rep):
    prospect = make_prospect(rep, stage=Stage.C, next_step="Call", next_step_on=today() - timedelta(days=3))
    assert actions.edit_prospect(by=rep, prospect_id=prospect.pk, amount=Decimal(3)).amount == 3


def test_a_closed_prospect_keeps_its_figures(rep):
    prospect = make_prospect(rep, outcome="lost", closed_on=today(), amount=Decimal(5))
    assert actions.edit_prospect(by=rep, prospect_id=prospect.pk, notes="Try again in May").notes
    with pytest.raises(DomainError) as refusal:
        actions.edit_prospect(by=rep, prospect_id=prospect.pk, amount=Decimal(6))
    assert refusal.value.code == "closed"


def test_planning_heals_a_slipping_card(rep):
    prospect = make_prospect(
        rep, stage=Stage.C, next_step="Call", next_step_on=today() - timedelta(days=3),
        slipping_since=today(), slip_reason="next_step_passed", falls_back_to=Stage.E,
    )  # fmt: skip
    planned = actions.plan_next_step(by=rep, prospect_id=prospect.pk, next_step="Visit", next_step_on=SOON, version=1)
    planned.refresh_from_db()
    assert (planned.next_step, planned.slipping_since, planned.slip_reason) == ("Visit", None, "")


@pytest.mark.parametrize(("step", "on"), [("", SOON), ("Call", None), ("Call", today() - timedelta(days=1))])
def test_a_next_step_has_words_and_a_day_to_come(rep, step, on):
    prospect = make_prospect(rep)
    with pytest.raises(DomainError) as refusal:
        actions.plan_next_step(by=rep, prospect_id=prospect.pk, next_step=step, next_step_on=on)
    assert refusal.value.code == "next_step_missing"


def test_cancelling_the_meeting_makes_the_card_slip(rep):
    prospect = make_prospect(rep, stage=Stage.E)
    actions.move_prospect(
        by=rep, prospect_id=prospect.pk, to=Stage.D,
        facts={"first_meeting_on": SOON, "next_step": "Meet", "next_step_on": SOON},
    )  # fmt: skip
    edited = actions.edit_prospect(by=rep, prospect_id=prospect.pk, first_meeting_on=None)
    assert (edited.slip_reason, edited.falls_back_to, edited.slipping_since) == ("meeting_cancelled", Stage.E, today())


def test_a_transfer_brings_the_new_owners_team(rep, other_rep, manager, collector, director):
    prospect = make_prospect(rep)
    with pytest.raises(NotAllowed):
        actions.transfer_prospect(by=rep, prospect_id=prospect.pk, owner_id=other_rep.pk)
    with pytest.raises(DomainError):
        actions.transfer_prospect(by=manager, prospect_id=prospect.pk, owner_id=collector.pk)
    moved = actions.transfer_prospect(by=manager, prospect_id=prospect.pk, owner_id=other_rep.pk, version=1)
    moved.refresh_from_db()
    assert (moved.owner, moved.team, moved.version) == (other_rep, other_rep.team, 2)
    with pytest.raises(NotFound):
        actions.transfer_prospect(by=manager, prospect_id=prospect.pk, owner_id=rep.pk)


@pytest.mark.parametrize("verb", ["edit_prospect", "plan_next_step"])
def test_refusals(rep, other_rep, collector, verb):
    prospect = make_prospect(rep)
    fields = {"next_step": "Call", "next_step_on": SOON} if verb == "plan_next_step" else {"notes": "x"}
    act = getattr(actions, verb)
    for by, error in ((other_rep, NotFound), (collector, NotAllowed)):
        with pytest.raises(error):
            act(by=by, prospect_id=prospect.pk, **fields)
    with pytest.raises(Conflict):
        act(by=rep, prospect_id=prospect.pk, version=9, **fields)
    assert Prospect.objects.get(pk=prospect.pk).version == 1


def test_finance_adds_nothing(collector):
    with pytest.raises(NotAllowed):
        actions.add_prospect(by=collector, name="x")
