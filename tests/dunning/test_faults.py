"""T12: whichever statement of a promise or of a logged call fails, nothing of it is kept."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.apps import apps

from core.workdays import today
from dunning import actions
from dunning.actions.promises import PromiseGiven
from dunning.choices import CallOutcome
from dunning.models import Promise
from receivables import actions as ledger
from tests.factories import make_account, make_invoice
from tests.faults import assert_all_or_nothing

pytestmark = pytest.mark.django_db
TABLES = [
    "core_auditevent", "reminders_occurrence",
    *(model._meta.db_table for app in ("dunning", "receivables") for model in apps.get_app_config(app).get_models()),
]  # fmt: skip
ON = date(2026, 3, 10)


@pytest.fixture
def promise(rep, collector):
    account = make_account(rep)
    make_invoice(account, "900.00", due_on=date(2026, 1, 15))
    actions.refresh_cases()
    return actions.record_promise(
        by=collector, account_id=account.pk, instalments=[(ON, Decimal(500))], currency="CNY", said_by="Ms Lin",
        made_on=date(2026, 3, 2),
    )  # fmt: skip


def test_a_promise_is_recorded_whole(rep, collector):
    account = make_account(rep)
    make_invoice(account, "900.00", due_on=date(2026, 1, 15))
    actions.refresh_cases()
    parts = [(today() + timedelta(days=days), Decimal(300)) for days in (3, 10)]
    assert_all_or_nothing(
        lambda: actions.record_promise(
            by=collector, account_id=account.pk, instalments=parts, currency="CNY", said_by="Ms Lin"
        ),
        TABLES,
    )


def test_and_replaced_whole(promise, collector):
    later = [(today() + timedelta(days=5), Decimal(400))]
    assert_all_or_nothing(
        lambda: actions.replace_promise(
            by=collector, promise_id=promise.pk, reason="Cash is short", instalments=later, said_by="Ms Lin"
        ),
        TABLES,
    )


@pytest.mark.parametrize("paid", ["500.00", "200.00", None])
def test_and_judged_whole(promise, collector, paid):
    if paid:
        ledger.record_payment(
            by=collector, account_id=promise.account_id, amount=Decimal(paid), currency="CNY", received_on=ON,
            allocate=True,
        )  # fmt: skip
    assert_all_or_nothing(lambda: actions.judge_promises(on=date(2026, 3, 13)), TABLES)


def test_a_call_with_the_promise_given_in_it(promise, collector):
    given = PromiseGiven(((today() + timedelta(days=5), Decimal(400)),), "CNY", "By Friday", "Ms Lin", ())
    assert_all_or_nothing(
        lambda: actions.log_call(
            by=collector, account_id=promise.account_id, outcome=CallOutcome.PROMISE, person="Ms Lin", promise=given,
            replaces=promise.pk,
        ),
        TABLES,
    )  # fmt: skip
    assert Promise.objects.count() == 1
