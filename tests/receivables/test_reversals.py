"""Taking money back: once and whole, and everything is as before (I4, I9)."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import InternalError, transaction
from django.db.utils import IntegrityError

from core.errors import Conflict, DomainError
from core.models import AuditEvent
from core.workdays import today
from receivables import actions
from receivables.models import Allocation, CreditNote, Invoice, Payment, RefundLine, Reversal
from tests.factories import make_account, make_invoice, make_payment

pytestmark = pytest.mark.django_db


@pytest.fixture
def account(rep):
    return make_account(rep)


def test_a_reversed_payment_leaves_its_invoices_as_they_were(collector, account):
    invoices = [make_invoice(account, "60.00", due_on=date(2026, 3, day)) for day in (1, 2)]
    before = list(Invoice.objects.order_by("pk").values())
    payment = make_payment(account, "100.00")
    rows = actions.allocate_payment(by=collector, payment_id=payment.pk)
    reversal = actions.reverse_payment(by=collector, payment_id=payment.pk, reason="Cheque returned")
    assert list(Invoice.objects.order_by("pk").values()) == before
    payment.refresh_from_db()
    assert (payment.unallocated, payment.reversed_on, reversal.on) == (0, today(), today())
    undone = Allocation.objects.filter(reverses__in=rows)
    assert sorted((row.reverses_id, row.amount) for row in undone) == sorted((row.pk, -row.amount) for row in rows)
    event = AuditEvent.objects.get(code="receivables.payment_reversed")
    assert event.details["invoices"] == [invoice.pk for invoice in invoices]
    with pytest.raises(Conflict):
        actions.reverse_payment(by=collector, payment_id=payment.pk, reason="Again")
    assert Reversal.objects.count() == 1


def test_a_line_taken_back_can_be_given_elsewhere(collector, account):
    invoice, other = make_invoice(account, "100.00"), make_invoice(account, "100.00")
    payment = make_payment(account, "100.00")
    row = actions.allocate_payment(by=collector, payment_id=payment.pk, designated={invoice.pk: Decimal(100)})[0]
    actions.reverse_allocation(by=collector, allocation_id=row.pk, reason="Wrong invoice")
    payment.refresh_from_db()
    invoice.refresh_from_db()
    assert (payment.unallocated, invoice.open_amount, invoice.settled_on) == (Decimal(100), Decimal(100), None)
    with pytest.raises(Conflict):
        actions.reverse_allocation(by=collector, allocation_id=row.pk, reason="Again")
    minus = Allocation.objects.get(reverses=row)
    with pytest.raises(DomainError):
        actions.reverse_allocation(by=collector, allocation_id=minus.pk, reason="Back and forth")
    actions.allocate_payment(by=collector, payment_id=payment.pk, designated={other.pk: Decimal(100)})
    actions.reverse_payment(by=collector, payment_id=payment.pk, reason="Returned")
    assert set(Invoice.objects.values_list("open_amount", flat=True)) == {Decimal(100)}


def test_a_reversal_lies_not_before_what_it_reverses(collector, account):
    invoice = make_invoice(account, "100.00")
    payment = make_payment(account, "100.00")
    row = actions.allocate_payment(by=collector, payment_id=payment.pk, on=date(2026, 4, 20))[0]
    for call in (
        lambda day: actions.reverse_allocation(by=collector, allocation_id=row.pk, reason="No", on=day),
        lambda day: actions.reverse_payment(by=collector, payment_id=payment.pk, reason="No", on=day),
    ):
        with pytest.raises(DomainError):
            call(date(2026, 3, 15))
    actions.reverse_payment(by=collector, payment_id=payment.pk, reason="Returned", on=date(2026, 4, 10))
    payment.refresh_from_db()
    assert payment.reversed_on == date(2026, 4, 20)
    invoice.refresh_from_db()
    assert invoice.open_amount == invoice.amount


def test_a_refund_is_drawn_from_what_is_unallocated(collector, account):
    payment = make_payment(account, "100.00")
    note = CreditNote.objects.create(
        account=account, number="CN", amount=50, unallocated=50, issued_on=date(2026, 4, 1)
    )
    refund = actions.record_refund(
        by=collector, account_id=account.pk, amount=Decimal(120), currency="CNY", paid_on=date(2026, 4, 9)
    )
    assert list(refund.refund_lines.order_by("pk").values_list("payment", "credit_note", "amount")) == [
        (payment.pk, None, Decimal(100)),
        (None, note.pk, Decimal(20)),
    ]
    assert (Payment.objects.get(pk=payment.pk).unallocated, CreditNote.objects.get().unallocated) == (0, Decimal(30))
    with pytest.raises(DomainError) as refusal:
        actions.reverse_payment(by=collector, payment_id=payment.pk, reason="Returned")
    assert refusal.value.code == "refunded"
    actions.reverse_payment(by=collector, payment_id=refund.pk, reason="Came back")
    assert (Payment.objects.get(pk=payment.pk).unallocated, CreditNote.objects.get().unallocated) == (100, 50)
    with pytest.raises(Conflict):
        actions.reverse_payment(by=collector, payment_id=refund.pk, reason="Again")
    actions.reverse_payment(by=collector, payment_id=payment.pk, reason="Returned")
    assert sum(RefundLine.objects.values_list("amount", flat=True)) == 0
    assert AuditEvent.objects.filter(code="receivables.refund_reversed").count() == 1


def test_a_refund_takes_only_what_was_there_that_day(collector, account):
    make_payment(account, "100.00", received_on=date(2026, 4, 20))
    make_payment(account, "100.00", currency="USD")
    with pytest.raises(DomainError) as refusal:
        actions.record_refund(
            by=collector, account_id=account.pk, amount=Decimal(50), currency="CNY", paid_on=date(2026, 4, 9)
        )
    assert refusal.value.code == "too_much"


# ------------------------------------------------------------------ the database holds the line


def refused(action):
    with pytest.raises((InternalError, IntegrityError)), transaction.atomic():
        action()


def test_money_rows_are_never_changed_nor_deleted(collector, account):
    invoice, payment = make_invoice(account, "100.00"), make_payment(account, "100.00")
    row = actions.allocate_payment(by=collector, payment_id=payment.pk)[0]
    refused(lambda: Invoice.objects.filter(pk=invoice.pk).update(amount=90))
    refused(lambda: Invoice.objects.filter(pk=invoice.pk).update(issued_on=date(2026, 1, 1)))
    refused(lambda: Invoice.objects.filter(pk=invoice.pk).update(open_amount=101, settled_on=None))
    refused(lambda: Payment.objects.filter(pk=payment.pk).update(amount=90))
    refused(lambda: Payment.objects.filter(pk=payment.pk).update(unallocated=-1))
    refused(lambda: Payment.objects.filter(pk=payment.pk).update(account=make_account(account.owner)))
    refused(lambda: Allocation.objects.filter(pk=row.pk).update(amount=90))
    refused(lambda: Allocation.objects.filter(pk=row.pk).delete())
    refused(payment.delete)
    actions.reverse_payment(by=collector, payment_id=payment.pk, reason="Returned")
    refused(lambda: Payment.objects.filter(pk=payment.pk).update(reversed_on=None))
    refused(lambda: Reversal.objects.update(reason="Another"))


def test_the_database_refuses_an_allocation_that_does_not_fit(collector, account, rep):
    invoice, payment = make_invoice(account, "100.00"), make_payment(account, "100.00")
    row = actions.allocate_payment(by=collector, payment_id=payment.pk, designated={invoice.pk: Decimal(60)})[0]
    day = date(2026, 4, 2)
    dollars, strange = make_invoice(account, currency="USD"), make_invoice(make_account(rep))
    refused(lambda: Allocation.objects.create(invoice=dollars, payment=payment, amount=1, on=day))
    refused(lambda: Allocation.objects.create(invoice=strange, payment=payment, amount=1, on=day))
    refused(lambda: Allocation.objects.create(invoice=invoice, payment=payment, amount=-59, on=day, reverses=row))
    refused(
        lambda: Allocation.objects.create(
            invoice=invoice, payment=payment, amount=-60, on=date(2026, 3, 9), reverses=row
        )
    )
    Allocation.objects.create(invoice=invoice, payment=payment, amount=-60, on=day, reverses=row)
    refused(lambda: Allocation.objects.create(invoice=invoice, payment=payment, amount=-60, on=day, reverses=row))
