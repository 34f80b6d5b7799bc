"""Whatever is posted, in whatever order: the reports agree with a plain fold over the events (I6, I8, I10, I11)."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from core.errors import DomainError
from receivables import actions
from receivables.choices import WriteOffReason
from receivables.models import Allocation, CreditNote, Invoice, Payment
from receivables.queries import Selection, account_currencies, aged_invoices, ageing, statement
from receivables.queries.positions import unapplied_positions
from tests.factories import make_account
from tests.hypotheses import examples

pytestmark = pytest.mark.django_db
START = date(2026, 1, 1)
DAYS = st.integers(0, 200)
AMOUNTS = st.integers(1, 100_000).map(lambda cents: Decimal(cents) / 100)
KINDS = [
    "invoice", "invoice", "payment", "payment", "credit", "charge", "refund", "write_off", "undo_payment", "undo_credit",
    "undo_allocation", "undo_write_off",
]  # fmt: skip
STEPS = st.lists(st.tuples(st.sampled_from(KINDS), DAYS, AMOUNTS, st.integers(0, 9)), min_size=4, max_size=16)
CAREFUL = examples(40, searching=500)


class Ledger:
    """One account and what happens to it; what is refused did not happen."""

    def __init__(self, collector, executive, owner):
        self.by, self.boss = collector, executive
        self.account = make_account(owner)
        self.number = 0

    def do(self, kind, day, amount, pick, not_before=None):
        on = max(START + timedelta(days=day), not_before or START)
        try:
            with transaction.atomic():
                getattr(self, kind)(on, amount, pick)
        except DomainError:
            return

    def one(self, model, pick, **only):
        path = {"write_offs": "invoice__account"}.get(model.__name__, "account")
        rows = list(model.objects.filter(**{path: self.account}, **only).order_by("pk"))
        if not rows:
            raise DomainError("none")
        return rows[pick % len(rows)]

    def invoice(self, on, amount, pick):
        self.number += 1
        actions.record_invoice(
            by=self.by, account_id=self.account.pk, number=f"{self.account.pk}-{self.number}", amount=amount,
            currency="CNY" if pick else "USD", issued_on=on, due_on=on + timedelta(days=pick * 9),
        )  # fmt: skip

    def payment(self, on, amount, pick):
        actions.record_payment(
            by=self.by,
            account_id=self.account.pk,
            amount=amount,
            currency="CNY",
            received_on=on,
            allocate=bool(pick % 3),
        )

    def credit(self, on, amount, pick):
        self.number += 1
        actions.record_credit_note(
            by=self.by, account_id=self.account.pk, number=f"C{self.account.pk}-{self.number}", amount=amount,
            currency="CNY", issued_on=on, allocate=bool(pick % 2),
        )  # fmt: skip

    def charge(self, on, amount, pick):
        actions.add_charge(by=self.by, invoice_id=self.one(Invoice, pick).pk, amount=amount, on=on, reason="court")

    def refund(self, on, amount, pick):
        actions.record_refund(by=self.by, account_id=self.account.pk, amount=amount, currency="CNY", paid_on=on)

    def write_off(self, on, amount, pick):
        asked = actions.request_write_off(
            by=self.by,
            invoice_id=self.one(Invoice, pick, currency="CNY").pk,
            amount=amount,
            reason=WriteOffReason.SMALL,
            note="x",
        )
        actions.decide_write_off(by=self.boss, write_off_id=asked.pk, approve=True, on=on)

    def undo_payment(self, on, amount, pick):
        actions.reverse_payment(by=self.by, payment_id=self.one(Payment, pick).pk, reason="bounced", on=on)

    def undo_credit(self, on, amount, pick):
        actions.reverse_credit_note(by=self.by, credit_note_id=self.one(CreditNote, pick).pk, reason="wrong", on=on)

    def undo_allocation(self, on, amount, pick):
        actions.reverse_allocation(by=self.by, allocation_id=self.one(Allocation, pick).pk, reason="wrong", on=on)

    def undo_write_off(self, on, amount, pick):
        rows = [row for invoice in Invoice.objects.filter(account=self.account) for row in invoice.write_offs.all()]
        if not rows:
            raise DomainError("none")
        actions.reverse_write_off(by=self.by, write_off_id=rows[pick % len(rows)].pk, reason="paid", on=on)

    def report(self, on):
        """Everything the reports say of the account on a day."""
        mine = Selection(account_id=self.account.pk)
        return [
            (line.currency, line.amounts, line.total, line.unapplied)
            for line in ageing(self.by, on=on, selection=mine, group="none").totals
        ]


def folded(account, on):
    """Open by invoice, by reading every row: what the reports must come to."""
    found = {}
    for invoice in Invoice.objects.filter(account=account, issued_on__lte=on):
        rows = Allocation.objects.filter(invoice=invoice, part="principal", on__lte=on)
        found[invoice] = invoice.amount - sum((row.amount for row in rows), Decimal(0))
    return found


@CAREFUL
@given(steps=STEPS, days=st.lists(DAYS, min_size=3, max_size=3))
def test_ageing_is_the_sum_of_what_was_open(collector, executive, rep, steps, days):
    with transaction.atomic():
        ledger = Ledger(collector, executive, rep)
        for step in steps:
            ledger.do(*step)
        for on in (START + timedelta(days=day) for day in [*days, 250]):
            openings = folded(ledger.account, on)
            for line in ageing(
                collector, on=on, selection=Selection(account_id=ledger.account.pk), group="none"
            ).totals:
                assert sum(line.amounts) == line.total
                assert line.total == sum(amount for one, amount in openings.items() if one.currency == line.currency)
            rows = aged_invoices(collector, on=on, selection=Selection(account_id=ledger.account.pk))
            assert {row: row.open_then for row in rows} == {one: amount for one, amount in openings.items() if amount}
        transaction.set_rollback(True)


@CAREFUL
@given(steps=STEPS, cuts=st.tuples(DAYS, DAYS, DAYS))
def test_a_statement_closes_and_the_next_one_opens_there(collector, executive, rep, steps, cuts):
    with transaction.atomic():
        ledger = Ledger(collector, executive, rep)
        for step in steps:
            ledger.do(*step)
        first, second, third = (START + timedelta(days=day) for day in sorted(cuts))
        for currency in account_currencies(collector, ledger.account.pk):
            whole = statement(collector, ledger.account.pk, currency, first, third)
            early = statement(collector, ledger.account.pk, currency, first, second)
            late = statement(collector, ledger.account.pk, currency, second + timedelta(days=1), third)
            for one in (whole, early, late):
                assert one.opening + sum(line.amount for line in one.movements) == one.closing
                assert one.opening + one.debits - one.credits == one.closing
            if third > second:
                assert early.closing == late.opening
                assert late.closing == whole.closing
                assert [*early.movements, *late.movements] == list(whole.movements)
            assert whole.closing == balance(ledger, currency, third)
        transaction.set_rollback(True)


def balance(ledger, currency, on):
    """Open principal and charges less what is unapplied."""
    open_then = sum(
        (amount for one, amount in folded(ledger.account, on).items() if one.currency == currency), Decimal(0)
    )
    charged = Decimal(0)
    for invoice in Invoice.objects.filter(account=ledger.account, currency=currency):
        charged += sum((charge.amount for charge in invoice.charges.filter(on__lte=on)), Decimal(0))
        paid = Allocation.objects.filter(invoice=invoice, on__lte=on).exclude(part="principal")
        charged -= sum((row.amount for row in paid), Decimal(0))
    rows = unapplied_positions(ledger.by, on, Selection(account_id=ledger.account.pk), currency).rows()
    return open_then + charged - sum((row[2] for row in rows), Decimal(0))


@CAREFUL
@given(steps=STEPS, later=STEPS, day=st.integers(0, 100))
def test_later_postings_change_no_earlier_report(collector, executive, rep, steps, later, day):
    with transaction.atomic():
        ledger = Ledger(collector, executive, rep)
        for step in steps:
            ledger.do(*step)
        on = START + timedelta(days=day)
        before, stated = ledger.report(on), statement(collector, ledger.account.pk, "CNY", START, on)
        for step in later:
            ledger.do(*step, not_before=on + timedelta(days=1))
        assert ledger.report(on) == before
        assert statement(collector, ledger.account.pk, "CNY", START, on) == stated
        transaction.set_rollback(True)


@CAREFUL
@given(
    events=st.lists(
        st.tuples(st.sampled_from(["invoice", "payment", "credit"]), DAYS, AMOUNTS), min_size=2, max_size=7
    ),
    order=st.randoms(use_true_random=False),
)
def test_the_order_of_entering_does_not_matter(collector, executive, rep, events, order):
    with transaction.atomic():
        results = []
        for _time in range(2):
            ledger = Ledger(collector, executive, rep)
            for kind, day, amount in events:
                ledger.do(kind, day, amount, {"invoice": 3, "payment": 3, "credit": 2}[kind])
            ends = [START + timedelta(days=end) for end in (50, 100, 250)]
            closings = [statement(collector, ledger.account.pk, "CNY", START, end).closing for end in ends]
            results.append((closings, [ledger.report(end) for end in ends]))
            order.shuffle(events)
        assert results[0] == results[1]
        transaction.set_rollback(True)


def test_a_statement_tells_every_kind_of_movement(collector, executive, rep):
    ledger = Ledger(collector, executive, rep)
    ledger.invoice(date(2026, 2, 1), Decimal(1000), 1)
    ledger.payment(date(2026, 2, 5), Decimal(300), 1)
    ledger.credit(date(2026, 2, 6), Decimal(50), 1)
    ledger.charge(date(2026, 2, 7), Decimal(20), 0)
    ledger.write_off(date(2026, 2, 8), Decimal(10), 0)
    ledger.payment(date(2026, 2, 9), Decimal(100), 0)
    ledger.refund(date(2026, 2, 10), Decimal(40), 0)
    ledger.undo_payment(date(2026, 2, 11), None, 0)
    ledger.undo_credit(date(2026, 2, 12), None, 0)
    ledger.undo_write_off(date(2026, 2, 13), None, 0)
    found = statement(collector, ledger.account.pk, "CNY", date(2026, 2, 5), date(2026, 2, 28))
    assert found.opening == 1000
    assert [(line.kind.value, int(line.amount), int(line.balance)) for line in found.movements] == [
        ("payment", -300, 700), ("credit_note", -50, 650), ("charge", 20, 670), ("write_off", -10, 660),
        ("payment", -100, 560), ("refund", 40, 600), ("payment_reversed", 300, 900), ("credit_note_reversed", 50, 950),
        ("write_off_reversed", 10, 960),
    ]  # fmt: skip
    assert found.closing == 960
    assert statement(collector, ledger.account.pk, "CNY", date(2026, 3, 1), date(2026, 3, 31)).opening == 960


def test_a_statement_costs_two_statements(collector, executive, rep, django_assert_max_num_queries):
    ledger = Ledger(collector, executive, rep)
    for number in range(12):
        ledger.invoice(date(2026, 2, 1), Decimal(10), number)
    with django_assert_max_num_queries(2):
        statement(collector, ledger.account.pk, "CNY", date(2026, 1, 1), date(2026, 3, 1))
