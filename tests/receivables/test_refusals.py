"""What every action of the ledger refuses alike: who has no right (403), what is not there for him (404), nonsense (422)."""

from datetime import date
from decimal import Decimal

import pytest

from core.errors import DomainError, NotAllowed, NotFound
from core.models import AuditEvent, Role
from receivables import actions
from receivables.choices import Cause, DisputeOutcome, DisputeReason, Papers, WriteOffReason
from receivables.models import Contract, CreditNote
from tests.factories import make_account, make_invoice, make_payment

pytestmark = pytest.mark.django_db
DAY = date(2026, 4, 1)
NOWHERE = 10**9


@pytest.fixture
def ledger(rep, collector):
    """One row of each kind, by name."""
    account = make_account(rep)
    invoice = make_invoice(account)
    payment = make_payment(account, "300.00")
    allocation = actions.allocate_payment(by=collector, payment_id=payment.pk, designated={invoice.pk: Decimal(100)})[0]
    return {
        "account_id": account.pk,
        "invoice_id": invoice.pk,
        "payment_id": payment.pk,
        "allocation_id": allocation.pk,
        "contract_id": Contract.objects.create(account=account, number="C-1").pk,
        "credit_note_id": CreditNote.objects.create(
            account=account, number="CN-1", amount=10, unallocated=10, issued_on=DAY
        ).pk,
        "write_off_id": actions.request_write_off(
            by=collector, invoice_id=invoice.pk, amount=Decimal(5), reason=WriteOffReason.SMALL, note="Tiny"
        ).pk,
        "dispute_id": actions.open_dispute(
            by=collector, invoice_id=invoice.pk, amount=Decimal(5), reason=DisputeReason.PRICE
        ).pk,
        "unassigned_id": make_payment(None).pk,
    }


AMOUNT = {"amount": Decimal("10.00"), "currency": "CNY"}
WRONG = Decimal("-1.00")
# action, the id it is about, the rest of a good call, what makes it bad (None: nothing but the id can be wrong)
CALLS = [
    (actions.record_contract, "account_id", {"number": "C-2"}, {"number": " "}),
    (actions.edit_contract, "contract_id", {"name": "Frame"}, {"number": ""}),
    (actions.record_invoice, "account_id", {"number": "N", "issued_on": DAY, **AMOUNT}, {"amount": WRONG}),
    (
        actions.set_papers,
        "invoice_id",
        {"papers": Papers.SENT},
        {"papers": Papers.SENT, "missing_papers": ["contract"]},
    ),
    (actions.add_charge, "invoice_id", {"amount": Decimal(10), "reason": "Court"}, {"reason": ""}),
    (actions.claim_interest, "invoice_id", {"on": date(2026, 5, 1)}, {"on": date(2026, 3, 3)}),
    (actions.record_payment, "account_id", {"received_on": DAY, **AMOUNT}, {"amount": Decimal(0)}),
    (actions.assign_payment, "account_id", {"payment_id": "unassigned_id"}, None),
    (actions.allocate_payment, "payment_id", {}, {"on": date(2026, 3, 1)}),
    (actions.reverse_payment, "payment_id", {"reason": "Cheque returned"}, {"reason": " "}),
    (actions.reverse_allocation, "allocation_id", {"reason": "Wrong invoice"}, {"reason": ""}),
    (actions.record_refund, "account_id", {"paid_on": DAY, **AMOUNT}, {"amount": Decimal("99999.00")}),
    (actions.record_credit_note, "account_id", {"number": "CN-2", "issued_on": DAY, **AMOUNT}, {"number": ""}),
    (actions.allocate_credit_note, "credit_note_id", {}, {"on": date(2026, 3, 1)}),
    (actions.reverse_credit_note, "credit_note_id", {"reason": "Twice"}, {"reason": ""}),
    (
        actions.request_write_off,
        "invoice_id",
        {"amount": Decimal(1), "reason": WriteOffReason.SMALL, "note": "Tiny"},
        {"note": ""},
    ),
    (actions.decide_write_off, "write_off_id", {"approve": True}, {"approve": False, "because": ""}),
    (actions.reverse_write_off, "write_off_id", {"reason": "Paid after all"}, {}),
    (actions.open_dispute, "invoice_id", {"reason": DisputeReason.QUALITY}, {"amount": Decimal("5000.00")}),
    (
        actions.resolve_dispute,
        "dispute_id",
        {"outcome": DisputeOutcome.OURS, "resolution": "Shown the slip"},
        {"resolution": ""},
    ),
    (actions.find_cause, "account_id", {"cause": Cause.SHORTAGE}, None),
    (actions.hold_supply, "account_id", {"reason": "Three broken promises"}, {"reason": ""}),
    (actions.lift_hold, "account_id", {"because": "Paid"}, {"because": ""}),
]
NAMED = [pytest.param(*call, id=call[0].__name__) for call in CALLS]
MANAGERS = {"open_dispute", "resolve_dispute", "decide_write_off", "hold_supply"}


def arguments(ledger, about, given):
    return {
        about: ledger[about],
        **{name: ledger.get(value, value) if name.endswith("_id") else value for name, value in given.items()},
    }


@pytest.mark.parametrize(("call", "about", "good", "bad"), NAMED)
def test_a_role_without_the_right_is_refused(call, about, good, bad, ledger, administrator):
    """The administrator sees every account and runs none of the business. The right is asked before anything else."""
    events = AuditEvent.objects.count()
    with pytest.raises(NotAllowed):
        call(by=administrator, **arguments(ledger, about, good))
    with pytest.raises(NotAllowed):
        call(by=administrator, **{**arguments(ledger, about, good), about: NOWHERE})
    assert AuditEvent.objects.count() == events


@pytest.mark.parametrize(("call", "about", "good", "bad"), NAMED)
def test_what_is_not_there_is_not_found(call, about, good, bad, ledger, collector):
    with pytest.raises(NotFound):
        call(by=collector, **{**arguments(ledger, about, good), about: NOWHERE})


@pytest.mark.parametrize(
    ("call", "about", "good", "bad"), [call for call in NAMED if call.values[0].__name__ in MANAGERS]
)
def test_another_teams_rows_are_not_found(call, about, good, bad, ledger, other_manager, manager):
    with pytest.raises(NotFound):
        call(by=other_manager, **arguments(ledger, about, good))
    assert call(by=manager, **arguments(ledger, about, good))


@pytest.mark.parametrize(("call", "about", "good", "bad"), [call for call in NAMED if call.values[3] is not None])
def test_nonsense_is_refused_with_a_sentence(call, about, good, bad, ledger, collector):
    events = AuditEvent.objects.count()
    with pytest.raises(DomainError) as refusal:
        call(by=collector, **{**arguments(ledger, about, good), **bad})
    assert (refusal.value.status, str(refusal.value.message)[-1:]) == (422, ".")
    assert AuditEvent.objects.count() == events


@pytest.mark.parametrize("amount", ["0", "-5", "0.001", "NaN", "Infinity", "1e16"])
def test_an_amount_is_above_zero_and_exact_to_the_cent(amount, ledger, collector):
    with pytest.raises(DomainError) as refusal:
        actions.record_payment(
            by=collector, account_id=ledger["account_id"], amount=Decimal(amount), currency="CNY", received_on=DAY
        )
    assert refusal.value.field == "amount"


def test_only_the_administrator_sets_limits_and_only_who_may_sets_the_rules(collector, rep, administrator):
    with pytest.raises(NotAllowed):
        actions.set_write_off_limit(by=collector, role=Role.FINANCE, currency="CNY", amount=Decimal(10))
    with pytest.raises(NotAllowed):
        actions.set_receivables_rule(by=rep, terms_days=60)
    actions.set_write_off_limit(by=administrator, role=Role.FINANCE, currency="CNY", amount=Decimal(10))
    assert actions.set_receivables_rule(by=collector, terms_days=60).terms_days == 60
