"""Credits lower invoices, principal only; they are numbered, kept and reversed as a whole."""

from datetime import date
from decimal import Decimal

import pytest

from core.errors import Conflict, DomainError
from core.models import AuditEvent
from receivables import actions
from receivables.choices import CreditReason
from receivables.models import CreditNote
from tests.factories import make_account, make_invoice

pytestmark = pytest.mark.django_db


@pytest.fixture
def account(rep):
    return make_account(rep)


def credit(by, account, amount="40.00", **more):
    values = {"number": "CN-1", "currency": "CNY", "issued_on": date(2026, 4, 1), "reason": CreditReason.RETURN}
    return actions.record_credit_note(by=by, account_id=account.pk, amount=Decimal(amount), **(values | more))


def test_a_credit_note_lowers_the_invoice_it_names(collector, account):
    invoice = make_invoice(account, "100.00")
    note = credit(collector, account, designated={invoice.pk: Decimal(40)})
    invoice.refresh_from_db()
    assert (invoice.open_amount, note.unallocated) == (Decimal(60), 0)
    codes = list(AuditEvent.objects.order_by("id").values_list("code", "account_id"))
    assert codes == [("receivables.credit_recorded", account.pk), ("receivables.credit_allocated", account.pk)]


def test_a_credit_never_pays_interest_or_costs(collector, account):
    invoice = make_invoice(account, "100.00")
    charge = actions.add_charge(
        by=collector, invoice_id=invoice.pk, amount=Decimal(20), reason="Court", on=date(2026, 3, 9)
    )
    note = credit(collector, account, "110.00", allocate=True)
    charge.refresh_from_db()
    invoice.refresh_from_db()
    assert (charge.open_amount, invoice.open_amount, note.unallocated) == (Decimal(20), 0, Decimal(10))


def test_its_number_stands_once(collector, account):
    credit(collector, account)
    with pytest.raises(DomainError) as refusal:
        credit(collector, account)
    assert (refusal.value.field, refusal.value.code) == ("number", "duplicate")


def test_it_is_reversed_once_and_whole(collector, account):
    invoice = make_invoice(account, "100.00")
    note = credit(collector, account, "60.00", designated={invoice.pk: Decimal(40)})
    actions.reverse_credit_note(by=collector, credit_note_id=note.pk, reason="Entered twice")
    invoice.refresh_from_db()
    note.refresh_from_db()
    assert (invoice.open_amount, note.unallocated, note.reversed_on is None) == (Decimal(100), 0, False)
    for call, extra in ((actions.reverse_credit_note, {"reason": "Again"}), (actions.allocate_credit_note, {})):
        with pytest.raises(Conflict):
            call(by=collector, credit_note_id=note.pk, **extra)


def test_what_somebody_else_used_is_a_conflict(collector, account):
    make_invoice(account, "100.00")
    note = credit(collector, account)
    actions.allocate_credit_note(by=collector, credit_note_id=note.pk, seen=Decimal(40))
    for seen in (Decimal(40), None):
        with pytest.raises(Conflict):
            actions.allocate_credit_note(by=collector, credit_note_id=note.pk, seen=seen)
    assert CreditNote.objects.get().unallocated == 0


def test_one_line_of_it_can_be_taken_back(collector, account):
    invoice = make_invoice(account, "100.00")
    note = credit(collector, account, designated={invoice.pk: Decimal(40)})
    actions.reverse_allocation(by=collector, allocation_id=note.allocations.get().pk, reason="Wrong invoice")
    note.refresh_from_db()
    assert note.unallocated == Decimal(40)
