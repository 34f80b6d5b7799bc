"""Many people at once: nothing is spent twice, nothing settled twice, nobody waits for ever (T3, T4)."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from threading import Barrier
from uuid import uuid4

import pytest
from django.db import OperationalError, connections
from django.test import Client

from core.errors import Conflict, DomainError
from core.workdays import today
from receivables import actions
from receivables.models import Allocation, Invoice, Payment
from receivables.queries.invariants import breaches
from tests.factories import make_account, make_invoice, make_payment
from tests.hypotheses import times

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
THREADS = 20
REFUSALS = (Conflict, DomainError)


def together(work, count=THREADS):
    """Run `work(number)` in so many threads that all begin at the same moment; their answers, refusals among them."""
    start = Barrier(count)

    def run(number):
        try:
            start.wait()
            return work(number)
        except REFUSALS as refusal:
            return refusal
        finally:
            connections.close_all()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))


def test_twenty_at_once_never_settle_more_than_there_is(collector, rep):
    """T4: twenty payments of 600 reach for one invoice of 1,000, over and over."""
    account = make_account(rep)
    for _round in range(times(10, searching=100)):
        invoice = make_invoice(account, "1000.00")
        payments = [make_payment(account, "600.00") for _each in range(THREADS)]
        answers = together(
            lambda number, invoice=invoice, payments=payments: actions.allocate_payment(
                by=collector, payment_id=payments[number].pk, designated={invoice.pk: Decimal(600)}
            )
        )
        assert sum(isinstance(answer, list) for answer in answers) == 1
        invoice.refresh_from_db()
        assert invoice.open_amount == Decimal(400)
    assert breaches(today()) == []


def test_twenty_at_once_spend_a_payment_once(collector, rep):
    account = make_account(rep)
    for _round in range(times(5, searching=100)):
        invoices = [make_invoice(account, "1000.00") for _each in range(THREADS)]
        payment = make_payment(account, "600.00")
        answers = together(
            lambda number, invoices=invoices, payment=payment: actions.allocate_payment(
                by=collector, payment_id=payment.pk, designated={invoices[number].pk: Decimal(600)}
            )
        )
        assert sum(isinstance(answer, list) for answer in answers) == 1
    assert breaches(today()) == []


def test_the_order_of_the_law_shares_the_debts_among_all_who_allocate(collector, rep):
    account = make_account(rep)
    for day in range(1, 11):
        make_invoice(account, "100.00", due_on=date(2026, 3, day))
    payments = [make_payment(account, "70.00") for _each in range(THREADS)]
    together(lambda number: actions.allocate_payment(by=collector, payment_id=payments[number].pk))
    assert set(Invoice.objects.values_list("open_amount", flat=True)) == {Decimal(0)}
    assert sum(Payment.objects.values_list("unallocated", flat=True)) == THREADS * 70 - 1000
    assert breaches(today()) == []


def test_allocating_and_taking_back_at_once_leaves_the_books_right(collector, rep):
    """Everybody allocates, reverses payments and single lines, credits and refunds, in any order, on the same rows."""
    account = make_account(rep)
    invoices = [make_invoice(account, "100.00", due_on=date(2026, 3, day)) for day in range(1, 7)]
    payments = [make_payment(account, "90.00") for _each in range(8)]

    def work(number):
        dice = random.Random(number)
        for step in range(6):
            payment = dice.choice(payments)
            try:
                match dice.randrange(5):
                    case 0:
                        actions.reverse_payment(by=collector, payment_id=payment.pk, reason="Returned")
                    case 1:
                        line = Allocation.objects.filter(amount__gt=0).order_by("?").first()
                        if line:
                            actions.reverse_allocation(by=collector, allocation_id=line.pk, reason="Wrong")
                    case 2:
                        actions.record_credit_note(
                            by=collector, account_id=account.pk, number=f"CN-{number}-{step}", amount=Decimal(7),
                            currency="CNY", issued_on=date(2026, 4, 1), designated={dice.choice(invoices).pk: Decimal(7)},
                        )  # fmt: skip
                    case 3:
                        actions.record_refund(
                            by=collector,
                            account_id=account.pk,
                            amount=Decimal(3),
                            currency="CNY",
                            paid_on=date(2026, 5, 1),
                        )
                    case _:
                        actions.allocate_payment(by=collector, payment_id=payment.pk)
            except REFUSALS:
                pass

    answers = together(work, 10)
    assert not [answer for answer in answers if isinstance(answer, OperationalError)]
    assert breaches(today()) == []


def test_two_decide_on_one_write_off_and_one_is_heard(collector, manager, director, rep):
    invoice = make_invoice(make_account(rep), "1000.00")
    asked = actions.request_write_off(
        by=collector, invoice_id=invoice.pk, amount=Decimal(600), reason="small", note="Old"
    )
    people = [manager, director]
    answers = together(
        lambda number: actions.decide_write_off(
            by=people[number % 2], write_off_id=asked.pk, approve=number % 2 == 0, because="Seen"
        ),
        4,
    )
    assert sum(not isinstance(answer, Exception) for answer in answers) == 1
    assert breaches(today()) == []


def test_the_same_request_sent_again_and_again_is_done_once(collector, rep):
    """T3: each key is sent by many threads at once; there is one payment and one allocation a key.

    Usually four keys by twenty threads; in a search fifty threads on each of twenty keys.
    """
    account = make_account(rep)
    invoice = make_invoice(account, "10000.00")
    body = {"account": account.pk, "amount": "10.00", "received_on": "2026-04-01", "lines": [{"invoice": invoice.pk, "amount": "10.00"}]}  # fmt: skip
    threads, shared, bursts = times(THREADS, searching=50), times(4, searching=1), times(1, searching=20)
    browsers = [Client(raise_request_exception=False) for _each in range(threads)]
    for browser in browsers:
        browser.force_login(collector)
    for burst in range(1, bursts + 1):
        keys = [uuid4().hex for _each in range(shared)]
        answers = together(
            lambda number, keys=keys: browsers[number].post(
                "/api/v1/payments/", body, content_type="application/json", headers={"Idempotency-Key": keys[number % shared]}
            ),
            threads,
        )  # fmt: skip
        assert {answer.status_code for answer in answers} == {201}
        assert len({(keys[number % shared], answer.json()["id"]) for number, answer in enumerate(answers)}) == shared
        assert Payment.objects.count() == Allocation.objects.count() == burst * shared
    assert breaches(today()) == []
