"""Several collectors and the night at once, on real connections."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from threading import Barrier
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client

from core.errors import Conflict, DomainError
from core.models import AuditEvent, Role
from core.workdays import today
from dunning import actions
from dunning.choices import CallOutcome
from dunning.models import Case, CollectionCall, Promise
from receivables.models import Invoice
from tests.cast import person
from tests.factories import make_account, make_invoice, make_payment

pytestmark = pytest.mark.django_db(transaction=True)
TUESDAY = datetime(2026, 11, 24, 10, 30, tzinfo=ZoneInfo("Asia/Shanghai"))


def at_once(*jobs):
    """Run the jobs in threads that start together; what each returned or raised."""
    gate = Barrier(len(jobs))

    def run(job):
        try:
            gate.wait(30)
            return job()
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(run, jobs))


@pytest.fixture
def owing(rep):
    def make(count):
        accounts = [make_account(rep) for _number in range(count)]
        for number, account in enumerate(accounts):
            make_invoice(account, f"{number + 1}000.00", due_on=date(2026, 10, 20))
        actions.refresh_cases(on=TUESDAY.date())
        return accounts

    return make


def test_twenty_collectors_take_up_twenty_customers(company, owing):
    owing(20)
    people = [person(f"Collector {number}", Role.FINANCE, company) for number in range(20)]
    answers = at_once(*[lambda who=who: actions.claim_next(by=who, at=TUESDAY) for who in people])
    assert [answer for answer in answers if isinstance(answer, Exception)] == []
    assert len({case.account_id for case in answers}) == 20
    assert {case.claimed_by_id for case in Case.objects.all()} == {who.pk for who in people}


def test_the_21st_finds_nothing(company, owing):
    owing(3)
    people = [person(f"Collector {number}", Role.FINANCE, company) for number in range(6)]
    answers = at_once(*[lambda who=who: actions.claim_next(by=who, at=TUESDAY) for who in people])
    assert sorted(answer is None for answer in answers) == [False] * 3 + [True] * 3


def test_one_customer_is_claimed_by_one_of_twenty(company, owing):
    [account] = owing(1)
    people = [person(f"Collector {number}", Role.FINANCE, company) for number in range(20)]
    answers = at_once(*[lambda who=who: actions.claim_case(by=who, account_id=account.pk) for who in people])
    assert sum(isinstance(answer, Conflict) for answer in answers) == 19


def test_the_same_money_is_promised_once_by_eight(collector, owing):
    [account] = owing(1)
    job = lambda: actions.record_promise(  # noqa: E731
        by=collector,
        account_id=account.pk,
        instalments=[(today() + timedelta(days=5), Decimal("1000.00"))],
        currency="CNY",
        said_by="Ms Lin",
    )
    answers = at_once(*[job] * 8)
    assert sum(isinstance(answer, DomainError) for answer in answers) == 7
    assert Promise.objects.count() == 1


def test_a_call_sent_twice_is_logged_once(collector, owing):
    [account] = owing(1)
    browser = Client()
    browser.force_login(collector)
    browser.get("/api/v1/collection-calls/")
    body = {"account": account.pk, "outcome": "no_answer"}

    def click():
        mine = Client()
        mine.cookies = browser.cookies
        return mine.post(
            "/api/v1/collection-calls/",
            body,
            content_type="application/json",
            headers={"Idempotency-Key": "one-click"},
        )

    answers = at_once(*[click] * 5)
    assert [answer.status_code for answer in answers] == [201] * 5
    assert CollectionCall.objects.count() == 1


def test_the_night_the_events_and_the_collectors_do_not_stop_each_other(collector, owing):
    """Everything that locks cases, promises and accounts, all at once, several times over: no deadlock, one truth."""
    accounts = owing(12)
    for account in accounts:
        actions.record_promise(
            by=collector,
            account_id=account.pk,
            instalments=[(today() + timedelta(days=3), Decimal("500.00"))],
            currency="CNY",
            said_by="Ms Lin",
        )
        make_payment(account, "500.00", received_on=today() + timedelta(days=1))
    morning = today() + timedelta(days=2)
    ids = [account.pk for account in accounts]
    answers = at_once(
        *[lambda: actions.judge_promises(on=morning)] * 3,
        *[lambda: actions.refresh_cases(on=morning)] * 3,
        *[lambda: actions.refresh_cases(account_ids=ids[::-1], on=morning)] * 2,
        lambda: actions.assign_cases(by=collector, account_ids=ids[::-1], collector_id=collector.pk),
        *[lambda pk=pk: actions.log_call(by=collector, account_id=pk, outcome=CallOutcome.NO_ANSWER) for pk in ids],
    )
    assert [answer for answer in answers if isinstance(answer, Exception)] == []
    assert set(Promise.objects.values_list("state", flat=True)) == {"kept"}
    assert AuditEvent.objects.filter(code="dunning.promise_kept").count() == len(accounts)
    actions.refresh_cases(on=morning)
    overdue = {invoice.account_id: invoice.open_amount for invoice in Invoice.objects.all()}
    assert dict(Case.objects.values_list("account", "callable_amount")) == overdue


def test_the_clock_of_a_day_is_not_the_hour(collector, owing):
    """A claim made while the night runs survives it."""
    [account] = owing(1)
    actions.claim_case(by=collector, account_id=account.pk)
    Case.objects.update(opens_at=time(8))
    at_once(*[lambda: actions.refresh_cases(on=TUESDAY.date() + timedelta(days=1))] * 3)
    case = Case.objects.get()
    assert (case.claimed_by, case.opens_at) == (collector, time(8))
