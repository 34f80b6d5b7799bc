"""Why a customer does not pay, whether we supply him, and the settings behind it all."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from core.errors import Conflict, DomainError, NotAllowed, NotFound
from core.models import AuditEvent
from receivables import actions
from receivables.choices import Cause
from receivables.models import CauseFinding, Dispute
from receivables.queries import current_cause, current_hold
from relationships.models import Finding
from tests.factories import make_account, make_invoice

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


def test_a_complaint_holds_back_the_invoice_it_is_about(as_user, rep, other_rep, executive):
    account = make_account(rep)
    late, other = make_invoice(account, "1000.00", due_on=date(2026, 3, 1)), make_invoice(account, "50.00")
    address = reverse("receivables:hold_back", args=[account.pk])
    page = as_user(rep).get(address, {"said": "Two pumps leak"}).text
    assert "Two pumps leak" in page
    assert page.index(late.number) < page.index(other.number)
    typed = {"invoice_id": late.pk, "amount": "400", "reason": "quality", "note": "Two pumps leak"}
    refused = as_user(rep).post(address, typed | {"amount": "1000.01"})
    assert (refused.status_code, b"is open and not disputed" in refused.content) == (422, True)
    assert as_user(rep).post(address, typed).status_code == 302
    late.refresh_from_db()
    assert (late.disputed_amount, Dispute.objects.get().note) == (400, "Two pumps leak")
    assert as_user(other_rep).post(address, typed).status_code == 404
    assert as_user(executive).post(address, typed).status_code == 403
    for rest in (late, other):
        actions.open_dispute(by=rep, invoice_id=rest.pk, reason="quality")
    assert "Nothing is open here" in as_user(rep).get(address).text


def test_only_a_complaint_offers_it(as_user, rep, executive):
    account = make_account(rep)
    for kind, text in (("complaint", "Two pumps leak"), ("need", "A second line")):
        Finding.objects.create(account=account, kind=kind, text=text, by=rep, at=timezone.now())
    panel = reverse("visits:account_panel", args=[account.pk])
    assert as_user(rep).get(panel).text.count('hold-back/?said=Two%20pumps%20leak" hx-get') == 1
    assert "hold-back" not in as_user(executive).get(panel).text
