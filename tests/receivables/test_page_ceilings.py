"""What each page of the receivables may cost in statements, with few rows and with many (design: budgets)."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.workdays import today
from receivables import actions
from tests.factories import make_account, make_invoice, make_payment

pytestmark = pytest.mark.django_db


def fill(owner, by, count, account=None):
    """So many invoices, each with a payment, a dispute, costs and a request to write it off."""
    for _number in range(count):
        customer = account or make_account(owner)
        invoice = make_invoice(customer, "1000.00", due_on=today() - timedelta(days=30), papers="incomplete")
        payment = make_payment(customer, "10.00")
        actions.allocate_payment(by=by, payment_id=payment.pk, designated={invoice.pk: Decimal(5)})
        actions.open_dispute(by=by, invoice_id=invoice.pk, amount=Decimal(3), reason="price")
        actions.add_charge(by=by, invoice_id=invoice.pk, amount=Decimal(2), reason="Postage")
        actions.request_write_off(by=by, invoice_id=invoice.pk, amount=Decimal(1), reason="small", note="x")


@pytest.mark.parametrize(
    ("name", "words", "ceiling"),
    [
        ("list_invoices", {"state": "open", "sort": "due_on", "bucket": "1"}, 8),
        ("list_invoices", {"open_on": "2026-05-01"}, 8),
        ("list_payments", {}, 8),
        ("list_disputes", {}, 8),
        ("approvals", {}, 8),
        ("dashboard", {}, 15),
        ("figures", {"currency": "CNY"}, 15),
        ("ageing", {"group": "account"}, 15),
        ("invoice", {}, 10),
        ("payment", {}, 15),
        ("account_panel", {}, 15),
        ("statement", {}, 15),
        ("propose_payment", {"how": "by_rule"}, 8),
    ],
)
def test_a_page_keeps_its_ceiling(as_user, rep, colleague, collector, name, words, ceiling):
    account = make_account(rep)
    fill(rep, collector, 2, account)
    first = account.invoices.order_by("pk").first()
    arguments = {
        "invoice": [first.pk], "payment": [account.payments.order_by("pk").first().pk], "account_panel": [account.pk],
        "statement": [account.pk],
    }  # fmt: skip
    if name == "propose_payment":
        words |= {"account": account.pk, "amount": "100", "currency": "CNY", "received_on": today().isoformat()}
    address, browser = reverse(f"receivables:{name}", args=arguments.get(name, [])), as_user(collector)
    assert browser.get(address, words).status_code == 200
    costs = []
    for _round in range(2):
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(address, words).status_code == 200
        costs.append(len(queries))
        fill(rep, collector, 6, account)
        fill(colleague, collector, 6)
    few, many = costs
    assert many == few <= ceiling, "\n".join(query["sql"][:250] for query in queries.captured_queries)
