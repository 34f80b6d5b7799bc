"""Receipts as they come: of a customer or of nobody yet, settling at once or later."""

from datetime import date
from decimal import Decimal

import pytest

from core.errors import DomainError
from core.models import AuditEvent
from receivables import actions
from receivables.models import Payment
from receivables.queries import visible_payments
from receivables.rules.designation import named_in
from tests.factories import make_account, make_invoice

pytestmark = pytest.mark.django_db
DAY = date(2026, 4, 1)


def receive(by, account, amount="100.00", **more):
    values = {"currency": "CNY", "received_on": DAY}
    return actions.record_payment(
        by=by, account_id=account.pk if account else None, amount=Decimal(amount), **(values | more)
    )


def test_a_receipt_waits_to_be_allocated(collector, rep):
    account = make_account(rep)
    payment = receive(collector, account, reference=" BANK-1 ")
    assert (payment.unallocated, payment.reference, payment.by) == (Decimal(100), "BANK-1", collector)
    event = AuditEvent.objects.get()
    assert (event.code, event.account_id, event.details["money"]) == (
        "receivables.payment_recorded",
        account.pk,
        "CNY 100.00",
    )


def test_it_settles_at_once_when_asked(collector, rep):
    account = make_account(rep)
    invoice = make_invoice(account, "60.00")
    assert receive(collector, account, allocate=True).unallocated == Decimal(40)
    other = make_invoice(account, "60.00")
    assert receive(collector, account, designated={other.pk: Decimal(10)}).unallocated == Decimal(90)
    invoice.refresh_from_db()
    assert invoice.settled_on == DAY


def test_a_receipt_that_cannot_settle_is_not_entered_either(collector, rep):
    account = make_account(rep)
    with pytest.raises(DomainError):
        receive(collector, account, allocate=True)
    assert not Payment.objects.exists()


def test_what_nobody_knows_the_payer_of_is_seen_by_finance_only(collector, rep, manager):
    payment = receive(collector, None, payer="Unknown Trading Co")
    assert list(visible_payments(collector)) == [payment]
    assert not visible_payments(rep).exists()
    assert not visible_payments(manager).exists()


@pytest.mark.parametrize(
    ("theirs", "is_the_same"),
    [
        ({}, True),
        ({"reference": ""}, True),  # typed without the reference the bank gave
        ({"received_on": date(2026, 4, 15)}, True),  # the reference says so
        ({"received_on": date(2026, 5, 1)}, False),  # a month later: the next rent
        ({"received_on": date(2026, 4, 2), "reference": ""}, False),
        ({"reference": "TT-2"}, False),  # two transfers of one day
        ({"currency": "USD"}, False),
        ({"amount": "100.01"}, False),
    ],
)
def test_the_same_money_is_recognised_by_day_or_reference(collector, rep, theirs, is_the_same):
    account = make_account(rep)
    first = receive(collector, account, reference="TT-1")
    words = {"reference": "TT-1", "anyway": False, **theirs}
    if not is_the_same:
        assert receive(collector, account, **words) != first
        return
    with pytest.raises(DomainError, match="It looks recorded already: TT-1") as refused:
        receive(collector, account, **words)
    assert (refused.value.field, refused.value.code) == ("anyway", "similar")
    assert refused.value.details == {"payments": [first.pk]}
    assert receive(collector, account, **(words | {"anyway": True})) != first


def test_only_living_receipts_of_the_customer_are_the_same_money(collector, rep):
    account = make_account(rep)
    taken_back = receive(collector, account, reference="TT-1")
    actions.reverse_payment(by=collector, payment_id=taken_back.pk, reason="Bank took it back")
    receive(collector, make_account(rep), reference="TT-1")
    receive(collector, account, reference="TT-1", anyway=False)
    unclaimed = receive(collector, None, reference="TT-9")
    with pytest.raises(DomainError) as refused:
        receive(collector, account, reference="TT-9", anyway=False)
    assert refused.value.details == {"payments": [unclaimed.pk]}


def test_a_day_to_come_and_an_unknown_currency_are_refused(collector, rep):
    account = make_account(rep)
    for more, field in (({"received_on": date(2999, 1, 1)}, "received_on"), ({"currency": "XXX"}, "currency")):
        with pytest.raises(DomainError) as refusal:
            receive(collector, account, **more)
        assert refusal.value.field == field


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("Invoice INV-2 and inv-1", ["INV-2", "INV-1"]),
        ("货款INV-1。", ["INV-1"]),
        ("INV-10", []),
        ("INV-1-A", ["INV-1-A"]),
        ("12", []),
        ("", []),
    ],
)
def test_what_the_customer_wrote_names_invoices(words, found):
    assert named_in(words, ["INV-1", "INV-2", "INV-1-A", "12"]) == found
