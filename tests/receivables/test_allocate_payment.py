"""What a payment settles: by law, by agreement, by the customer's word; exactly, and with the reason of every line."""

from datetime import date
from decimal import Decimal

import pytest

from core.errors import Conflict, DomainError, NotAllowed, NotFound
from core.models import AuditEvent
from receivables import actions
from receivables.choices import AllocationReason, AllocationRule, ChargeKind, Part
from receivables.models import Allocation, Contract, Invoice
from receivables.queries import propose_allocation
from tests.factories import make_account, make_invoice, make_payment

pytestmark = pytest.mark.django_db


@pytest.fixture
def account(rep):
    return make_account(rep)


def settled(rows):
    return [(row.invoice.number, str(row.amount), row.part, row.rule, row.because) for row in rows]


def test_the_law_takes_what_is_due_and_less_secured_first(collector, account):
    secured = Contract.objects.create(account=account, number="C-1", security="Mortgage")
    make_invoice(account, "60.00", number="A", due_on=date(2026, 3, 1), contract=secured)
    make_invoice(account, "60.00", number="B", due_on=date(2026, 3, 1))
    make_invoice(account, "60.00", number="C", due_on=date(2026, 12, 1), issued_on=date(2026, 3, 1))
    payment = make_payment(account, "100.00")
    rows = actions.allocate_payment(by=collector, payment_id=payment.pk)
    assert settled(rows) == [
        ("B", "60.00", Part.PRINCIPAL, AllocationRule.STATUTE, AllocationReason.LESS_SECURED),
        ("A", "40.00", Part.PRINCIPAL, AllocationRule.STATUTE, AllocationReason.DUE),
    ]
    assert list(Invoice.objects.order_by("number").values_list("number", "open_amount", "settled_on")) == [
        ("A", Decimal("20.00"), None),
        ("B", Decimal(0), date(2026, 4, 1)),
        ("C", Decimal("60.00"), None),
    ]
    payment.refresh_from_db()
    assert payment.unallocated == 0
    event = AuditEvent.objects.get(code="receivables.payment_allocated")
    assert (event.account_id, event.details["money"], event.details["numbers"]) == (account.pk, "CNY 100.00", "B, A")


def test_costs_and_interest_come_before_principal(collector, account):
    invoice = make_invoice(account, "500.00")
    actions.add_charge(by=collector, invoice_id=invoice.pk, amount=Decimal(30), reason="Late", kind=ChargeKind.INTEREST, on=date(2026, 3, 20))
    actions.add_charge(by=collector, invoice_id=invoice.pk, amount=Decimal(20), reason="Court", on=date(2026, 3, 20))
    payment = make_payment(account, "100.00")
    rows = actions.allocate_payment(by=collector, payment_id=payment.pk)
    assert [(row.part, str(row.amount)) for row in rows] == [("costs", "20.00"), ("interest", "30.00"), ("principal", "50.00")]
    invoice.refresh_from_db()
    assert invoice.open_amount == Decimal("450.00")
    assert [charge.open_amount for charge in invoice.charges.all()] == [0, 0]
