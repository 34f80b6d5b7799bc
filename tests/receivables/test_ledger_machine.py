"""Whatever people do to a ledger, in whatever order and on whatever day: the books stay right (T6, I1–I12)."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import permutations
from unittest import mock

import pytest
from django.db import connection, transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from core.errors import DomainError
from core.models import AuditEvent
from core.users import SYSTEM
from receivables import actions
from receivables.choices import Decision, DisputeOutcome, DisputeReason
from receivables.models import Allocation, Charge, CreditNote, Dispute, Invoice, Payment, RefundLine, WriteOff
from receivables.queries.ageing import ageing
from receivables.queries.invariants import INVARIANTS, breaches
from receivables.rules import allocation, interest
from tests.factories import make_account, make_invoice, make_payment
from tests.hypotheses import examples

pytestmark = pytest.mark.django_db

AMOUNTS = st.sampled_from([Decimal(text) for text in ("0.01", "7", "25", "33.33", "60", "100", "180", "499.99")])
PICK = st.integers(0, 11)
DAYS = st.sampled_from([0, 0, 3, 20])
BACK = st.sampled_from([0, 0, 1, 5, 30])
INVOICED = st.sampled_from([Decimal(text) for text in ("90", "250.01", "400", "999.99")])
CURRENCIES = st.sampled_from(["CNY", "CNY", "CNY", "USD"])
TABLES = (Invoice, Charge, Payment, CreditNote, Allocation, RefundLine, WriteOff, Dispute, AuditEvent)
EACH_STEP = [one for one in INVARIANTS if one.code in {"I1", "I2", "I3", "I4", "I7", "I9", "I10", "I11"}]


class LedgerMachine(RuleBasedStateMachine):
    """Two customers, a collector, a manager and the calendar. A refusal is an answer; afterwards nothing has changed.

    Half of the ledgers date allocations back to the day the money came, as the pages do; the other half let every change
    count from its own day, and their reports of days gone by must come out the same ever after (I11).

    `owed` is the ledger as a schoolbook would keep it: what was invoiced and claimed, less what came, was credited or
    written off, by account and currency, with nothing known of allocations.
    """

    collector = manager = rep = None

    def __init__(self):
        super().__init__()
        self.savepoint = transaction.atomic()
        self.savepoint.__enter__()
        self.on = date(2026, 3, 2)
        self.number = 0
        self.accounts = [make_account(self.rep) for _each in range(2)]
        self.owed = defaultdict(Decimal)
        self.reports = {}
        self.dates_back = False

    @initialize(dates_back=st.booleans())
    def begin_with_something(self, dates_back):
        self.dates_back = dates_back
        for number, amount in enumerate((Decimal(100), Decimal(180), Decimal("33.33"))):
            self.invoice(pick=number // 2, amount=amount, currency="CNY", terms=10 * number)
        for number, amount in enumerate((Decimal(60), Decimal(180), Decimal("499.99"))):
            self.pay(pick=number // 2, amount=amount, currency="CNY", allocate=False)

    def teardown(self):
        try:
            with self.clock():
                assert breaches(self.on) == []
                for day, report in () if self.dates_back else self.reports.items():
                    assert totals_of(day) == report, "a report of the past came out differently"
        finally:
            transaction.set_rollback(True)
            self.savepoint.__exit__(None, None, None)

    def clock(self):
        at = timezone.make_aware(datetime.combine(self.on, time(12)))
        return mock.patch("django.utils.timezone.now", return_value=at)

    def try_to(self, verb, **given):
        """Do it as the collector; None when it was refused, and then nothing at all has changed."""
        before = self.everything()
        try:
            with self.clock():
                return verb(**{"by": self.collector, **given})
        except DomainError:
            assert self.everything() == before
            return None

    def everything(self):
        """Each table with one sum of its rows, by name: the database adds the tables in what order it likes."""
        with connection.cursor() as cursor:
            cursor.execute(
                " union all ".join(
                    f"select '{model.__name__}', md5(coalesce(string_agg(t::text, '|' order by id), '')) from {model._meta.db_table} t"
                    for model in TABLES
                )
            )
            return dict(cursor.fetchall())

    def book(self, row, amount):
        self.owed[row.account_id, row.currency] += amount

    def one_of(self, rows, pick):
        found = list(rows.order_by("pk"))
        return found[pick % len(found)] if found else None

    def account(self, pick):
        return self.accounts[pick % 2].pk

    # ------------------------------------------------------------ what people do
    @rule(days=st.integers(1, 40))
    def time_passes(self, days):
        """The day is over: its report will still say the same when it is asked for later (I11)."""
        self.reports[self.on] = totals_of(self.on)
        self.on += timedelta(days=days)

    @rule(pick=PICK, amount=INVOICED, currency=CURRENCIES, terms=st.integers(0, 60))
    def invoice(self, pick, amount, currency, terms):
        self.number += 1
        made = self.try_to(
            actions.record_invoice, account_id=self.account(pick), number=f"INV-{self.number}", amount=amount,
            currency=currency, issued_on=self.on, due_on=self.on + timedelta(days=terms),
        )  # fmt: skip
        self.book(made, amount)

    @rule(pick=PICK, amount=AMOUNTS, interest=st.booleans(), days=DAYS, again=st.booleans())
    def claim(self, pick, amount, interest, days, again):
        self.noticed_after(days)
        invoice = self.one_of(Invoice.objects.all(), pick)
        if invoice and interest:
            made = self.try_to(actions.claim_interest, invoice_id=invoice.pk)
        elif invoice:
            made = self.try_to(actions.add_charge, invoice_id=invoice.pk, amount=amount, reason="Court")
        if invoice and made:
            self.book(invoice, made.amount)
            self.settle_anew(invoice.account_id, again)

    @rule(pick=PICK, amount=AMOUNTS, currency=CURRENCIES, allocate=st.booleans())
    def pay(self, pick, amount, currency, allocate):
        debts = debts_of(self.account(pick), currency)
        made = self.try_to(
            actions.record_payment, account_id=self.account(pick), amount=amount, currency=currency, received_on=self.on,
            allocate=allocate,
        )  # fmt: skip
        if made:
            self.book(made, -amount)
            assert_lawful(debts, Allocation.objects.filter(payment=made), amount if allocate else 0, self.on)

    def day(self):
        """The day a change counts from."""
        return None if self.dates_back else self.on

    def day_of_reversal(self, back):
        """Somebody notices later that a line, a payment or a write-off ended some days ago."""
        return self.on - timedelta(days=back) if self.dates_back else None

    @rule(pick=PICK)
    def allocate(self, pick):
        payment = self.one_of(Payment.objects.filter(unallocated__gt=0), pick)
        if payment:
            debts = debts_of(payment.account_id, payment.currency)
            lines = self.try_to(actions.allocate_payment, payment_id=payment.pk, on=self.day())
            if lines:
                assert_lawful(debts, lines, payment.unallocated, payment.received_on)

    @rule(pick=PICK, which=PICK, amount=AMOUNTS, all_of_it=st.booleans())
    def allocate_as_named(self, pick, which, amount, all_of_it):
        payment = self.one_of(Payment.objects.filter(unallocated__gt=0), pick)
        if payment is None:
            return
        of_account = Invoice.objects.filter(account=payment.account_id, currency=payment.currency)
        if invoice := self.one_of(of_account, which):
            amount = min(invoice.open_amount or amount, payment.unallocated) if all_of_it else amount
            self.try_to(actions.allocate_payment, payment_id=payment.pk, designated={invoice.pk: amount}, on=self.day())

    @rule(pick=PICK)
    def allocate_a_credit(self, pick):
        if note := self.one_of(CreditNote.objects.filter(unallocated__gt=0), pick):
            debts = debts_of(note.account_id, note.currency, charges=False)
            lines = self.try_to(actions.allocate_credit_note, credit_note_id=note.pk, on=self.day())
            if lines:
                assert_lawful(debts, lines, note.unallocated, note.issued_on)

    @rule(pick=PICK, amount=AMOUNTS, which=PICK, allocate=st.booleans())
    def credit(self, pick, amount, which, allocate):
        self.number += 1
        made = self.try_to(
            actions.record_credit_note, account_id=self.account(pick), number=f"CN-{self.number}", amount=amount,
            currency="CNY", issued_on=self.on, allocate=allocate,
        )  # fmt: skip
        if made:
            self.book(made, -amount)

    @rule(pick=PICK, amount=AMOUNTS)
    def refund(self, pick, amount):
        made = self.try_to(
            actions.record_refund, account_id=self.account(pick), amount=amount, currency="CNY", paid_on=self.on
        )
        if made:
            self.book(made, amount)

    @rule(pick=PICK, days=DAYS, back=BACK, again=st.booleans())
    def take_a_payment_back(self, pick, days, back, again):
        self.noticed_after(days)
        payment = self.one_of(Payment.objects.filter(reversed_on=None), pick)
        if payment and self.try_to(
            actions.reverse_payment, payment_id=payment.pk, reason="Returned", on=self.day_of_reversal(back)
        ):
            self.book(payment, payment.amount if payment.flow == "receipt" else -payment.amount)
            self.settle_anew(payment.account_id, again)

    @rule(pick=PICK, days=DAYS, back=BACK, again=st.booleans())
    def take_a_credit_back(self, pick, days, back, again):
        self.noticed_after(days)
        note = self.one_of(CreditNote.objects.all(), pick)
        if note and self.try_to(
            actions.reverse_credit_note, credit_note_id=note.pk, reason="Twice", on=self.day_of_reversal(back)
        ):
            self.book(note, note.amount)
            self.settle_anew(note.account_id, again)

    @rule(pick=PICK, days=DAYS, back=BACK, again=st.booleans())
    def take_a_line_back(self, pick, days, back, again):
        self.noticed_after(days)
        line = self.one_of(Allocation.objects.filter(reverses=None), pick)
        if line and self.try_to(
            actions.reverse_allocation, allocation_id=line.pk, reason="Wrong invoice", on=self.day_of_reversal(back)
        ):
            self.give_to_another(line, pick)
            self.settle_anew(line.account_id, again)

    def give_to_another(self, line, pick):
        """The money of a line on the wrong invoice settles the right one, as the customer says."""
        payment = Payment.objects.filter(pk=line.payment_id).first()
        others = Invoice.objects.filter(account=line.account_id, currency=line.currency, open_amount__gt=0)
        if payment and (right := self.one_of(others.exclude(pk=line.invoice_id), pick)):
            amount = min(right.open_amount, payment.unallocated)
            self.try_to(actions.allocate_payment, payment_id=payment.pk, designated={right.pk: amount}, on=self.day())

    def noticed_after(self, days):
        """What is taken back stood in the books for a while."""
        if days:
            self.time_passes(days)

    def settle_anew(self, account_id, again):
        """What was freed goes elsewhere at once, and what is open again is settled by what else there is."""
        if again:
            for place in range(Payment.objects.filter(unallocated__gt=0, account=account_id).count()):
                self.allocate(place)
            for place in range(CreditNote.objects.filter(unallocated__gt=0, account=account_id).count()):
                self.allocate_a_credit(place)

    @rule(pick=PICK, amount=AMOUNTS, approve=st.booleans())
    def write_off(self, pick, amount, approve):
        invoice = self.one_of(Invoice.objects.filter(currency="CNY"), pick)
        if not invoice:
            return
        asked = self.try_to(actions.request_write_off, invoice_id=invoice.pk, amount=amount, reason="small", note="Old")
        if asked and self.try_to(
            actions.decide_write_off, by=self.manager, write_off_id=asked.pk, approve=approve, because="Seen"
        ):
            self.book(invoice, -amount if approve else Decimal(0))

    @rule(pick=PICK, days=DAYS, back=BACK)
    def take_a_write_off_back(self, pick, days, back):
        self.noticed_after(days)
        write_off = self.one_of(WriteOff.objects.filter(decision=Decision.APPROVED), pick)
        if write_off and self.try_to(
            actions.reverse_write_off, write_off_id=write_off.pk, reason="Paid", on=self.day_of_reversal(back)
        ):
            self.book(write_off.invoice, write_off.amount)

    @rule(pick=PICK, amount=AMOUNTS)
    def dispute(self, pick, amount):
        invoice = self.one_of(Invoice.objects.all(), pick)
        if invoice:
            self.try_to(actions.open_dispute, invoice_id=invoice.pk, amount=amount, reason=DisputeReason.QUALITY)

    @rule(pick=PICK)
    def resolve(self, pick):
        dispute = self.one_of(Dispute.objects.all(), pick)
        if dispute:
            self.try_to(
                actions.resolve_dispute,
                dispute_id=dispute.pk,
                outcome=DisputeOutcome.SPLIT,
                resolution="Met in the middle",
            )

    @rule(pick=PICK)
    def allocate_and_take_back(self, pick):
        """I9: afterwards every sum is what it was before."""
        payment = self.one_of(Payment.objects.filter(unallocated__gt=0), pick)
        if not payment:
            return
        before = sums()
        for line in self.try_to(actions.allocate_payment, payment_id=payment.pk, on=self.day()) or []:
            assert self.try_to(actions.reverse_allocation, allocation_id=line.pk, reason="As before")
        assert sums() == before

    # ------------------------------------------------------------ what is always true
    @invariant()
    def no_rule_is_broken(self):
        assert [(one.code, found) for one in EACH_STEP if (found := one.find(self.on))[0]] == []

    @invariant()
    def nothing_is_lost_and_nothing_comes_from_nowhere(self):
        """I3: what the stored sums say an account owes is what the schoolbook says."""
        stored = defaultdict(Decimal)
        for row in Invoice.objects.all():
            stored[row.account_id, row.currency] += row.open_amount
        for row in Charge.objects.select_related("invoice"):
            stored[row.invoice.account_id, row.invoice.currency] += row.open_amount
        for row in (*Payment.objects.all(), *CreditNote.objects.all()):
            stored[row.account_id, row.currency] -= row.unallocated
        keys = set(stored) | set(self.owed)
        assert {key: stored[key] for key in keys} == {key: self.owed[key] for key in keys}


def debts_of(account_id, currency, *, charges=True):
    """What is open before money is allocated, in plain values: by invoice its due day, costs, interest and principal."""
    found = {}
    for invoice in Invoice.objects.filter(account=account_id, currency=currency):
        parts = {"costs": Decimal(0), "interest": Decimal(0), "principal": invoice.open_amount}
        for charge in invoice.charges.all() if charges else ():
            parts[charge.kind] += charge.open_amount
        if any(parts.values()):
            found[invoice.pk] = (invoice.due_on, parts)
    return found


def assert_lawful(debts, lines, amount, on):
    """Civil Code 560: due debts first, the earliest first; 561: of each its costs, its interest, its principal."""
    given = {invoice: dict.fromkeys(parts, Decimal(0)) for invoice, (_due_on, parts) in debts.items()}
    for line in lines:
        given[line.invoice_id][line.part] += line.amount
    days = sorted({due_on for due_on, _parts in debts.values()}, key=lambda day: (day > on, day))
    left = Decimal(amount)
    for day in days:
        of_day = [invoice for invoice, (due_on, _parts) in debts.items() if due_on == day]
        owed = sum(sum(debts[invoice][1].values()) for invoice in of_day)
        assert sum(sum(given[invoice].values()) for invoice in of_day) == min(left, owed)
        left -= min(left, owed)
    for invoice, parts in given.items():
        rest = sum(parts.values())
        for part, owed in debts[invoice][1].items():
            assert parts[part] == min(rest, owed)
            rest -= parts[part]


def totals_of(day):
    """The ageing report of a day, to the cent."""
    return [
        (line.currency, line.total, line.amounts, line.unapplied)
        for line in ageing(SYSTEM, on=day, group="none").totals
        if line.total or line.unapplied
    ]


def sums():
    return [
        list(Invoice.objects.order_by("pk").values_list("open_amount", "disputed_amount", "settled_on")),
        list(Charge.objects.order_by("pk").values_list("open_amount")),
        list(Payment.objects.order_by("pk").values_list("unallocated")),
    ]


@pytest.mark.slow
def test_the_ledger_keeps_its_rules(rep, collector, manager):
    LedgerMachine.rep, LedgerMachine.collector, LedgerMachine.manager = rep, collector, manager
    run_state_machine_as_test(LedgerMachine, settings=examples(14, searching=500, steps=(30, 50)))


def test_the_order_of_the_same_events_makes_no_difference(rep, collector):
    """I10: a payment, a credit, a dispute and a write-off's reversal, in all their orders."""
    account = make_account(rep)
    invoice = make_invoice(account, "100.00")
    early, late = make_payment(account, "30.00"), make_payment(account, "60.00", received_on=date(2026, 4, 20))
    note = CreditNote.objects.create(
        account=account, number="CN", amount=10, unallocated=10, issued_on=date(2026, 4, 5)
    )
    events = [
        lambda: actions.allocate_payment(by=collector, payment_id=early.pk),
        lambda: actions.allocate_payment(by=collector, payment_id=late.pk),
        lambda: actions.allocate_credit_note(by=collector, credit_note_id=note.pk),
        lambda: actions.open_dispute(
            by=collector, invoice_id=invoice.pk, reason=DisputeReason.PRICE, amount=Decimal(1)
        ),
    ]
    outcomes = set()
    for order in permutations(events):
        with transaction.atomic():
            for event in order:
                try:
                    event()
                except DomainError:
                    assert event is events[3]  # nothing is open any more that could be disputed
            outcomes.add(str(sums()))
            transaction.set_rollback(True)
    assert len(outcomes) == 1
    assert "datetime.date(2026, 4, 20)" in outcomes.pop()


CENTS = st.integers(1, 100_000).map(lambda cents: Decimal(cents) / 100)


@given(st.lists(st.tuples(st.integers(-40, 40), CENTS, st.booleans()), min_size=1, max_size=8), CENTS)
def test_a_proposal_gives_all_or_all_that_is_owed(debts, amount):
    """Σ lines = payment exactly, or everything owed; no line above what is open; nothing due waits for what is not."""
    on = date(2026, 4, 1)
    rows = [
        allocation.Debt(key, on + timedelta(days=days), owed, owed if secured else Decimal(0))
        for key, (days, owed, secured) in enumerate(debts)
    ]
    lines = allocation.propose_by_statute(amount, rows, on)
    assert sum(line.amount for line in lines) == min(amount, sum(row.open_amount for row in rows))
    given_to = {line.key: line.amount for line in lines}
    assert all(0 < given_to[key] <= rows[key].open_amount for key in given_to)
    due_left = any(given_to.get(row.key, 0) < row.open_amount for row in rows if row.due_on <= on)
    assert not (due_left and any(rows[key].due_on > on for key in given_to))


@given(
    st.integers(0, 200), st.integers(0, 200), st.integers(0, 200),
    st.lists(st.tuples(st.integers(0, 400), CENTS), max_size=5), st.sampled_from([360, 365]),
)  # fmt: skip
def test_interest_from_a_to_c_is_interest_from_a_to_b_and_b_to_c(one, two, three, paid, basis):
    """I12, with money coming at any time; the one rounding at the end of each stretch may cost half a cent."""
    start = date(2026, 1, 1)
    a, b, c = (start + timedelta(days=days) for days in sorted((one, two, three)))
    terms = {
        "reductions": [(start + timedelta(days=days), amount) for days, amount in paid],
        "rates": [(start, interest.daily_rate(Decimal("0.0005"), basis=basis))],
    }
    ac, ab, bc = (
        interest.interest(interest.segments(Decimal(90_000), begin, end, **terms), basis=basis)
        for begin, end in ((a, c), (a, b), (b, c))
    )
    assert abs(ac - ab - bc) <= Decimal("0.01")
