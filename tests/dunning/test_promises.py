"""Promises to pay: recording, replacing, and what becomes of them."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from importlib import import_module
from unittest import mock

import pytest
from django.utils import timezone

from core.errors import DomainError, NotAllowed, NotFound
from core.models import AuditEvent
from core.tick import JOBS
from dunning import actions, queries
from dunning.choices import CallOutcome, NextAction, PromiseState
from dunning.models import Case, Promise
from receivables import actions as ledger
from receivables.models import BrokenPromises, Interruption
from tests.factories import make_account, make_invoice, make_payment

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 3, 2)


class Clock:
    """Says which day it is; times are the company's."""

    def __init__(self):
        self.now = timezone.make_aware(datetime.combine(MONDAY, time(10)))

    def __call__(self):
        return self.now

    def set(self, day, at=time(10)):
        self.now = timezone.make_aware(datetime.combine(day, at))


@pytest.fixture
def clock():
    clock = Clock()
    with mock.patch("django.utils.timezone.now", clock):
        yield clock


@pytest.fixture
def account(rep, clock):
    account = make_account(rep, "Red Star Steel")
    make_invoice(account, "6000.00", due_on=date(2026, 1, 15))
    make_invoice(account, "4000.00", due_on=date(2026, 2, 10))
    actions.refresh_cases()
    return account


def day(number, month=3):
    return date(2026, month, number)


def promise_of(collector, account, *parts, **given):
    parts = parts or ((day(10), "5000.00"),)
    return actions.record_promise(
        by=collector,
        account_id=account.pk,
        instalments=[(on, Decimal(amount)) for on, amount in parts],
        currency="CNY",
        **({"said_by": "Ms Lin"} | given),
    )


def pay(collector, account, amount, received_on):
    return ledger.record_payment(
        by=collector, account_id=account.pk, amount=Decimal(amount), currency="CNY", received_on=received_on
    )


def state_of(promise):
    promise.refresh_from_db()
    return PromiseState(promise.state)


def case_of(account):
    return Case.objects.get(account=account)


def test_dunning_waits_for_a_promise(collector, account):
    promise = promise_of(collector, account)
    case = case_of(account)
    assert (case.promised_until, case.callable_amount) == (day(10), Decimal("5000.00"))
    assert (case.next_action, case.next_action_on) == (NextAction.WAIT, day(12))
    assert queries.queue(collector).lines == []
    event = AuditEvent.objects.get(code="dunning.promise_recorded")
    assert (event.target_id, event.details["money"]) == (promise.pk, "CNY 5,000.00")


def test_a_promise_is_kept_as_soon_as_the_money_is_in(collector, account, clock):
    promise = promise_of(collector, account)
    clock.set(day(6))
    make_payment(account, "5000.00", received_on=day(6))
    assert actions.judge_promises() == {"kept": 1}
    assert (state_of(promise), promise.judged_on, promise.arrived) == (PromiseState.KEPT, day(6), Decimal("5000.00"))
    assert case_of(account).next_action_on is None
    assert AuditEvent.objects.filter(code="dunning.promise_kept").count() == 1


def test_a_broken_promise_is_on_top_the_next_morning(rep, collector, account, clock):
    other = make_account(rep, "Much larger")
    make_invoice(other, "900000.00", due_on=day(1, 2))
    promise = promise_of(collector, account)
    actions.refresh_cases()
    clock.set(day(11), time(23, 50))
    assert actions.judge_promises() == {}
    clock.set(day(12), time(0, 30))
    assert actions.judge_promises() == {"broken": 1}
    actions.refresh_cases()
    assert state_of(promise) == PromiseState.BROKEN
    clock.set(day(12), time(9, 5))
    first, second = queries.queue(collector).lines
    assert (first.account_id, first.broken_since, second.account_id) == (account.pk, day(12), other.pk)
    assert "promise was broken" in first.why[0]


def test_the_night_run_twice_changes_nothing(collector, account, clock):
    promise_of(collector, account)
    clock.set(day(12), time(0, 30))
    actions.judge_promises()
    before = (list(Promise.objects.values()), list(Case.objects.values()), AuditEvent.objects.count())
    assert actions.judge_promises() == {}
    actions.refresh_cases()
    assert (list(Promise.objects.values()), list(Case.objects.values()), AuditEvent.objects.count()) == before


def test_speaking_with_them_takes_a_broken_promise_off_the_top(collector, account, clock):
    promise_of(collector, account)
    clock.set(day(12), time(0, 30))
    actions.judge_promises()
    assert case_of(account).broken_since == day(12)
    clock.set(day(12), time(9, 10))
    actions.log_call(by=collector, account_id=account.pk, outcome=CallOutcome.NO_ANSWER)
    assert case_of(account).broken_since == day(12)
    actions.log_call(by=collector, account_id=account.pk, outcome=CallOutcome.REFUSED, person="Ms Lin")
    assert case_of(account).broken_since is None


def test_part_of_the_money_is_partly_kept(collector, account, clock):
    promise = promise_of(collector, account)
    clock.set(day(12))
    make_payment(account, "1200.00", received_on=day(9))
    assert actions.judge_promises() == {"partly": 1}
    assert (state_of(promise), promise.arrived) == (PromiseState.PARTLY, Decimal("1200.00"))


def test_the_grace_is_a_working_day(collector, account, clock):
    promise = promise_of(collector, account, (day(6), "5000.00"))  # a Friday: until Monday
    clock.set(day(9))
    actions.judge_promises()
    assert state_of(promise) == PromiseState.OPEN
    make_payment(account, "5000.00", received_on=day(9))
    actions.judge_promises()
    assert state_of(promise) == PromiseState.KEPT


def test_the_grace_reaches_over_a_holiday(collector, account, clock):
    clock.set(date(2026, 9, 21))
    promise = promise_of(collector, account, (date(2026, 9, 30), "5000.00"))
    clock.set(date(2026, 10, 8))
    actions.judge_promises()
    assert state_of(promise) == PromiseState.OPEN
    clock.set(date(2026, 10, 9))
    actions.judge_promises()
    assert (state_of(promise), promise.judged_on) == (PromiseState.BROKEN, date(2026, 10, 9))


def test_money_from_before_keeps_no_promise(collector, account, clock):
    make_payment(account, "5000.00", received_on=MONDAY)
    make_payment(account, "5000.00", received_on=day(1))
    clock.now += timedelta(minutes=1)
    promise = promise_of(collector, account)
    actions.judge_promises()
    assert (state_of(promise), promise.arrived) == (PromiseState.OPEN, 0)
    clock.now += timedelta(minutes=1)
    make_payment(account, "5000.00", received_on=MONDAY)
    actions.judge_promises()
    assert state_of(promise) == PromiseState.KEPT


def test_with_invoices_only_money_to_those_counts(collector, account, clock):
    first, second = account.invoices.order_by("due_on")
    promise = promise_of(collector, account, (day(10), "4000.00"), invoice_ids=[second.pk])
    clock.set(day(5))
    payment = pay(collector, account, "6000.00", day(5))
    ledger.allocate_payment(by=collector, payment_id=payment.pk, designated={first.pk: Decimal("6000.00")})
    actions.judge_promises()
    assert (state_of(promise), promise.arrived) == (PromiseState.OPEN, 0)
    payment = pay(collector, account, "4000.00", day(5))
    ledger.allocate_payment(by=collector, payment_id=payment.pk, designated={second.pk: Decimal("4000.00")})
    actions.judge_promises()
    assert state_of(promise) == PromiseState.KEPT


def test_a_payment_taken_back_undoes_what_it_kept(collector, account, clock):
    promise = promise_of(collector, account)
    clock.set(day(6))
    payment = pay(collector, account, "5000.00", day(6))
    actions.judge_promises()
    assert state_of(promise) == PromiseState.KEPT
    ledger.reverse_payment(by=collector, payment_id=payment.pk, reason="Cheque returned")
    assert actions.judge_promises(account_ids=[account.pk]) == {"open": 1}
    assert state_of(promise) == PromiseState.OPEN
    clock.set(day(12))
    assert actions.judge_promises() == {"broken": 1}


def test_money_booked_late_but_received_in_time_keeps_it_after_all(collector, account, clock):
    promise = promise_of(collector, account)
    clock.set(day(12))
    actions.judge_promises()
    assert state_of(promise) == PromiseState.BROKEN
    make_payment(account, "5000.00", received_on=day(11))
    assert actions.judge_promises(account_ids=[account.pk]) == {"kept": 1}
    assert case_of(account).broken_since is None


def test_what_was_promised_anew_is_not_open_again(collector, account, clock):
    old = promise_of(collector, account, (day(10), "3000.00"), (day(20), "3000.00"))
    clock.set(day(12))
    actions.judge_promises()
    assert state_of(old) == PromiseState.BROKEN
    new = promise_of(collector, account, (day(25), "6000.00"))
    make_payment(account, "3000.00", received_on=day(11))  # booked late, received in time
    assert actions.judge_promises(account_ids=[account.pk]) == {"replaced": 1}
    assert (state_of(old), old.replaced_by) == (PromiseState.REPLACED, new)
    assert [part.state for part in old.instalments.all()] == ["kept", "replaced"]
    assert (state_of(new), case_of(account).promised_until) == (PromiseState.OPEN, day(25))
    assert actions.judge_promises(account_ids=[account.pk]) == {}


def test_instalments_are_judged_one_by_one(collector, account, clock):
    promise = promise_of(collector, account, (day(10), "3000.00"), (day(20), "3000.00"), (day(30), "4000.00"))
    assert (promise.amount, promise.last_due_on) == (Decimal("10000.00"), day(30))
    clock.set(day(10))
    make_payment(account, "3000.00", received_on=day(10))
    clock.set(day(12))
    actions.judge_promises()
    assert [part.state for part in promise.instalments.all()] == ["kept", "open", "open"]
    assert case_of(account).callable_amount == Decimal("3000.00")  # the payment settles no invoice yet
    clock.set(day(24))
    assert actions.judge_promises() == {"partly": 1}
    assert [part.state for part in promise.instalments.all()] == ["kept", "broken", "open"]
    assert promise.instalments.get(due_on=day(20)).judged_on == day(24)  # Friday the 20th: until Monday the 23rd


def test_a_promise_is_replaced_and_counts_nowhere(collector, account, clock):
    old = promise_of(collector, account)
    new = actions.replace_promise(
        by=collector, promise_id=old.pk, reason="Needs ten days more", instalments=[(day(20), Decimal("5000.00"))]
    )
    assert (state_of(old), old.replaced_by, new.said_by) == (PromiseState.REPLACED, new, "Ms Lin")
    assert case_of(account).promised_until == day(20)
    clock.set(day(15))
    assert actions.judge_promises() == {}
    clock.set(day(24))
    actions.judge_promises()
    kept = queries.kept_by_account([account.pk])[account.pk]
    assert (kept.broken, kept.matured, kept.percent) == (1, 1, 0)
    with pytest.raises(DomainError) as refused:
        actions.replace_promise(by=collector, promise_id=old.pk, reason="x", instalments=[(day(30), Decimal(1))])
    assert refused.value.code == "promise_judged"


def test_the_same_money_is_not_promised_twice(collector, account):
    first, second = account.invoices.order_by("due_on")
    promise_of(collector, account, (day(10), "4000.00"), invoice_ids=[second.pk])
    promise_of(collector, account, (day(12), "6000.00"), invoice_ids=[first.pk])
    with pytest.raises(DomainError) as refused:
        promise_of(collector, account, (day(12), "100.00"))
    assert refused.value.code == "promise_open"


def test_kept_promises_are_counted(collector, account, clock):
    promise_of(collector, account, said_by="Ms Lin")
    clock.set(day(12))
    actions.judge_promises()
    promise_of(collector, account, (day(20), "100.00"), said_by="Mr Wu")
    make_payment(account, "100.00", received_on=day(13))
    clock.set(day(13))
    actions.judge_promises()
    assert queries.kept_between(day(1), day(31)).percent == 50


@pytest.mark.parametrize(
    ("parts", "given", "field"),
    [
        ([], {}, "instalments"),
        ([(day(1), "10.00")], {}, "instalments"),
        ([(day(5), "10.00"), (day(5), "10.00")], {}, "instalments"),
        ([(day(5), "0.00")], {}, "instalments"),
        ([(day(5), "-5.00")], {}, "instalments"),
        ([(day(5), "1.005")], {}, "instalments"),
        ([(day(5), "10000.01")], {}, "instalments"),
        ([(date(2040, 1, 1), "10.00")], {}, "instalments"),
        ([(day(5), "10.00")], {"said_by": " "}, "said_by"),
        ([(day(5), "10.00")], {"invoice_ids": [10**9]}, "invoices"),
        ([(day(5), "10.00")], {"made_on": day(3)}, "made_on"),
        ([(day(5), "10.00")], {"made_on": date(1, 1, 1)}, "made_on"),
        ([(day(5), "10.00")], {"currency": "USD"}, "instalments"),
    ],
)
def test_what_is_no_promise(collector, account, parts, given, field):
    values = {"currency": "CNY", "said_by": "Ms Lin"} | given
    with pytest.raises(DomainError) as refused:
        actions.record_promise(
            by=collector,
            account_id=account.pk,
            instalments=[(on, Decimal(amount)) for on, amount in parts],
            **values,
        )
    assert refused.value.field == field
    assert Promise.objects.count() == 0


def test_who_may_record_a_promise(rep, other_manager, account):
    with pytest.raises(NotAllowed):
        promise_of(rep, account)
    with pytest.raises(NotFound):
        promise_of(other_manager, account)


def test_who_may_replace_one(rep, other_manager, collector, account):
    promise = promise_of(collector, account)
    for person, refusal in ((rep, NotAllowed), (other_manager, NotFound)):
        with pytest.raises(refusal):
            actions.replace_promise(
                by=person, promise_id=promise.pk, reason="x", instalments=[(day(20), Decimal("1.00"))]
            )


def test_a_person_does_not_judge(rep, account):
    with pytest.raises(NotAllowed):
        actions.judge_promises(by=rep)


def test_the_ledger_is_told_how_many_were_broken(collector, account, clock):
    promise_of(collector, account)
    clock.set(day(12))
    actions.judge_promises()
    assert actions.count_broken_promises() == 1
    assert BrokenPromises.objects.get(account=account).count == 1
    assert actions.count_broken_promises() == 0
    clock.set(date(2027, 3, 20))  # after a year it is forgotten
    assert actions.count_broken_promises() == 1
    assert BrokenPromises.objects.get(account=account).count == 0


def test_a_person_without_the_right_counts_nothing(manager):
    with pytest.raises(NotAllowed):
        actions.count_broken_promises(by=manager)


@pytest.mark.parametrize(("channel", "count"), [("phone", 0), ("meeting", 0), ("mail", 1), ("letter", 1), ("chat", 1)])
def test_only_a_written_promise_restarts_the_limitation(manager, account, channel, count):
    promise_of(manager, account, channel=channel, quote="Next week.")
    found = Interruption.objects.filter(account=account)
    assert found.count() == count
    assert all((row.kind, row.on, row.evidence[-10:]) == ("promise", MONDAY, "Next week.") for row in found)


def test_a_payment_that_is_entered_settles_the_promise_by_itself(
    collector, account, clock, django_capture_on_commit_callbacks
):
    promise = promise_of(collector, account)
    clock.set(day(6))
    with django_capture_on_commit_callbacks(execute=True):
        pay(collector, account, "5000.00", day(6))
    assert state_of(promise) == PromiseState.KEPT
    assert case_of(account).promised_until is None


def test_the_clock_settles_what_is_over_and_may_run_twice(collector, account, clock):
    promise_of(collector, account)
    clock.set(day(12), time(0, 30))
    import_module("dunning.tasks")
    job = JOBS["dunning.judge_promises"]
    job.run(day(12))
    before = (list(Promise.objects.values()), list(Case.objects.values()), AuditEvent.objects.count())
    job.run(day(12))
    assert (list(Promise.objects.values()), list(Case.objects.values()), AuditEvent.objects.count()) == before
    assert case_of(account).broken_since == day(12)
