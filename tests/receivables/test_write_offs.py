"""Giving up a debt takes two people, the second within his limit; the claim goes on."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, InternalError, transaction

from core.errors import Conflict, DomainError, NotAllowed
from core.models import AuditEvent, Role
from core.workdays import today
from receivables import actions
from receivables.choices import Decision, WriteOffReason
from receivables.models import WriteOff, WriteOffLimit
from tests.cast import person
from tests.factories import make_account, make_invoice, make_payment

pytestmark = pytest.mark.django_db


@pytest.fixture
def invoice(rep):
    return make_invoice(make_account(rep), "60000.00")


def ask(by, invoice, amount):
    return actions.request_write_off(
        by=by,
        invoice_id=invoice.pk,
        amount=Decimal(amount),
        reason=WriteOffReason.INSOLVENT,
        note="Court notice of 3 May",
    )


def test_an_approved_write_off_lowers_the_invoice(collector, manager, invoice):
    asked = ask(collector, invoice, "40000.00")
    invoice.refresh_from_db()
    assert invoice.open_amount == Decimal(60000)
    decided = actions.decide_write_off(by=manager, write_off_id=asked.pk, approve=True)
    invoice.refresh_from_db()
    assert (decided.decision, decided.decided_by, decided.on) == (Decision.APPROVED, manager, today())
    assert invoice.open_amount == Decimal(20000)
    event = AuditEvent.objects.get(code="receivables.write_off_decided")
    assert (event.account_id, event.details["approved"], event.details["decision"]) == (
        invoice.account_id,
        True,
        "approved",
    )


def test_a_refused_one_changes_nothing_and_says_why(collector, manager, invoice):
    asked = ask(collector, invoice, "100.00")
    refused = actions.decide_write_off(by=manager, write_off_id=asked.pk, approve=False, because="They still pay")
    invoice.refresh_from_db()
    assert (refused.decision, refused.on, invoice.open_amount) == (Decision.REFUSED, None, Decimal(60000))
    with pytest.raises(Conflict):
        actions.decide_write_off(by=manager, write_off_id=asked.pk, approve=True)


def test_nobody_decides_on_his_own_request(collector, company, invoice):
    asked = ask(collector, invoice, "100.00")
    for approve in (True, False):
        with pytest.raises(DomainError) as refusal:
            actions.decide_write_off(by=collector, write_off_id=asked.pk, approve=approve, because="Mine")
        assert refusal.value.code == "own_request"
    second = person("Second Collector", Role.FINANCE, company)
    assert actions.decide_write_off(by=second, write_off_id=asked.pk, approve=True).decided_by == second


@pytest.mark.parametrize(("role", "amount", "fits"), [
    ("collector2", "5000.00", True), ("collector2", "5000.01", False), ("manager", "50000.00", True),
    ("manager", "50000.01", False), ("executive", "60000.00", True),
])  # fmt: skip
def test_each_role_approves_up_to_its_limit(role, amount, fits, collector, manager, executive, company, invoice):
    people = {"manager": manager, "executive": executive, "collector2": person("Second", Role.FINANCE, company)}
    asked = ask(collector, invoice, amount)
    if fits:
        actions.decide_write_off(by=people[role], write_off_id=asked.pk, approve=True)
        assert WriteOff.objects.get().decision == Decision.APPROVED
    else:
        with pytest.raises(DomainError) as refusal:
            actions.decide_write_off(by=people[role], write_off_id=asked.pk, approve=True)
        assert (refusal.value.code, WriteOff.objects.get().decision) == ("over_limit", Decision.WAITING)


def test_without_a_limit_in_the_currency_nobody_approves(collector, manager, rep, administrator):
    dollars = make_invoice(make_account(rep), "100.00", currency="USD")
    asked = ask(collector, dollars, "100.00")
    with pytest.raises(DomainError):
        actions.decide_write_off(by=manager, write_off_id=asked.pk, approve=True)
    actions.set_write_off_limit(by=administrator, role=Role.MANAGER, currency="USD", amount=Decimal(100))
    actions.decide_write_off(by=manager, write_off_id=asked.pk, approve=True)
    actions.set_write_off_limit(by=administrator, role=Role.MANAGER, currency="USD", amount=None)
    assert not WriteOffLimit.objects.filter(currency="USD").exists()


def test_a_rep_neither_asks_nor_approves(rep, collector, invoice):
    with pytest.raises(NotAllowed):
        ask(rep, invoice, "1.00")
    asked = ask(collector, invoice, "1.00")
    with pytest.raises(NotAllowed):
        actions.decide_write_off(by=rep, write_off_id=asked.pk, approve=True)


def test_no_more_is_asked_for_than_is_open(collector, invoice):
    ask(collector, invoice, "50000.00")
    with pytest.raises(DomainError) as refusal:
        ask(collector, invoice, "10000.01")
    assert refusal.value.code == "too_much"


def test_money_that_came_meanwhile_is_a_conflict(collector, manager, invoice):
    asked = ask(collector, invoice, "40000.00")
    payment = make_payment(invoice.account, "30000.00")
    actions.allocate_payment(by=collector, payment_id=payment.pk)
    with pytest.raises(Conflict):
        actions.decide_write_off(by=manager, write_off_id=asked.pk, approve=True)
    assert actions.decide_write_off(by=manager, write_off_id=asked.pk, approve=False, because="They pay").on is None


def test_it_is_reversed_once_and_only_if_approved(collector, manager, invoice):
    asked = ask(collector, invoice, "60000.00")
    with pytest.raises(DomainError):
        actions.reverse_write_off(by=collector, write_off_id=asked.pk, reason="Never was")
    with pytest.raises(DomainError):
        actions.decide_write_off(by=manager, write_off_id=asked.pk, approve=True)
    WriteOffLimit.objects.filter(role=Role.MANAGER).update(amount=Decimal(100000))
    actions.decide_write_off(by=manager, write_off_id=asked.pk, approve=True)
    invoice.refresh_from_db()
    assert (invoice.open_amount, invoice.settled_on) == (0, today())
    line = invoice.allocations.get()
    with pytest.raises(DomainError):
        actions.reverse_allocation(by=collector, allocation_id=line.pk, reason="Only a part")
    actions.reverse_write_off(by=collector, write_off_id=asked.pk, reason="The liquidator paid")
    invoice.refresh_from_db()
    assert (invoice.open_amount, invoice.settled_on) == (Decimal(60000), None)
    with pytest.raises(Conflict):
        actions.reverse_write_off(by=collector, write_off_id=asked.pk, reason="Again")


def test_the_database_wants_two_people_and_one_decision(collector, manager, invoice):
    asked = ask(collector, invoice, "10.00")
    with pytest.raises(IntegrityError), transaction.atomic():
        WriteOff.objects.filter(pk=asked.pk).update(decided_by=collector)
    actions.decide_write_off(by=manager, write_off_id=asked.pk, approve=False, because="No")
    for change in ({"decision": Decision.APPROVED}, {"amount": 5}):
        with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
            WriteOff.objects.filter(pk=asked.pk).update(**change)
