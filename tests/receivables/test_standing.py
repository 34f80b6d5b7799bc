"""Why a customer does not pay, whether we supply him, and the settings behind it all."""

from decimal import Decimal

import pytest

from core.errors import Conflict, DomainError, NotAllowed, NotFound
from core.models import AuditEvent
from receivables import actions
from receivables.choices import Cause
from receivables.models import CauseFinding
from receivables.queries import current_cause, current_hold
from tests.factories import make_account

pytestmark = pytest.mark.django_db


def codes():
    return list(AuditEvent.objects.order_by("id").values_list("code", flat=True))


def test_one_cause_at_a_time_and_the_history_stays(collector, rep):
    account = make_account(rep)
    actions.find_cause(by=collector, account_id=account.pk, cause=Cause.SHORTAGE, note="Says the bank is slow")
    actions.find_cause(by=collector, account_id=account.pk, cause=Cause.SHORTAGE, note="Says the bank is slow")
    actions.find_cause(by=collector, account_id=account.pk, cause=Cause.CRISIS, note="Wages unpaid")
    assert current_cause(account).cause == Cause.CRISIS
    actions.find_cause(by=collector, account_id=account.pk, cause=None)
    assert current_cause(account) is None
    assert CauseFinding.objects.count() == 2
    assert codes() == ["receivables.cause_found", "receivables.cause_found", "receivables.cause_ended"]


def test_supply_is_held_once_and_lifted_once(collector, rep):
    account = make_account(rep)
    hold = actions.hold_supply(by=collector, account_id=account.pk, reason="Two broken promises")
    assert current_hold(account) == hold
    with pytest.raises(Conflict):
        actions.hold_supply(by=collector, account_id=account.pk, reason="Again")
    actions.lift_hold(by=collector, account_id=account.pk, because="Paid in full")
    assert current_hold(account) is None
    with pytest.raises(NotFound):
        actions.lift_hold(by=collector, account_id=account.pk, because="Paid in full")
    assert codes() == ["receivables.supply_held", "receivables.supply_hold_lifted"]


def test_a_manager_holds_but_only_finance_supplies_again(manager, collector, rep):
    account = make_account(rep)
    hold = actions.hold_supply(by=manager, account_id=account.pk, reason="Stocking up, and late")
    for seller in (manager, rep):
        with pytest.raises(NotAllowed):
            actions.lift_hold(by=seller, account_id=account.pk, because="They ordered again")
    assert current_hold(account) == hold
    actions.lift_hold(by=collector, account_id=account.pk, because="Paid in full")
    assert current_hold(account) is None


@pytest.mark.parametrize(
    ("values", "field"),
    [({"ageing_edges": [30, 20]}, "ageing_edges"), ({"ageing_edges": []}, "ageing_edges"), ({"interest_basis": 364}, "interest_basis"),
     ({"interest_per_day": Decimal(2)}, "interest_per_day"), ({"doubtful_after_days": 0}, "doubtful_after_days"),
     ({"bad_after_days": 90}, "bad_after_days")],
)  # fmt: skip
def test_settings_that_make_no_sense_are_refused(values, field, collector):
    with pytest.raises(DomainError) as refusal:
        actions.set_receivables_rule(by=collector, **values)
    assert refusal.value.field == field


def test_settings_are_changed_with_their_history(collector):
    rule = actions.set_receivables_rule(by=collector, version=1, ageing_edges=[30, 60], bad_after_days=400)
    assert (rule.ageing_edges, rule.version) == ([30, 60], 2)
    with pytest.raises(Conflict):
        actions.set_receivables_rule(by=collector, version=1, terms_days=10)
    assert codes() == ["receivables.rule_set"]
