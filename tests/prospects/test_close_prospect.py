"""Won, lost, and back again."""

from datetime import timedelta
from decimal import Decimal

import pytest

from core.errors import Conflict, DomainError, NotAllowed, NotFound
from core.models import AuditEvent
from core.workdays import today
from prospects import actions, queries
from prospects.actions import Evidence
from prospects.choices import ChangeKind, Criterion, LossReason, Outcome, Stage
from prospects.models import Closing, StageChange
from tests.factories import make_account, make_prospect

pytestmark = pytest.mark.django_db
SOON = today() + timedelta(days=5)


def at_a(owner, **fields):
    return make_prospect(owner, stage=Stage.A, next_step="Sign", next_step_on=SOON, amount=Decimal(100), **fields)


def test_a_promise_to_pay_is_not_s(rep):
    prospect = at_a(rep)
    with pytest.raises(DomainError) as refusal:
        actions.close_prospect(by=rep, prospect_id=prospect.pk, outcome=Outcome.WON)
    assert refusal.value.code == "criteria_missing"
    assert [item["one_of"] for item in refusal.value.details["missing"]] == [True] * 4


@pytest.mark.parametrize("criterion", ["first_payment", "commission_received", "delivery_accepted", "in_use"])
def test_any_of_the_four_wins_it(rep, criterion):
    account = make_account(rep, open_prospects=1)
    prospect = at_a(
        rep, account=account, opened_on=today() - timedelta(days=40), entered_stage_on=today() - timedelta(days=9)
    )
    won = actions.close_prospect(
        by=rep,
        prospect_id=prospect.pk,
        outcome=Outcome.WON,
        version=1,
        on=today() - timedelta(days=1),
        ticks=[Evidence(Criterion(criterion), link="https://files.example.com/receipt.pdf")],
        amount=Decimal("120.00"),
    )
    won.refresh_from_db()
    account.refresh_from_db()
    assert (won.stage, won.outcome, won.closed_on, won.amount) == (Stage.S, "won", today() - timedelta(days=1), 120)
    change = StageChange.objects.get(prospect=won)
    assert (change.from_stage, change.to_stage, change.days_in_from) == (Stage.A, Stage.S, 8)
    assert Closing.objects.get(prospect=won).outcome == "won"
    assert (account.open_prospects, account.next_step_on) == (0, None)
    assert AuditEvent.objects.filter(code="prospects.won", target_id=won.pk, account_id=account.pk).exists()


def test_moving_to_s_is_winning(rep, manager):
    prospect = at_a(rep)
    won = actions.move_prospect(
        by=rep, prospect_id=prospect.pk, to=Stage.S, ticks=[Evidence(Criterion.IN_USE, note="Runs since Monday")]
    )
    assert won.outcome == Outcome.WON
    other = at_a(rep)
    won = actions.move_prospect(by=manager, prospect_id=other.pk, to=Stage.S, override=True, reason="Paid in kind")
    assert (won.outcome, won.overrides) == (Outcome.WON, 1)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({}, "reason"),
        ({"reason": "bored"}, "reason"),
        ({"reason": LossReason.OTHER}, "note"),
        ({"reason": LossReason.RELATIONSHIP}, "competitor"),
        ({"reason": LossReason.PRICE, "on": SOON}, "on"),
        ({"reason": LossReason.PRICE, "on": today() - timedelta(days=4000)}, "on"),
    ],
)
def test_losing_asks_why(rep, given, field):
    prospect = at_a(rep)
    with pytest.raises(DomainError) as refusal:
        actions.close_prospect(by=rep, prospect_id=prospect.pk, outcome=Outcome.LOST, **given)
    assert refusal.value.field == field


def test_a_lost_one_keeps_its_class_and_says_to_whom(rep):
    prospect = at_a(rep, slipping_since=today(), slip_reason="decision_passed", falls_back_to=Stage.C)
    lost = actions.close_prospect(
        by=rep, prospect_id=prospect.pk, outcome=Outcome.LOST, reason=LossReason.PRICE, competitor="Acme"
    )
    assert (lost.stage, lost.outcome, lost.closed_on, lost.slipping_since) == (Stage.A, "lost", today(), None)
    closing = Closing.objects.get(prospect=prospect)
    assert (closing.reason, closing.competitor) == ("price", "Acme")
    with pytest.raises(DomainError) as refusal:
        actions.move_prospect(by=rep, prospect_id=prospect.pk, to=Stage.B, reason="x")
    assert refusal.value.code == "closed"


def test_reopened_without_a_next_step_it_is_an_opportunity(rep):
    prospect = at_a(rep)
    actions.close_prospect(by=rep, prospect_id=prospect.pk, outcome=Outcome.LOST, reason=LossReason.TIMING)
    back = actions.reopen_prospect(by=rep, prospect_id=prospect.pk, because="They rang")
    assert (back.stage, back.outcome, back.closed_on, back.entered_stage_on) == (Stage.E, "", None, today())
    assert Closing.objects.get(prospect=prospect).reopened_because == "They rang"
    assert StageChange.objects.filter(prospect=prospect).first().kind == ChangeKind.REOPENED


def test_reopened_it_lands_at_the_highest_class_that_still_holds(rep):
    prospect = at_a(rep, first_meeting_on=today())
    actions.close_prospect(
        by=rep, prospect_id=prospect.pk, outcome=Outcome.WON, ticks=[Evidence(Criterion.FIRST_PAYMENT, note="Bank")]
    )
    back = actions.reopen_prospect(
        by=rep, prospect_id=prospect.pk, because="Paid back", next_step="Meet", next_step_on=SOON
    )
    assert back.stage == Stage.C
    assert queries.active_ticks(back) == []
    with pytest.raises(DomainError):
        actions.reopen_prospect(by=rep, prospect_id=prospect.pk, because="Twice")


def test_the_time_it_was_closed_counts_in_no_class(rep):
    prospect = make_prospect(
        rep, stage=Stage.E, entered_stage_on=today() - timedelta(days=50), opened_on=today() - timedelta(days=50)
    )
    actions.close_prospect(
        by=rep, prospect_id=prospect.pk, outcome=Outcome.LOST, reason=LossReason.BUDGET, on=today() - timedelta(days=30)
    )
    actions.reopen_prospect(by=rep, prospect_id=prospect.pk, because="New budget")
    record = queries.prospect_record(rep, prospect.pk)
    assert (record.clocks.current, record.clocks.cumulative) == (0, 20)


def test_refusals(rep, other_rep, collector):
    prospect = at_a(rep)
    lose = {"prospect_id": prospect.pk, "outcome": Outcome.LOST, "reason": LossReason.PRICE}
    with pytest.raises(NotFound):
        actions.close_prospect(by=other_rep, **lose)
    with pytest.raises(NotAllowed):
        actions.close_prospect(by=collector, **lose)
    with pytest.raises(Conflict):
        actions.close_prospect(by=rep, version=7, **lose)
    with pytest.raises(DomainError) as refusal:
        actions.reopen_prospect(by=rep, prospect_id=prospect.pk, because="x")
    assert refusal.value.code == "not_closed"
    actions.close_prospect(by=rep, **lose)
    for by, error in ((other_rep, NotFound), (collector, NotAllowed)):
        with pytest.raises(error):
            actions.reopen_prospect(by=by, prospect_id=prospect.pk, because="x")
    with pytest.raises(DomainError):
        actions.reopen_prospect(by=rep, prospect_id=prospect.pk, because=" ")
