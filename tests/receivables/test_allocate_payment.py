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
from receivables.queries.proposal import OpenDebts, propose
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
    actions.add_charge(
        by=collector,
        invoice_id=invoice.pk,
        amount=Decimal(30),
        reason="Late",
        kind=ChargeKind.INTEREST,
        on=date(2026, 3, 20),
    )
    actions.add_charge(by=collector, invoice_id=invoice.pk, amount=Decimal(20), reason="Court", on=date(2026, 3, 20))
    payment = make_payment(account, "100.00")
    rows = actions.allocate_payment(by=collector, payment_id=payment.pk)
    assert [(row.part, str(row.amount)) for row in rows] == [
        ("costs", "20.00"),
        ("interest", "30.00"),
        ("principal", "50.00"),
    ]
    invoice.refresh_from_db()
    assert invoice.open_amount == Decimal("450.00")
    assert [charge.open_amount for charge in invoice.charges.all()] == [0, 0]


def test_the_customers_word_comes_first_and_the_rest_follows_the_law(collector, account):
    make_invoice(account, "80.00", number="INV-1", due_on=date(2026, 3, 1))
    make_invoice(account, "80.00", number="INV-2", due_on=date(2026, 3, 20))
    payment = make_payment(account, "100.00", designation="Payment for inv-2, thanks")
    rows = actions.allocate_payment(by=collector, payment_id=payment.pk)
    assert settled(rows) == [
        ("INV-2", "80.00", Part.PRINCIPAL, AllocationRule.DESIGNATED, AllocationReason.DESIGNATED),
        ("INV-1", "20.00", Part.PRINCIPAL, AllocationRule.STATUTE, AllocationReason.ONLY_DEBT),
    ]


def test_what_the_user_names_for_the_customer_is_taken_as_it_is(collector, account):
    old = make_invoice(account, "80.00", due_on=date(2026, 3, 1))
    new = make_invoice(account, "80.00", due_on=date(2026, 3, 20))
    payment = make_payment(account, "100.00")
    rows = actions.allocate_payment(by=collector, payment_id=payment.pk, designated={new.pk: Decimal("30.00")})
    assert [(row.invoice_id, str(row.amount), row.rule) for row in rows] == [(new.pk, "30.00", "designated")]
    payment.refresh_from_db()
    old.refresh_from_db()
    assert (payment.unallocated, old.open_amount) == (Decimal("70.00"), Decimal("80.00"))


def test_oldest_first_holds_where_every_contract_agrees_on_it(collector, account):
    agreed = Contract.objects.create(account=account, number="C-9", allocation_rule=AllocationRule.OLDEST_FIRST)
    make_invoice(account, "60.00", number="OLD", due_on=date(2026, 3, 1), contract=agreed)
    make_invoice(account, "60.00", number="NEW", due_on=date(2026, 3, 1), contract=agreed)
    payment = make_payment(account, "90.00")
    rows = actions.allocate_payment(by=collector, payment_id=payment.pk)
    assert [(row.invoice.number, str(row.amount), row.rule) for row in rows] == [
        ("OLD", "60.00", "oldest_first"),
        ("NEW", "30.00", "oldest_first"),
    ]
    make_invoice(account, "60.00", due_on=date(2026, 3, 1))  # under no contract: the law again
    more = make_payment(account, "10.00")
    assert {row.rule for row in actions.allocate_payment(by=collector, payment_id=more.pk)} == {"statute"}
    last = make_payment(account, "10.00")
    with pytest.raises(DomainError) as refusal:
        actions.allocate_payment(by=collector, payment_id=last.pk, rule=AllocationRule.OLDEST_FIRST)
    assert refusal.value.code == "not_agreed"


def test_what_is_over_stays_unallocated(collector, account):
    make_invoice(account, "60.00")
    payment = make_payment(account, "100.00")
    rows = actions.allocate_payment(by=collector, payment_id=payment.pk)
    payment.refresh_from_db()
    assert (sum(row.amount for row in rows), payment.unallocated) == (Decimal("60.00"), Decimal("40.00"))
    with pytest.raises(DomainError) as refusal:
        actions.allocate_payment(by=collector, payment_id=payment.pk)
    assert refusal.value.code == "nothing_open"


def test_equal_debts_share_to_the_cent(collector, account):
    for _each in range(3):
        make_invoice(account, "33.33", due_on=date(2026, 3, 1))
    payment = make_payment(account, "50.00")
    rows = actions.allocate_payment(by=collector, payment_id=payment.pk)
    assert [str(row.amount) for row in rows] == ["16.66", "16.66", "16.68"]
    assert {row.because for row in rows} == {"pro_rata"}


@pytest.mark.parametrize(
    ("designated", "code"),
    [({"here": "60.01"}, "too_much"), ({"here": "0"}, "not_positive"), ({"here": "50", "too": "51"}, "too_much"),
     ({"here": "5.005"}, "too_exact"), ({"dollars": "5"}, "other_currency")],
)  # fmt: skip
def test_an_allocation_that_does_not_fit_is_refused(designated, code, collector, account):
    invoices = {
        "here": make_invoice(account, "60.00"),
        "too": make_invoice(account, "60.00"),
        "dollars": make_invoice(account, "60.00", currency="USD"),
    }
    payment = make_payment(account, "100.00")
    wishes = {invoices[name].pk: Decimal(amount) for name, amount in designated.items()}
    with pytest.raises(DomainError) as refusal:
        actions.allocate_payment(by=collector, payment_id=payment.pk, designated=wishes)
    assert refusal.value.code == code
    assert not Allocation.objects.exists()


def test_another_customers_invoice_is_not_found(collector, account, rep):
    strange = make_invoice(make_account(rep), "60.00")
    payment = make_payment(account, "100.00")
    with pytest.raises(NotFound):
        actions.allocate_payment(by=collector, payment_id=payment.pk, designated={strange.pk: Decimal(5)})


def test_an_allocation_over_somebodys_newer_one_is_a_conflict(collector, account):
    make_invoice(account, "60.00")
    payment = make_payment(account, "100.00")
    actions.allocate_payment(by=collector, payment_id=payment.pk, seen=Decimal(100))
    with pytest.raises(Conflict):
        actions.allocate_payment(by=collector, payment_id=payment.pk, seen=Decimal(100))


def test_a_payment_that_is_used_up_or_reversed_is_a_conflict(collector, account):
    make_invoice(account, "100.00")
    payment = make_payment(account, "100.00")
    actions.allocate_payment(by=collector, payment_id=payment.pk)
    with pytest.raises(Conflict) as refusal:
        actions.allocate_payment(by=collector, payment_id=payment.pk)
    assert refusal.value.code == "nothing_left"
    actions.reverse_payment(by=collector, payment_id=payment.pk, reason="Cheque returned")
    with pytest.raises(Conflict) as refusal:
        actions.allocate_payment(by=collector, payment_id=payment.pk)
    assert refusal.value.code == "reversed"


def test_money_without_a_known_payer_settles_nothing_until_it_is_assigned(collector, rep, account):
    make_invoice(account, "60.00")
    payment = make_payment(None, "60.00")
    with pytest.raises(DomainError) as refusal:
        actions.allocate_payment(by=collector, payment_id=payment.pk)
    assert refusal.value.code == "no_account"
    actions.assign_payment(by=collector, payment_id=payment.pk, account_id=account.pk)
    assert len(actions.allocate_payment(by=collector, payment_id=payment.pk)) == 1
    with pytest.raises(Conflict):
        actions.assign_payment(by=collector, payment_id=payment.pk, account_id=account.pk)
    with pytest.raises(NotAllowed):
        actions.assign_payment(by=rep, payment_id=payment.pk, account_id=account.pk)


def test_an_invoice_whose_interest_was_paid_while_one_waited_for_it_takes_no_money(account):
    """Found open for its charge alone, locked, and by then settled by somebody else."""
    settled, owing = make_invoice(account, "100.00"), make_invoice(account, "60.00")
    settled.open_amount = Decimal(0)
    proposal = propose(Decimal(100), OpenDebts({settled.pk: settled, owing.pk: owing}), on=date(2026, 4, 1))
    assert [(line.invoice, line.amount) for line in proposal.lines] == [(owing, Decimal(60))]
    assert propose(Decimal(100), OpenDebts({settled.pk: settled}), on=date(2026, 4, 1)).lines == []


def test_a_proposal_writes_nothing(collector, account):
    make_invoice(account, "60.00")
    payment = make_payment(account, "100.00")
    proposal = propose_allocation(collector, payment.pk)
    assert (proposal.total, proposal.left, proposal.rules) == (Decimal(60), Decimal(40), [AllocationRule.STATUTE])
    assert not Allocation.objects.exists()


def test_a_disputed_amount_shrinks_with_what_is_open(collector, account):
    invoice = make_invoice(account, "100.00")
    actions.open_dispute(by=collector, invoice_id=invoice.pk, amount=Decimal(80), reason="quality")
    payment = make_payment(account, "70.00")
    actions.allocate_payment(by=collector, payment_id=payment.pk)
    invoice.refresh_from_db()
    assert (invoice.open_amount, invoice.disputed_amount) == (Decimal("30.00"), Decimal("30.00"))
    actions.reverse_payment(by=collector, payment_id=payment.pk, reason="Returned")
    invoice.refresh_from_db()
    assert (invoice.open_amount, invoice.disputed_amount) == (Decimal("100.00"), Decimal("80.00"))


def test_a_line_counts_from_the_day_of_receipt_but_never_before_a_reversal(collector, account):
    first, second = make_invoice(account, "100.00"), make_invoice(account, "100.00")
    payment = make_payment(account, "100.00")
    row = actions.allocate_payment(by=collector, payment_id=payment.pk, designated={first.pk: Decimal(100)})[0]
    undone = actions.reverse_allocation(by=collector, allocation_id=row.pk, reason="Wrong one", on=date(2026, 5, 5))
    again = actions.allocate_payment(by=collector, payment_id=payment.pk, designated={second.pk: Decimal(100)})[0]
    assert (row.on, undone.on, again.on) == (date(2026, 4, 1), date(2026, 5, 5), date(2026, 5, 5))
    second.refresh_from_db()
    assert second.settled_on == date(2026, 5, 5)
