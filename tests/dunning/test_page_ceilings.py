"""What the pages of collecting may cost in statements, for few rows and for many, for a small customer and a key account."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from dunning import actions, queries
from receivables.models import Invoice
from tests.factories import make_account, make_contact, make_invoice

pytestmark = pytest.mark.django_db

TODAY = date(2026, 6, 2)
TUESDAY = datetime(2026, 6, 2, 10, 30, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture(autouse=True)
def on_tuesday():
    """A working Tuesday at half past ten."""
    with time_machine.travel(TUESDAY, tick=False):
        yield


def owing(owner, names):
    """Customers with an overdue invoice each, in two currencies, called once today."""
    accounts = [make_account(owner, name) for name in names]
    for account in accounts:
        make_invoice(account, "1000.00", due_on=TODAY - timedelta(days=20))
        make_invoice(account, "10.00", currency="USD", due_on=TODAY - timedelta(days=20))
    actions.refresh_cases(account_ids=[account.pk for account in accounts])
    return accounts


def statements(browser, address, **words):
    """What the second look costs: the first fills what a process keeps; the counts are taken anew."""
    assert browser.get(address, words).status_code == 200
    cache.clear()
    with CaptureQueriesContext(connection) as seen:
        assert browser.get(address, words).status_code == 200
    return [query["sql"][:200] for query in seen.captured_queries]


def test_the_queue_costs_the_same_for_few_and_for_many(as_user, rep, collector):
    browser, costs = as_user(collector), []
    few, many = [f"Few {number}" for number in range(3)], [f"Many {number:03}" for number in range(60)]
    for names in (few, many):
        for account in owing(rep, names)[:3]:
            actions.log_call(by=collector, account_id=account.pk, outcome="no_answer", next_action_on=TODAY)
        costs.append(statements(browser, reverse("dunning:queue")))
    assert len(costs[0]) == len(costs[1]) <= 9, "\n".join(
        costs[1]
    )  # eight and the session, which the tests do not cache


def test_two_hundred_lines_cost_what_fifty_do(rep, collector, django_assert_num_queries):
    owing(rep, [f"Account {number:03}" for number in range(205)])
    now = queries.moment()
    for size in (50, 200):
        with django_assert_num_queries(2):
            page = queries.queue(collector, now, size=size)
        assert len(page.lines) == size


def test_the_call_screen_costs_a_key_account_what_it_costs_others(as_user, rep, collector):
    browser, pages = as_user(collector), []
    [small], [key] = owing(rep, ["Small"]), owing(rep, ["Key"])
    template = Invoice.objects.filter(account=key, currency="CNY").get()
    fields = {field.attname: getattr(template, field.attname) for field in Invoice._meta.concrete_fields}
    Invoice.objects.bulk_create(Invoice(**{**fields, "id": None, "number": f"K-{number:04}"}) for number in range(400))
    for account in (small, key):
        make_contact(rep, account, "Wang Fang")
        actions.log_call(
            by=collector,
            account_id=account.pk,
            outcome="promise",
            person="Wang Fang",
            promise=actions.PromiseGiven(instalments=[(TODAY + timedelta(days=3), Decimal("10.00"))], currency="CNY"),
        )
        address = reverse("dunning:call", args=[account.pk])
        pages.append((statements(browser, address), len(browser.get(address).content)))
    (few, short), (many, long) = pages
    assert len(many) == len(few) <= 14, "\n".join(many)  # thirteen and the session, which the tests do not cache
    assert long <= 2 * short
    page = browser.get(reverse("dunning:call", args=[key.pk])).content.decode()
    assert page.count('name="invoices"') == 25
    assert "All 402 open invoices" in page
    assert (
        browser.get(reverse("dunning:call", args=[key.pk]), {"all": 1}).content.decode().count('name="invoices"') == 200
    )
