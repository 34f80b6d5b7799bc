"""T12: whichever statement of a money action fails, the books stay exactly as they were."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from receivables import actions
from receivables.choices import DisputeOutcome, DisputeReason, WriteOffReason
from tests.factories import make_account, make_invoice, make_payment
from tests.faults import assert_all_or_nothing

pytestmark = pytest.mark.django_db
DAY = date(2026, 4, 1)
TABLES = (
    "receivables_contract", "receivables_invoice", "receivables_charge", "receivables_payment", "receivables_creditnote",
    "receivables_allocation", "receivables_refundline", "receivables_writeoff", "receivables_dispute",
    "receivables_reversal", "receivables_causefinding", "receivables_supplyhold", "receivables_opensum", "core_auditevent",
)  # fmt: skip


@pytest.fixture
def ids(rep, collector, manager):
    """A ledger on which every action has something to do."""
    account = make_account(rep)
    first, second = make_invoice(account, "100.00", due_on=date(2026, 3, 1)), make_invoice(account, "900.00")
    actions.add_charge(by=collector, invoice_id=first.pk, amount=Decimal(5), reason="Court", on=date(2026, 3, 9))
    used = make_payment(account, "90.00")
    lines = actions.allocate_payment(by=collector, payment_id=used.pk, designated={first.pk: Decimal(60)})
    settled = make_payment(account, "7.00")
    actions.allocate_payment(by=collector, payment_id=settled.pk, designated={second.pk: Decimal(7)})
    note = actions.record_credit_note(
        by=collector, account_id=account.pk, number="CN", amount=Decimal(20), currency="CNY", issued_on=DAY,
        designated={second.pk: Decimal(5)},
    )  # fmt: skip
    waiting, approved = (
        actions.request_write_off(by=collector, invoice_id=second.pk, amount=Decimal(5), reason="small", note="Fee")
        for _each in range(2)
    )
    actions.decide_write_off(by=manager, write_off_id=approved.pk, approve=True)
    dispute = actions.open_dispute(by=collector, invoice_id=second.pk, amount=Decimal(9), reason=DisputeReason.PRICE)
    rich = make_payment(account, "40.00")
    refund = actions.record_refund(by=collector, account_id=account.pk, amount=Decimal(8), currency="CNY", paid_on=DAY)
    held = make_account(rep, "Held")
    actions.hold_supply(by=collector, account_id=held.pk, reason="Late")
    return {
        "account_id": account.pk, "invoice": second.pk, "invoice_id": second.pk, "line": lines[-1].pk,
        "fresh": make_payment(account, "300.00").pk, "rich": rich.pk, "note": note.pk, "waiting": waiting.pk,
        "approved": approved.pk, "dispute": dispute.pk, "refund": refund.pk, "nobodys": make_payment(None, "7.00").pk,
        "settled": settled.pk, "held": held.pk,
    }  # fmt: skip


MONEY = {"amount": Decimal("10.00"), "currency": "CNY"}
CALLS = {
    "record_invoice": lambda by, ids: actions.record_invoice(by=by, account_id=ids["account_id"], number="N", issued_on=DAY, **MONEY),
    "record_payment": lambda by, ids: actions.record_payment(by=by, account_id=ids["account_id"], received_on=DAY, allocate=True, **MONEY),
    "assign_payment": lambda by, ids: actions.assign_payment(by=by, payment_id=ids["nobodys"], account_id=ids["account_id"]),
    "allocate_payment": lambda by, ids: actions.allocate_payment(by=by, payment_id=ids["fresh"]),
    "reverse_payment": lambda by, ids: actions.reverse_payment(by=by, payment_id=ids["fresh"], reason="Returned"),
    "reverse_allocated": lambda by, ids: actions.reverse_payment(by=by, payment_id=ids["settled"], reason="Returned"),
    "reverse_refund": lambda by, ids: actions.reverse_payment(by=by, payment_id=ids["refund"], reason="Came back"),
    "reverse_allocation": lambda by, ids: actions.reverse_allocation(by=by, allocation_id=ids["line"], reason="Wrong"),
    "record_refund": lambda by, ids: actions.record_refund(by=by, account_id=ids["account_id"], paid_on=DAY, **MONEY),
    "record_credit_note": lambda by, ids: actions.record_credit_note(by=by, account_id=ids["account_id"], number="C", issued_on=DAY, allocate=True, **MONEY),
    "allocate_credit_note": lambda by, ids: actions.allocate_credit_note(by=by, credit_note_id=ids["note"]),
    "reverse_credit_note": lambda by, ids: actions.reverse_credit_note(by=by, credit_note_id=ids["note"], reason="Twice"),
    "request_write_off": lambda by, ids: actions.request_write_off(by=by, invoice_id=ids["invoice_id"], amount=Decimal(3), reason=WriteOffReason.SMALL, note="Fee"),
    "reverse_write_off": lambda by, ids: actions.reverse_write_off(by=by, write_off_id=ids["approved"], reason="Paid"),
    "open_dispute": lambda by, ids: actions.open_dispute(by=by, invoice_id=ids["invoice_id"], reason=DisputeReason.QUALITY),
    "resolve_dispute": lambda by, ids: actions.resolve_dispute(by=by, dispute_id=ids["dispute"], outcome=DisputeOutcome.OURS, resolution="Shown"),
    "add_charge": lambda by, ids: actions.add_charge(by=by, invoice_id=ids["invoice_id"], amount=Decimal(3), reason="Post"),
    "claim_interest": lambda by, ids: actions.claim_interest(by=by, invoice_id=ids["invoice_id"]),
    "find_cause": lambda by, ids: actions.find_cause(by=by, account_id=ids["account_id"], cause="crisis"),
    "hold_supply": lambda by, ids: actions.hold_supply(by=by, account_id=ids["account_id"], reason="Late"),
    "lift_hold": lambda by, ids: actions.lift_hold(by=by, account_id=ids["held"], because="Paid"),
}  # fmt: skip


@pytest.mark.parametrize("name", CALLS)
def test_a_fault_at_any_statement_changes_nothing(name, ids, collector):
    assert_all_or_nothing(lambda: CALLS[name](collector, ids), TABLES)


@pytest.mark.parametrize("decision", [{"approve": True}, {"approve": False, "because": "They will pay"}])
def test_nor_does_one_in_a_decision(decision, ids, manager):
    assert_all_or_nothing(lambda: actions.decide_write_off(by=manager, write_off_id=ids["waiting"], **decision), TABLES)
