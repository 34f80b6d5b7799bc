"""What a collector sees before he calls (C5)."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.choices import Size
from core.errors import NotFound
from core.workdays import today
from dunning import actions, queries
from dunning.choices import CallOutcome, Reached
from receivables import actions as ledger
from receivables.choices import Cause, Paper, Papers
from relationships.choices import ContactRole
from relationships.models import Position
from tests.factories import make_account, make_contact, make_invoice, make_payment

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 24, 11, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture
def account(rep):
    account = make_account(rep, "Red Star Steel", paying_days=[10, 25], size=Size.LARGE)
    make_invoice(account, "6000.00", due_on=date(2026, 9, 1), disputed_amount=Decimal("500.00"))
    make_invoice(
        account, "4000.00", due_on=date(2026, 10, 1), papers=Papers.INCOMPLETE, missing_papers=[Paper.CONTRACT]
    )
    make_invoice(account, "300.00", due_on=date(2027, 1, 1))
    make_invoice(account, "70.00", due_on=date(2026, 10, 1), currency="USD")
    actions.refresh_cases(on=NOON.date())
    return account


def in_days(days):
    return today() + timedelta(days=days)


def test_everything_stands_on_one_page(collector, account):
    make_payment(account, "50.00")
    ledger.find_cause(by=collector, account_id=account.pk, cause=Cause.SHORTAGE)
    ledger.hold_supply(by=collector, account_id=account.pk, reason="Three months late")
    brief = queries.call_brief(collector, account.pk, NOON)
    assert [(item.invoice.open_amount, item.is_overdue, item.papers_missing) for item in brief.items] == [
        (Decimal("6000.00"), True, False),
        (Decimal("4000.00"), True, True),
        (Decimal("70.00"), True, False),
        (Decimal("300.00"), False, False),
    ]
    assert [item.missing for item in brief.missing_papers] == [(Paper.CONTRACT,)]
    yuan, dollars = brief.totals
    assert (yuan.open_amount, yuan.overdue, yuan.disputed, yuan.unallocated) == (10300, 10000, 500, 50)
    assert (yuan.callable, dollars.currency, dollars.overdue) == (9500, "USD", 70)
    assert (brief.cause, brief.hold.reason) == (Cause.SHORTAGE, "Three months late")
    assert (brief.next_paying_day, brief.owner, brief.attempts_left) == (date(2026, 11, 25), "Li Lei", 3)


def test_the_right_person_comes_first(collector, account):
    roles = {
        "Owner": ContactRole.PROPRIETOR,
        "User": ContactRole.USER,
        "Cashier": ContactRole.PAYMENT_HANDLER,
        "Chief": ContactRole.GENERAL_MANAGER,
    }
    for name, role in roles.items():
        contact = make_contact(collector, account, name)
        Position.objects.filter(contact=contact).update(roles=[role])
    found = [person.name for person in queries.call_brief(collector, account.pk, NOON).people]
    assert found == ["Cashier", "Chief", "Owner", "User"]
    account.size = Size.SMALL
    account.save()
    found = [person.name for person in queries.call_brief(collector, account.pk, NOON).people]
    assert found == ["Chief", "Owner", "Cashier", "User"]


def test_attempts_are_counted_for_the_account_and_for_each_person(collector, account):
    contact = make_contact(collector, account, "Wu Fang")
    given = {"by": collector, "account_id": account.pk, "outcome": CallOutcome.NO_ANSWER}
    actions.log_call(**given, contact_id=contact.pk)
    actions.log_call(**given)
    actions.log_call(**given, channel=Reached.CHAT)
    brief = queries.call_brief(collector, account.pk)
    assert (brief.attempts, brief.attempts_left, brief.people[0].attempts) == (2, 1, 1)
    assert [call.channel for call in brief.calls] == ["chat", "phone", "phone"]


def test_promises_stand_with_what_became_of_them(collector, account):
    first = account.invoices.get(amount=Decimal("6000.00"))
    promise = actions.record_promise(
        by=collector,
        account_id=account.pk,
        instalments=[(in_days(5), Decimal("1000.00"))],
        currency="CNY",
        said_by="Ms Lin",
        invoice_ids=[first.pk],
    )
    brief = queries.call_brief(collector, account.pk, NOON)
    assert brief.open_promises == [promise]
    assert [item.promised for item in brief.items] == [True, False, False, False]
    assert (brief.totals[0].promised, brief.totals[0].callable) == (1000, 8500)
    actions.judge_promises(on=in_days(30))
    brief = queries.call_brief(collector, account.pk, NOON)
    assert (brief.open_promises, brief.kept.broken, brief.kept.percent) == ([], 1, 0)
    assert brief.totals[0].promised == 0


def test_what_speaks_against_a_call_is_said(collector, account):
    actions.set_case(by=collector, account_id=account.pk, cease_contact=True)
    actions.pause_case(by=collector, account_id=account.pk, until=in_days(30), reason="Flood")
    brief = queries.call_brief(collector, account.pk, NOON.replace(hour=23))
    assert [text for text in brief.warnings if "Flood" in text or "Do not contact" in text]
    assert len(brief.warnings) == 3
    assert brief.callable_at == datetime(2026, 11, 25, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


def test_who_never_owed_anything_has_a_page_and_no_file(collector, rep):
    account = make_account(rep)
    brief = queries.call_brief(collector, account.pk, NOON)
    assert (brief.items, brief.totals, brief.case.pk) == ([], [], None)


def test_another_team_sees_nothing(other_manager, account):
    with pytest.raises(NotFound):
        queries.call_brief(other_manager, account.pk, NOON)


def test_a_large_customer_costs_what_a_small_one_does(collector, account):
    contact = make_contact(collector, account, "Wu Fang")
    for days in (5, 6):
        actions.record_promise(
            by=collector,
            account_id=account.pk,
            instalments=[(in_days(days), Decimal("10.00"))],
            currency="CNY",
            said_by="Ms Lin",
            contact_id=contact.pk,
            invoice_ids=[account.invoices.order_by("pk")[days - 5].pk],
        )
    with CaptureQueriesContext(connection) as small:
        queries.call_brief(collector, account.pk, NOON)
    for number in range(60):
        make_invoice(account, "10.00", due_on=date(2026, 9, 1) + timedelta(days=number))
        make_contact(collector, account)
    with CaptureQueriesContext(connection) as large:
        brief = queries.call_brief(collector, account.pk, NOON)
    assert (len(brief.items), brief.all_items) == (26, 64)  # and the one whose papers are missing
    assert len(large) == len(small) <= 12


def test_the_sums_are_those_of_all_invoices_and_missing_papers_are_raised_however_many_are_older(collector, account):
    whole = queries.call_brief(collector, account.pk, NOON)
    brief = queries.call_brief(collector, account.pk, NOON, items=1)
    assert (len(brief.items), brief.more_items) == (2, 2)
    assert [item.missing for item in brief.missing_papers] == [(Paper.CONTRACT,)]
    assert brief.totals == whole.totals
    assert (whole.totals[0].count, whole.totals[0].late) == (3, 2)
