"""The call log: what a call changes, and who may write it."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from core.errors import DomainError, NotAllowed, NotFound
from core.models import AuditEvent
from core.workdays import add_workdays, today
from dunning import actions, queries
from dunning.actions import PromiseGiven
from dunning.choices import CallOutcome, NextAction, PromiseState
from dunning.models import Case, CollectionCall, Promise
from receivables.choices import Cause
from receivables.models import CauseFinding
from tests.factories import make_account, make_contact, make_invoice

pytestmark = pytest.mark.django_db


@pytest.fixture
def account(rep):
    account = make_account(rep, "Red Star Steel")
    make_invoice(account, "9000.00", due_on=today() - timedelta(days=40))
    actions.refresh_cases()
    return account


def case_of(account):
    return Case.objects.get(account=account)


def test_a_call_without_an_answer_comes_back_on_the_next_working_day(collector, account):
    logged = actions.log_call(by=collector, account_id=account.pk, outcome=CallOutcome.NO_ANSWER)
    case = case_of(account)
    assert (logged.call.next_action, logged.call.next_action_on) == (NextAction.CALL, add_workdays(today(), 1))
    assert (case.next_action_on, case.last_reached_at) == (logged.call.next_action_on, None)
    assert case.last_touch_at == logged.call.called_at
    assert AuditEvent.objects.get(code="dunning.call_logged").account_id == account.pk


def test_a_promise_given_on_the_phone_is_recorded_with_the_call(collector, account):
    contact = make_contact(collector, account, "Wu Fang")
    day = today() + timedelta(days=7)
    logged = actions.log_call(
        by=collector,
        account_id=account.pk,
        outcome=CallOutcome.PROMISE,
        contact_id=contact.pk,
        cause=Cause.SHORTAGE,
        said="Waiting for their own customer.",
        promise=PromiseGiven([(day, Decimal("9000.00"))], "CNY", quote="On Sunday at the latest."),
    )
    promise = Promise.objects.get()
    assert logged.promise == promise and promise.call == logged.call
    assert (promise.said_by, promise.state, promise.amount) == ("Wu Fang", PromiseState.OPEN, Decimal("9000.00"))
    case = case_of(account)
    judged = add_workdays(day, 1) + timedelta(days=1)
    assert (case.next_action, case.next_action_on, case.promised_until) == (NextAction.WAIT, judged, day)
    assert case.callable_amount == 0
    assert CauseFinding.objects.get(account=account, ended_on=None).cause == Cause.SHORTAGE
    assert queries.queue(collector).lines == []


def test_the_claim_ends_with_the_call(collector, account):
    actions.claim_case(by=collector, account_id=account.pk)
    actions.log_call(by=collector, account_id=account.pk, outcome=CallOutcome.REFUSED, person="Mr Wu")
    assert case_of(account).claimed_by is None
    assert case_of(account).next_action == NextAction.MANAGER


def test_a_call_at_night_is_logged_and_warned_of(collector, account):
    night = timezone.now().replace(hour=19, minute=0) - timedelta(days=1)  # 03:00 in Shanghai
    logged = actions.log_call(by=collector, account_id=account.pk, outcome=CallOutcome.NO_ANSWER, called_at=night)
    assert logged.warnings
    assert CollectionCall.objects.count() == 1


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"outcome": CallOutcome.REFUSED}, "person"),
        ({"outcome": CallOutcome.PROMISE, "person": "Wu"}, "instalments"),
        ({"outcome": CallOutcome.NO_ANSWER, "next_action_on": date(2020, 1, 1)}, "next_action_on"),
        ({"outcome": CallOutcome.NO_ANSWER, "invoice_ids": [10**9]}, "invoices"),
        ({"outcome": CallOutcome.NO_ANSWER, "called_at": timezone.now() + timedelta(hours=1)}, "called_at"),
        ({"outcome": CallOutcome.NO_ANSWER, "called_at": timezone.now() - timedelta(days=400)}, "called_at"),
        (
            {
                "outcome": CallOutcome.PAID,
                "person": "Wu",
                "promise": PromiseGiven([(date(2030, 1, 1), Decimal(1))], "CNY"),
            },
            "outcome",
        ),
    ],
)
def test_what_cannot_be_logged(collector, account, given, field):
    with pytest.raises(DomainError) as refused:
        actions.log_call(by=collector, account_id=account.pk, **given)
    assert refused.value.field == field
    assert CollectionCall.objects.count() == Promise.objects.count() == 0


def test_a_rep_does_not_collect(rep, account):
    with pytest.raises(NotAllowed):
        actions.log_call(by=rep, account_id=account.pk, outcome=CallOutcome.NO_ANSWER)


def test_a_manager_of_another_team_does_not_see_the_customer(other_manager, account):
    with pytest.raises(NotFound):
        actions.log_call(by=other_manager, account_id=account.pk, outcome=CallOutcome.NO_ANSWER)
