"""Whatever collectors, customers and the clock do, in whatever order: promises end as an independent fold says (T7)."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from unittest import mock

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from core.errors import DomainError
from core.models import AuditEvent
from core.workdays import is_workday
from dunning import actions
from dunning.models import Case, Promise
from receivables import actions as ledger
from receivables.models import Payment
from tests.factories import make_account, make_invoice
from tests.hypotheses import examples

pytestmark = pytest.mark.django_db

START = date(2026, 9, 21)  # before a holiday with make-up days on both sides
AMOUNTS = st.integers(1, 6).map(lambda hundreds: Decimal(hundreds * 100))
DAYS = st.integers(0, 12)


def after_grace(due_on):
    """The first day on which the instalment is late: one working day after its own, counted by hand."""
    day = due_on + timedelta(days=1)
    while not is_workday(day):
        day += timedelta(days=1)
    return day + timedelta(days=1)


class PromiseMachine(RuleBasedStateMachine):
    """One customer, his collector and the clock. The fold knows only what was said and what money was there."""

    collector = rep = None

    def __init__(self):
        super().__init__()
        self.savepoint = transaction.atomic()
        self.savepoint.__enter__()
        self.on, self.tick = START, 0
        self.said = {}  # promise → (made on, place in the story, [(day, amount)], end of the story if replaced)
        self.money = {}  # payment → (day, amount, place in the story)
        with self.clock():
            self.account = make_account(self.rep)
            for number in range(4):
                make_invoice(self.account, "1000.00", due_on=START - timedelta(days=10 + number))
            actions.refresh_cases(account_ids=[self.account.pk])

    def teardown(self):
        transaction.set_rollback(True)
        self.savepoint.__exit__(None, None, None)

    def clock(self):
        """The day and the moment it is; every step comes after the one before it."""
        self.tick += 1
        at = timezone.make_aware(datetime.combine(self.on, time(9))) + timedelta(seconds=self.tick)
        return mock.patch("django.utils.timezone.now", return_value=at)

    def running(self):
        return Promise.objects.filter(state="open").order_by("pk").first()

    # -------------------------------------------------------------- what happens

    @rule(days=st.integers(1, 6))
    def time_passes(self, days):
        for _day in range(days):
            self.on += timedelta(days=1)
            with self.clock():
                actions.judge_promises(on=self.on)

    @rule(parts=st.lists(st.tuples(DAYS, AMOUNTS), min_size=1, max_size=3))
    def promise(self, parts):
        self.say(
            [(self.on + timedelta(days=days), amount) for days, amount in parts],
            lambda plan: actions.record_promise(
                by=self.collector, account_id=self.account.pk, instalments=plan, currency="CNY", said_by="Ms Lin"
            ),
        )

    @precondition(lambda self: self.running())
    @rule(parts=st.lists(st.tuples(DAYS, AMOUNTS), min_size=1, max_size=2))
    def replace(self, parts):
        old = self.running()
        self.say(
            [(self.on + timedelta(days=days), amount) for days, amount in parts],
            lambda plan: actions.replace_promise(by=self.collector, promise_id=old.pk, reason="Anew", instalments=plan),
            old=old.pk,
        )

    def say(self, plan, verb, old=None):
        before = self.everything()
        place = self.tick + 1
        try:
            with self.clock(), transaction.atomic():
                promise = verb(plan)
        except DomainError:
            assert self.everything() == before
            return
        self.said[promise.pk] = (self.on, place, sorted(plan))
        self.said.pop(old, None)

    @rule(amount=AMOUNTS, back=st.integers(0, 3))
    def pay(self, amount, back):
        place = self.tick + 1
        with self.clock():
            day = self.on - timedelta(days=back)
            payment = ledger.record_payment(
                by=self.collector, account_id=self.account.pk, amount=amount, currency="CNY", received_on=day
            )
        self.money[payment.pk] = (day, amount, place)

    @precondition(lambda self: self.money)
    @rule(which=st.integers(0, 99))
    def take_back(self, which):
        pk = sorted(self.money)[which % len(self.money)]
        with self.clock():
            ledger.reverse_payment(by=self.collector, payment_id=pk, reason="Returned")
        del self.money[pk]

    @rule()
    def judge(self):
        with self.clock():
            actions.judge_promises(account_ids=[self.account.pk], on=self.on)
            before = self.everything()
            assert actions.judge_promises(account_ids=[self.account.pk], on=self.on) == {}
        assert self.everything() == before

    def everything(self):
        rows = (Promise.objects.order_by("pk").values(), Case.objects.values(), Payment.objects.order_by("pk").values())
        return [list(found) for found in rows], AuditEvent.objects.count()

    # -------------------------------------------------------------- what must be true

    def expected(self, made_on, place, plan):
        """The fold: walk the days from the promise on and see what stood in the till on each of them."""
        came = [
            (day, amount)
            for day, amount, when in self.money.values()
            if day <= self.on and (day > made_on or (day == made_on and when > place))
        ]
        wanted = Decimal(0)
        states = []
        for due_on, amount in plan:
            wanted += amount
            late_from = after_grace(due_on)
            there = sum((paid for day, paid in came if day < late_from), Decimal(0))
            if there >= wanted:
                states.append("kept")
            elif self.on < late_from:
                states.append("open")
            else:
                states.append("partly" if there > wanted - amount else "broken")
        failed = next((place for place, state in enumerate(states) if state in ("partly", "broken")), None)
        if failed is not None:
            late_from = after_grace(plan[failed][0])
            return ("partly" if any(day < late_from for day, _paid in came) else "broken"), states
        return ("kept" if set(states) == {"kept"} else "open"), states

    @invariant()
    def promises_are_what_the_fold_says(self):
        with self.clock():
            actions.judge_promises(account_ids=[self.account.pk], on=self.on)
        for pk, story in sorted(self.said.items()):
            promise = Promise.objects.get(pk=pk)
            state, states = self.expected(*story)
            if state == "open" and pk != max(self.said):  # put right by the books, but promised anew since
                state, states = "replaced", ["replaced" if part == "open" else part for part in states]
                del self.said[pk]
            assert (promise.state, [part.state for part in promise.instalments.order_by("due_on")]) == (state, states)
            assert (promise.judged_on is None) == (promise.state == "open")
            assert 0 <= promise.arrived <= promise.amount

    @invariant()
    def at_most_one_promise_runs(self):
        assert Promise.objects.filter(state="open").count() <= 1
        assert Promise.objects.filter(state="replaced").count() == Promise.objects.exclude(replaced_by=None).count()

    @invariant()
    def the_case_waits_for_what_runs_and_knows_what_failed(self):
        case = Case.objects.get(account=self.account)
        running = self.running()
        assert case.promised_until == (running and running.last_due_on)
        left = running.amount - running.arrived if running else 0
        assert case.callable_amount == case.overdue_amount - left
        failed = Promise.objects.filter(state__in=["partly", "broken"]).order_by("judged_on").first()
        assert case.broken_since == (failed and failed.judged_on)


def test_promises_end_as_the_fold_says(rep, collector):
    PromiseMachine.rep, PromiseMachine.collector = rep, collector
    run_state_machine_as_test(PromiseMachine, settings=examples(12, searching=300, steps=(20, 50)))
