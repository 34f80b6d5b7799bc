"""The nightly check finds nothing in sound books, and each rule finds what breaks it."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection

from core.errors import NotAllowed
from core.models import AuditEvent, JobRun, JobState
from core.tick import run
from core.workdays import today
from receivables import actions
from receivables.choices import ChargeKind, DisputeReason, WriteOffReason
from receivables.models import Allocation, CreditNote, Invoice, Payment
from receivables.queries.invariants import INVARIANTS, breaches, ledger_health
from receivables.tasks.invariants import LedgerBrokenError, check_ledger
from tests.factories import make_account, make_invoice, make_payment

pytestmark = pytest.mark.django_db


@pytest.fixture
def ledger(rep, collector, manager):
    """A bit of everything: costs, interest, part payments, refunds, credits, a write-off, disputes, reversals."""
    account = make_account(rep)
    first, second, third = (make_invoice(account, amount, due_on=date(2026, 3, day)) for amount, day in (("100.00", 1), ("80.00", 9), ("70.00", 20)))  # fmt: skip
    actions.add_charge(by=collector, invoice_id=first.pk, amount=Decimal(7), reason="Court", on=date(2026, 3, 15))
    actions.claim_interest(by=collector, invoice_id=first.pk, on=date(2026, 3, 25))
    payment = actions.record_payment(
        by=collector,
        account_id=account.pk,
        amount=Decimal(150),
        currency="CNY",
        received_on=date(2026, 4, 1),
        allocate=True,
    )
    wrong = payment.allocations.filter(part="principal").first()
    actions.reverse_allocation(by=collector, allocation_id=wrong.pk, reason="Wrong one")
    back = make_payment(account, "30.00")
    actions.allocate_payment(by=collector, payment_id=back.pk, designated={third.pk: Decimal(10)})
    actions.reverse_payment(by=collector, payment_id=back.pk, reason="Returned")
    actions.record_credit_note(
        by=collector, account_id=account.pk, number="CN", amount=Decimal(20), currency="CNY", issued_on=date(2026, 4, 2),
        designated={third.pk: Decimal(15)},
    )  # fmt: skip
    actions.record_refund(
        by=collector, account_id=account.pk, amount=Decimal(12), currency="CNY", paid_on=date(2026, 5, 1)
    )
    actions.open_dispute(by=collector, invoice_id=second.pk, amount=Decimal(20), reason=DisputeReason.PRICE)
    asked = actions.request_write_off(
        by=collector, invoice_id=third.pk, amount=Decimal(5), reason=WriteOffReason.SMALL, note="Fees"
    )
    actions.decide_write_off(by=manager, write_off_id=asked.pk, approve=True)
    return first


def broken(on=None):
    return {breach.code: (breach.count, breach.examples) for breach in breaches(on or today())}


def quietly(sql, *values):
    """Change rows behind the back of triggers and constraints, as only a mistake in the database could."""
    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")
        cursor.execute("set session_replication_role = replica")
        cursor.execute(sql, values)
        cursor.execute("set session_replication_role = default")


def test_sound_books_break_no_rule(ledger):
    assert broken() == {}
    assert [rule.code for rule in INVARIANTS] == [f"I{number}" for number in range(1, 13)]


def test_a_payment_spent_twice(ledger):
    row = Allocation.objects.filter(payment__isnull=False, amount__gt=0, reversed_by=None).first()
    quietly("update receivables_allocation set amount = amount + 500 where id = %s", row.pk)
    assert f"payment {row.payment_id}" in broken()["I1"][1]


def test_an_invoice_settled_twice(ledger):
    row = Allocation.objects.filter(part="principal", amount__gt=0, reversed_by=None).first()
    quietly("update receivables_allocation set amount = amount + 500 where id = %s", row.pk)
    found = broken()
    assert f"invoice {row.invoice_id}" in found["I2"][1]
    assert f"invoice {row.invoice_id}" in found["I10"][1]


@pytest.mark.parametrize(
    ("sql", "name"),
    [
        ("update receivables_invoice set open_amount = open_amount - 1 where id = %s", "invoice"),
        ("update receivables_invoice set disputed_amount = disputed_amount + 1 where id = %s", "invoice"),
    ],
)
def test_a_stored_sum_that_is_not_the_sum(sql, name, ledger):
    invoice = make_invoice(ledger.account, "10.00")
    quietly(sql, invoice.pk)
    count, examples = broken()["I3"]
    assert count == 4  # the invoice, and the three kept sums that it is part of
    assert examples[0] == f"{name} {invoice.pk}"
    assert all(example.startswith("sum CNY") for example in examples[1:])


def test_what_is_left_of_a_payment_or_credit_note(ledger):
    payment, note = make_payment(ledger.account, "10.00"), CreditNote.objects.get()
    quietly("update receivables_payment set unallocated = 9 where id = %s", payment.pk)
    quietly("update receivables_creditnote set unallocated = 1 where id = %s", note.pk)
    assert broken()["I3"] == (2, [f"credit note {note.pk}", f"payment {payment.pk}"])


def test_a_reversal_that_is_not_minus_its_original(ledger):
    row = Allocation.objects.filter(reverses__isnull=False).first()
    quietly("update receivables_allocation set amount = amount + 1 where id = %s", row.pk)
    assert f"allocation {row.pk}" in broken()["I4"][1]


def test_a_reversed_payment_whose_reversal_is_gone(ledger):
    payment = Payment.objects.exclude(reversed_on=None).get()
    quietly("delete from receivables_reversal where payment_id = %s", payment.pk)
    assert f"payment {payment.pk}" in broken()["I4"][1]


def test_a_guard_that_is_switched_off(ledger):
    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")
        cursor.execute("alter table receivables_allocation disable trigger user")
    count, examples = broken()["I5"]
    assert count >= 2
    assert examples[0].startswith("receivables_allocation: ")


def test_currencies_mixed(ledger):
    row = Allocation.objects.filter(payment__isnull=False).first()
    quietly("update receivables_payment set currency = 'USD' where id = %s", row.payment_id)
    assert f"allocation {row.pk}" in broken()["I7"][1]


def test_a_reversed_payment_that_still_settles_something(ledger):
    payment = Payment.objects.exclude(reversed_on=None).get()
    row = payment.allocations.filter(amount__lt=0).first()
    quietly("delete from receivables_allocation where id = %s", row.pk)
    assert broken()["I9"][1] == [f"payment {payment.pk}"]


def test_an_allocation_before_its_money_was_there(ledger):
    row = Allocation.objects.filter(payment__isnull=False, amount__gt=0).first()
    quietly('update receivables_allocation set "on" = %s where id = %s', date(2026, 1, 1), row.pk)
    assert f"allocation {row.pk}" in broken()["I11"][1]


def test_the_ageing_of_a_ledger_whose_copies_differ(ledger):
    """The days an allocation repeats from its invoice are not what the invoice says: the ageing is wrong, and says so."""
    row = Allocation.objects.filter(part="principal", amount__gt=0, reversed_by=None).first()
    quietly("update receivables_allocation set issued_on = %s where id = %s", today() + timedelta(days=9), row.pk)
    quietly("update receivables_allocation set currency = 'USD' where id = %s", row.pk)
    assert "I6" in broken(today() - timedelta(days=1)) or "I6" in broken()


def test_interest_of_a_broken_rule_is_found(ledger, monkeypatch):
    from receivables.rules import interest

    whole = interest.interest
    monkeypatch.setattr(interest, "interest", lambda parts, basis=360: whole(parts, basis=basis) + Decimal("5.00"))
    assert ledger.charges.filter(kind=ChargeKind.INTEREST).exists()
    assert broken()["I12"] == (1, [f"invoice {ledger.pk}"])


def test_a_statement_that_does_not_close_is_found(ledger, monkeypatch):
    from receivables.queries import invariants

    right = invariants.statement

    def wrong(by, account_id, currency, start, end):
        found = right(by, account_id, currency, start, end)
        object.__setattr__(found, "opening", found.opening + (start == end))
        return found

    monkeypatch.setattr(invariants, "statement", wrong)
    assert broken()["I8"] == (1, [f"account {ledger.account_id} CNY"])


# ------------------------------------------------------------------ the job


def test_the_job_tells_the_audit_trail_and_the_health_page(ledger, client):
    assert ledger_health() == "not checked yet"
    check_ledger(today())
    check_ledger(today())
    assert client.get("/healthz").json()["ledger"] == "ok"
    event = AuditEvent.objects.filter(code="receivables.ledger_checked").first()
    assert (event.details["invoices"], event.account_id) == (Invoice.objects.count(), None)


def test_a_broken_ledger_fails_the_job_and_says_which_rows(ledger, client):
    invoice = make_invoice(ledger.account, "10.00")
    quietly("update receivables_invoice set open_amount = 9 where id = %s", invoice.pk)
    quietly("update receivables_opensum set open_amount = open_amount + 1 where issued_on is not null")
    with pytest.raises(LedgerBrokenError, match=f"I3 .*invoice {invoice.pk}"):
        check_ledger(today())
    row = JobRun.objects.create(job="receivables.check_ledger", slot=today(), due_at="2026-03-02T02:00Z")
    assert run(row.pk) == JobState.FAILED
    row.refresh_from_db()
    assert f"invoice {invoice.pk}" in row.error
    healthz = client.get("/healthz")
    assert (healthz.status_code, healthz.json()["ledger"]) == (200, "broken: I3, I6")


def test_a_check_that_stopped_is_told(ledger, client):
    check_ledger(today())
    quietly("update core_auditevent set at = at - interval '3 days' where code = 'receivables.ledger_checked'")
    assert ledger_health().startswith("not checked since ")


def test_only_the_program_or_an_administrator_starts_it(collector, administrator):
    with pytest.raises(NotAllowed):
        actions.check_ledger(by=collector, on=today())
    assert actions.check_ledger(by=administrator, on=today()) == []
