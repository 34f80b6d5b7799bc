"""A dispute stands for an amount, never for more than is open, and ends once."""

from decimal import Decimal

import pytest

from core.errors import Conflict, DomainError
from core.models import AuditEvent
from receivables import actions
from receivables.choices import DisputeOutcome, DisputeReason
from tests.factories import make_account, make_invoice

pytestmark = pytest.mark.django_db


@pytest.fixture
def invoice(rep):
    return make_invoice(make_account(rep), "100.00")


def dispute(by, invoice, amount=None):
    return actions.open_dispute(
        by=by, invoice_id=invoice.pk, amount=amount and Decimal(amount), reason=DisputeReason.QUALITY, note="Rust"
    )


def test_disputes_add_up_and_never_exceed_what_is_open(rep, invoice):
    dispute(rep, invoice, "30.00")
    dispute(rep, invoice, "20.00")
    invoice.refresh_from_db()
    assert invoice.disputed_amount == Decimal(50)
    with pytest.raises(DomainError):
        dispute(rep, invoice, "50.01")
    assert dispute(rep, invoice).amount == Decimal(50)  # all that is left
    with pytest.raises(DomainError):
        dispute(rep, invoice)


def test_a_resolved_dispute_frees_its_amount_once(rep, collector, invoice):
    one, _two = dispute(rep, invoice, "30.00"), dispute(rep, invoice, "20.00")
    done = actions.resolve_dispute(
        by=collector, dispute_id=one.pk, outcome=DisputeOutcome.OURS, resolution="Slip shown"
    )
    invoice.refresh_from_db()
    assert (invoice.disputed_amount, done.resolved_by) == (Decimal(20), collector)
    with pytest.raises(Conflict):
        actions.resolve_dispute(by=rep, dispute_id=one.pk, outcome=DisputeOutcome.SPLIT, resolution="Again")
    events = AuditEvent.objects.order_by("id").values_list("code", "account_id")
    assert list(events)[1:] == [
        ("receivables.dispute_opened", invoice.account_id),
        ("receivables.dispute_resolved", invoice.account_id),
    ]
