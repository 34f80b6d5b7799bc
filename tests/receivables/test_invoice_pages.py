"""The pages of invoices: list, record, and what is done to one in side sheets."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from core.workdays import today
from receivables import actions
from receivables.choices import Grade
from receivables.models import Dispute, Invoice, WriteOff
from tests.factories import make_account, make_invoice, make_payment

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def account(rep):
    return make_account(rep, name="Acme")


@pytest.fixture
def invoice(account):
    return make_invoice(account, "1000.00", due_on=today() - timedelta(days=40), number="FP-1")


def url(name, *arguments):
    return reverse(f"receivables:{name}", args=arguments)


def numbers(response):
    return {row["number"] for row in response.context["list"].page.rows}


# ------------------------------------------------------------------ the list


@pytest.fixture
def ledger(account, rep):
    """Invoices of every kind: not due, due soon, late, very late, settled, disputed, with papers missing."""
    on = today()
    make_invoice(account, "10.00", due_on=on + timedelta(days=30), number="LATER")
    make_invoice(account, "20.00", due_on=on + timedelta(days=3), number="SOON")
    make_invoice(account, "30.00", due_on=on - timedelta(days=10), number="LATE", grade=Grade.DOUBTFUL)
    make_invoice(account, "40.00", due_on=on - timedelta(days=100), number="OLD", papers="incomplete")
    make_invoice(account, "50.00", due_on=on, number="TODAY", currency="USD", disputed_amount=Decimal(5))
    make_invoice(account, "60.00", due_on=on - timedelta(days=5), number="PAID", open_amount=0, settled_on=on)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ({}, {"LATER", "SOON", "LATE", "OLD", "TODAY", "PAID"}),
        ({"state": "open"}, {"LATER", "SOON", "LATE", "OLD", "TODAY"}),
        ({"state": "overdue"}, {"LATE", "OLD"}),
        ({"state": "due_soon"}, {"SOON", "TODAY"}),
        ({"state": "settled"}, {"PAID"}),
        ({"disputed": "true"}, {"TODAY"}),
        ({"papers": "incomplete"}, {"OLD"}),
        ({"grade": "doubtful"}, {"LATE"}),
        ({"bucket": "0"}, {"LATER", "SOON", "TODAY"}),
        ({"bucket": "1"}, {"LATE"}),
        ({"bucket": "4"}, {"OLD"}),
        ({"currency": "USD"}, {"TODAY"}),
        ({"find": "la"}, {"LATE", "LATER"}),
        ({"find": "acme"}, {"LATER", "SOON", "LATE", "OLD", "TODAY", "PAID"}),
        ({"overdue": "true"}, {"LATE", "OLD"}),
    ],
)
def test_the_list_is_narrowed(as_user, rep, ledger, words, expected):
    response = as_user(rep).get(url("list_invoices"), words)
    assert response.status_code == 200
    assert numbers(response) == expected


def test_the_list_of_a_past_day_shows_what_was_open_then(as_user, collector, account):
    invoice = make_invoice(account, "100.00", issued_on=date(2026, 3, 2), due_on=date(2026, 4, 1), number="THEN")
    payment = make_payment(account, "100.00", received_on=date(2026, 5, 10))
    actions.allocate_payment(by=collector, payment_id=payment.pk, designated={invoice.pk: Decimal(100)})
    browser = as_user(collector)
    before = browser.get(url("list_invoices"), {"open_on": "2026-05-09", "currency": "CNY", "bucket": "2"})
    assert numbers(before) == {"THEN"}
    assert before.context["list"].page.rows[0]["open_then"] == Decimal(100)
    assert b"Invoices open on" in before.content
    assert numbers(browser.get(url("list_invoices"), {"open_on": "2026-05-10"})) == set()


def test_another_teams_rep_sees_none_of_it(as_user, other_rep, ledger):
    assert numbers(as_user(other_rep).get(url("list_invoices"))) == set()


def test_an_empty_list_leads_to_the_import(as_user, collector, rep):
    address = reverse("core:imports")
    page = as_user(collector).get(url("list_invoices")).content.decode()
    assert "Import your ledger" in page
    assert address in page
    assert b"No invoices yet" in as_user(rep).get(url("list_invoices")).content


def test_the_list_exports_what_it_shows(as_user, collector, ledger):
    response = as_user(collector).get(url("list_invoices"), {"state": "overdue", "export": "csv"})
    text = b"".join(response.streaming_content).decode()
    assert "OLD" in text
    assert "PAID" not in text


# ------------------------------------------------------------------ the record


def test_the_record_says_what_is_open_what_settled_it_and_why(as_user, collector, account):
    invoice = make_invoice(account, "1000.00", due_on=date(2026, 4, 1), number="FP-9")
    payment = make_payment(account, "300.00", reference="TT-77")
    actions.allocate_payment(by=collector, payment_id=payment.pk)
    page = as_user(collector).get(url("invoice", invoice.pk))
    lines = page.context["ledger"]
    assert [(line["amount"], line["left"]) for line in lines] == [(1000, 1000), (-300, 700)]
    text = page.content.decode()
    assert "TT-77" in text
    assert "statutory order" in text
    assert "nothing else is open" in text
    assert "¥700.00" in text


def test_a_line_taken_back_leaves_its_trace(as_user, collector, invoice, account):
    payment = make_payment(account, "300.00")
    [line] = actions.allocate_payment(by=collector, payment_id=payment.pk)
    browser = as_user(collector)
    response = browser.post(url("reverse_allocation", line.pk), {"reason": "Wrong customer"}, headers=HTMX)
    assert response.status_code == 204
    left = [row["left"] for row in browser.get(url("invoice", invoice.pk)).context["ledger"]]
    assert left == [1000, 700, 1000]


def test_missing_papers_stand_first(as_user, collector, invoice):
    browser = as_user(collector)
    form = {"papers": "incomplete", "missing_papers": ["delivery_note"], "purchase_order": "PO-1"}
    response = browser.post(url("set_papers", invoice.pk), form, headers=HTMX)
    assert response.status_code == 204
    assert "invoice:changed" in response["HX-Trigger"]
    page = browser.get(url("invoice", invoice.pk)).content.decode()
    assert "Missing: delivery note." in page
    refused = browser.post(url("set_papers", invoice.pk), form | {"papers": "complete", "note": "kept"}, headers=HTMX)
    assert refused.status_code == 422
    assert b"kept" in refused.content


def test_what_happened_tells_events_and_grades(as_user, collector, invoice):
    actions.regrade(account_id=invoice.account_id, on=today() + timedelta(days=100))
    actions.open_dispute(by=collector, invoice_id=invoice.pk, reason="price", amount=Decimal(5))
    line = as_user(collector).get(url("invoice_time_line", invoice.pk)).content.decode()
    assert "normal collection → doubtful" in line
    assert "are disputed" in line


# ------------------------------------------------------------------ side sheets


def test_a_rep_notes_a_dispute_and_closes_it(as_user, rep, invoice):
    browser = as_user(rep)
    too_much = browser.post(url("open_dispute", invoice.pk), {"amount": "1000.01", "reason": "price", "note": "Typed"})
    assert too_much.status_code == 422
    assert b"Typed" in too_much.content
    assert browser.post(url("open_dispute", invoice.pk), {"amount": "100", "reason": "price"}).status_code == 302
    dispute = Dispute.objects.get()
    assert b"can be asked for" in browser.get(url("invoice", invoice.pk)).content
    assert browser.post(url("resolve_dispute", dispute.pk), {"outcome": "ours"}).status_code == 422
    done = browser.post(url("resolve_dispute", dispute.pk), {"outcome": "ours", "resolution": "He agreed"})
    assert done.status_code == 302
    again = browser.post(url("resolve_dispute", dispute.pk), {"outcome": "ours", "resolution": "He agreed"})
    assert again.status_code == 409


def test_a_write_off_takes_two_people(as_user, collector, executive, invoice):
    asking, deciding = as_user(collector), as_user(executive)
    form = {"amount": "1000", "reason": "insolvent", "note": "Court order 12"}
    assert asking.post(url("request_write_off", invoice.pk), form).status_code == 302
    write_off = WriteOff.objects.get()
    assert b"somebody else decides" in asking.get(url("decide_write_off", write_off.pk)).content
    assert asking.post(url("decide_write_off", write_off.pk), {"approve": "1"}).status_code == 422
    assert b"Court order 12" in deciding.get(url("approvals")).content
    assert deciding.post(url("decide_write_off", write_off.pk), {"refuse": "1"}).status_code == 422  # needs a reason
    assert deciding.post(url("decide_write_off", write_off.pk), {"approve": "1"}).status_code == 302
    invoice.refresh_from_db()
    assert invoice.open_amount == 0
    assert deciding.post(url("decide_write_off", write_off.pk), {"approve": "1"}).status_code == 409
    assert asking.post(url("reverse_write_off", write_off.pk), {"reason": "Money was found"}).status_code == 302
    invoice.refresh_from_db()
    assert invoice.open_amount == 1000


def test_nobody_approves_above_his_limit(as_user, collector, manager, account):
    invoice = make_invoice(account, "60000.00", due_on=date(2026, 4, 1))
    write_off = actions.request_write_off(
        by=collector, invoice_id=invoice.pk, amount=Decimal(60_000), reason="insolvent", note="x"
    )
    browser = as_user(manager)
    assert b"above your limit" in browser.get(url("decide_write_off", write_off.pk)).content
    assert browser.post(url("decide_write_off", write_off.pk), {"approve": "1"}).status_code == 422


def test_a_grade_is_overruled_with_a_reason_over_what_was_seen(as_user, collector, invoice):
    browser = as_user(collector)
    assert browser.get(url("grade_invoice", invoice.pk)).status_code == 200
    form = {"grade": "bad", "seen": "normal", "note": ""}
    assert browser.post(url("grade_invoice", invoice.pk), form).status_code == 422
    assert browser.post(url("grade_invoice", invoice.pk), form | {"note": "They moved out"}).status_code == 302
    invoice.refresh_from_db()
    assert invoice.grade == "bad"
    assert browser.post(url("grade_invoice", invoice.pk), form | {"note": "Again"}).status_code == 409
    assert b"overruled" in browser.get(url("invoice", invoice.pk)).content


def test_interest_and_costs_are_claimed_beside_it(as_user, collector, invoice):
    browser = as_user(collector)
    assert b"have run" in browser.get(url("claim_interest", invoice.pk)).content
    assert browser.post(url("claim_interest", invoice.pk), {"on": ""}).status_code == 302
    assert browser.post(url("claim_interest", invoice.pk), {"on": ""}).status_code == 422  # none has run since
    assert browser.post(url("add_charge", invoice.pk), {"amount": "50", "reason": "Court fee"}).status_code == 302
    page = browser.get(url("invoice", invoice.pk)).content.decode()
    assert "Court fee" in page
    assert "¥20.00" in page  # 40 days × 0.05 % of 1,000


def test_an_invoice_is_entered_once(as_user, collector, account):
    browser = as_user(collector)
    form = {
        "account": account.pk, "number": "NEW-1", "kind": "invoice", "amount": "12.50", "currency": "CNY",
        "issued_on": "2026-03-02", "papers": "sent", "_once": "abc",
    }  # fmt: skip
    first, second = (browser.post(url("record_invoice"), form) for _time in range(2))
    assert first.status_code == second.status_code == 302
    assert Invoice.objects.get(number="NEW-1").due_on == date(2026, 4, 1)
    twice = browser.post(url("record_invoice"), form | {"_once": "def", "note": "kept text"})
    assert twice.status_code == 422
    assert b"There is an invoice with this number" in twice.content
    assert b"kept text" in twice.content


@pytest.mark.parametrize("name", ["invoice", "invoice_time_line", "open_dispute"])
def test_another_teams_invoice_does_not_exist(as_user, other_rep, invoice, name):
    assert as_user(other_rep).get(url(name, invoice.pk)).status_code == 404
