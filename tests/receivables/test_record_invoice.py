"""Debts as they arise: contracts, invoices, their papers, and what is claimed beside them."""

from datetime import date
from decimal import Decimal

import pytest

from core.errors import Conflict, DomainError
from core.models import AuditEvent
from receivables import actions
from receivables.choices import Paper, Papers
from receivables.models import Contract, Invoice
from tests.factories import make_account, make_invoice, make_payment

pytestmark = pytest.mark.django_db


@pytest.fixture
def account(rep):
    return make_account(rep)


def invoice_of(by, account, number="INV-1", **more):
    values = {"amount": Decimal("120.50"), "currency": "CNY", "issued_on": date(2026, 3, 2)}
    return actions.record_invoice(by=by, account_id=account.pk, number=number, **(values | more))


def test_an_invoice_is_open_in_full(collector, account):
    invoice = invoice_of(collector, account, number=" 0042 ")
    assert (invoice.number, invoice.open_amount, invoice.by, invoice.recognised_on) == (
        "0042", Decimal("120.50"), collector, date(2026, 3, 2),
    )  # fmt: skip
    event = AuditEvent.objects.get()
    assert (event.code, event.account_id, event.details["money"]) == (
        "receivables.invoice_recorded", account.pk, "CNY 120.50",
    )  # fmt: skip


def test_terms_come_from_the_contract_then_the_customer_then_the_settings(collector, account, rep):
    contract = Contract.objects.create(account=account, number="C", terms_days=45)
    assert invoice_of(collector, account, "1", contract_id=contract.pk).due_on == date(2026, 4, 16)
    assert invoice_of(collector, account, "2").due_on == date(2026, 4, 1)
    patient = make_account(rep, payment_terms_days=0)
    assert invoice_of(collector, patient, "3").due_on == date(2026, 3, 2)


@pytest.mark.parametrize(
    ("more", "field"),
    [({"due_on": date(2026, 3, 1)}, "due_on"), ({"issued_on": date(2999, 1, 1)}, "issued_on"), ({"currency": "XXX"}, "currency"),
     ({"number": ""}, "number"), ({"papers": Papers.RECEIVED, "missing_papers": [Paper.CONTRACT]}, "papers")],
)  # fmt: skip
def test_an_invoice_that_makes_no_sense_is_refused(more, field, collector, account):
    with pytest.raises(DomainError) as refusal:
        invoice_of(collector, account, **({"number": "INV-9"} | more))
    assert refusal.value.field == field
    assert not Invoice.objects.exists()


def test_a_number_stands_once(collector, account, rep):
    invoice_of(collector, account)
    with pytest.raises(DomainError) as refusal:
        invoice_of(collector, make_account(rep))
    assert refusal.value.code == "duplicate"


def test_the_contract_is_the_customers_own_and_in_his_currency(collector, account, rep):
    strange = Contract.objects.create(account=make_account(rep), number="C")
    dollars = Contract.objects.create(account=account, number="D", currency="USD")
    for contract, field in ((strange, "contract"), (dollars, "currency")):
        with pytest.raises(DomainError) as refusal:
            invoice_of(collector, account, contract_id=contract.pk)
        assert refusal.value.field == field


def test_papers_are_set_and_their_history_kept(collector, account):
    invoice = make_invoice(account)
    actions.set_papers(
        by=collector, invoice_id=invoice.pk, papers=Papers.INCOMPLETE,
        missing_papers=[Paper.DELIVERY_NOTE, Paper.DELIVERY_NOTE], purchase_order=" PO-7 ", expected_on=date(2026, 12, 1),
    )  # fmt: skip
    invoice.refresh_from_db()
    assert (invoice.papers, invoice.missing_papers, invoice.purchase_order) == ("incomplete", ["delivery_note"], "PO-7")
    assert AuditEvent.objects.get().details["before"]["papers"] == "received"
    actions.set_papers(by=collector, invoice_id=invoice.pk, papers=Papers.INCOMPLETE, missing_papers=["delivery_note"], expected_on=date(2026, 12, 1))  # fmt: skip
    assert AuditEvent.objects.count() == 1


def test_interest_is_claimed_for_what_was_really_outstanding_and_only_once(collector, account):
    """The vector of assurance §2.7: 100,000 due 1 March, 40,000 paid after 30 days, looked at 30 days later: 2,400."""
    invoice = make_invoice(account, "100000.00", due_on=date(2026, 3, 1))
    make = make_payment(account, "40000.00", received_on=date(2026, 3, 31))
    first = actions.claim_interest(by=collector, invoice_id=invoice.pk, on=date(2026, 3, 31))
    actions.allocate_payment(by=collector, payment_id=make.pk, designated={invoice.pk: Decimal(40000)})
    # The claim of interest comes before the principal (Civil Code 561).
    assert (first.amount, first.open_amount) == (Decimal("1500.00"), Decimal("1500.00"))
    invoice.refresh_from_db()
    first.refresh_from_db()
    assert (first.open_amount, invoice.open_amount) == (0, Decimal("61500.00"))
    assert actions.interest_until(invoice, date(2026, 4, 30)) == Decimal("1500.00") + Decimal("922.50")
    second = actions.claim_interest(by=collector, invoice_id=invoice.pk, on=date(2026, 4, 30))
    assert second.amount == Decimal("922.50")
    with pytest.raises(DomainError) as refusal:
        actions.claim_interest(by=collector, invoice_id=invoice.pk, on=date(2026, 4, 30))
    assert refusal.value.code == "nothing_to_claim"


def test_interest_takes_the_rate_of_the_contract(collector, account):
    contract = Contract.objects.create(account=account, number="C", interest_per_day=Decimal("0.001"))
    invoice = make_invoice(account, "1000.00", due_on=date(2026, 3, 1), contract=contract)
    assert actions.claim_interest(by=collector, invoice_id=invoice.pk, on=date(2026, 3, 11)).amount == Decimal("10.00")


def test_a_contract_is_recorded_edited_and_guarded(collector, account):
    contract = actions.record_contract(by=collector, account_id=account.pk, number="HT-2026-1", terms_days=60)
    edited = actions.edit_contract(by=collector, contract_id=contract.pk, version=1, security="Mortgage on the plant")
    assert (edited.version, edited.security) == (2, "Mortgage on the plant")
    with pytest.raises(Conflict):
        actions.edit_contract(by=collector, contract_id=contract.pk, version=1, security="None")
    with pytest.raises(DomainError) as refusal:
        actions.record_contract(by=collector, account_id=account.pk, number="HT-2026-1")
    assert refusal.value.code == "duplicate"
    make_invoice(account, contract=contract)
    for values, field in (
        ({"currency": "USD"}, "currency"),
        ({"interest_per_day": Decimal(1)}, "interest_per_day"),
        ({"amount": Decimal(-1)}, "amount"),
    ):
        with pytest.raises(DomainError) as refusal:
            actions.edit_contract(by=collector, contract_id=contract.pk, **values)
        assert refusal.value.field == field
    codes = AuditEvent.objects.order_by("id").values_list("code", flat=True)
    assert list(codes) == ["receivables.contract_recorded", "receivables.contract_edited"]
