"""Finance at work in a real browser: a payment with its proposal, a write-off by two people, the ageing of a past day."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from core.workdays import today
from receivables import actions
from receivables.models import Payment, WriteOff
from tests.browser import arrive_at, assert_accessible, assert_fits
from tests.factories import make_account, make_invoice, make_payment


@pytest.fixture
def account(rep):
    return make_account(rep, "上海翊原饮料")


def test_a_payment_is_entered_with_its_proposal(open_page, collector, account):
    on = today()
    make_invoice(account, "100.00", due_on=on - timedelta(days=60), number="FP-1")
    second = make_invoice(account, "200.00", due_on=on - timedelta(days=30), number="FP-2")
    page = open_page("receivables:list_payments", as_user=collector)
    page.get_by_role("main").get_by_role("link", name="Record a payment").click()
    arrive_at(page, reverse("receivables:record_payment"))
    proposal = page.locator("#proposal")
    expect(proposal).to_contain_text("Choose the customer")
    page.get_by_role("combobox", name="Account").press_sequentially("翊原")
    page.get_by_role("option", name="上海翊原饮料").click()
    page.get_by_label("Amount").fill("250")
    expect(proposal.get_by_role("row", name="FP-1")).to_contain_text("due earlier")
    expect(proposal.get_by_role("row", name="FP-2")).to_contain_text("¥150.00")
    expect(proposal).to_contain_text("¥0.00")
    assert_accessible(page)
    page.get_by_text("As the customer said").click()
    box = proposal.get_by_label("Amount for FP-2")
    box.press_sequentially("120.50")
    expect(proposal.locator("[data-rest]")).to_contain_text("129.50")
    assert_fits(page)
    page.get_by_role("button", name="Record payment").click()
    expect(page.get_by_role("heading", name="What it settles")).to_be_visible()
    payment = Payment.objects.get()
    assert payment.unallocated == Decimal("129.50")
    assert [(row.invoice, row.amount) for row in payment.allocations.all()] == [(second, Decimal("120.50"))]


def test_a_write_off_is_asked_for_by_one_and_approved_by_another(open_page, collector, executive, account):
    invoice = make_invoice(account, "1000.00", due_on=date(2026, 4, 1), number="FP-9")
    page = open_page("receivables:invoice", as_user=collector, invoice_id=invoice.pk)
    page.get_by_role("button", name="More actions").click()
    page.get_by_role("link", name="Ask for a write-off").click()
    sheet = page.locator("#sheet")
    sheet.get_by_role("combobox", name="Reason").select_option("insolvent")
    sheet.get_by_label("Evidence and reason").fill("法院裁定终结破产程序")
    sheet.get_by_role("button", name="Ask for it").click()
    expect(page.get_by_role("heading", name="Write-offs")).to_be_visible()
    page.get_by_role("link", name="Decide").click()
    expect(sheet.get_by_text("somebody else decides")).to_be_visible()
    assert_accessible(page)

    other = open_page("receivables:approvals", as_user=executive)
    other.get_by_role("link", name="Decide").click()
    other.locator("#sheet").get_by_role("button", name="Approve").click()
    expect(other.get_by_role("table")).to_contain_text("approved")
    assert WriteOff.objects.get().decided_by == executive
    invoice.refresh_from_db()
    assert invoice.open_amount == 0


def test_the_ageing_is_read_at_a_past_day(open_page, collector, account):
    invoice = make_invoice(account, "1000.00", issued_on=date(2026, 1, 5), due_on=date(2026, 2, 1), number="FP-7")
    payment = make_payment(account, "1000.00", received_on=date(2026, 5, 10))
    actions.allocate_payment(by=collector, payment_id=payment.pk, designated={invoice.pk: Decimal(1000)})
    page = open_page("receivables:dashboard", as_user=collector)
    expect(page.get_by_text("Nothing is open")).to_be_visible()
    page.get_by_label("As of").fill("2026-05-09")
    page.get_by_label("As of").dispatch_event("change")
    bar = page.get_by_role("group", name="Open amount by days past due")
    expect(bar.get_by_role("link", name="91–180 days")).to_contain_text("¥1,000.00")
    expect(page.get_by_role("heading", name="Figures of collection")).to_be_visible()
    page.get_by_role("button", name="How DSO is worked out").focus()
    expect(page.get_by_role("tooltip", name="Open at the end").first).to_be_visible()
    assert_accessible(page)
    assert_fits(page)
    bar.get_by_role("link", name="91–180 days").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Invoices open on")
    expect(page.get_by_role("row", name="FP-7")).to_contain_text("97")


@pytest.mark.parametrize("address", ["dashboard", "list_invoices", "list_payments", "record_payment", "ageing"])
def test_a_phone_shows_it_all(open_page, collector, account, address):
    make_invoice(account, "123456789.00", due_on=date(2026, 4, 1), number="FP-2026-0000123")
    make_payment(account, "987654321.00", reference="TT-20260401-0000001")
    page = open_page(f"receivables:{address}", as_user=collector, width=390, theme="dark")
    assert_fits(page)
    assert_accessible(page)
