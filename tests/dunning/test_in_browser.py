"""A collector's morning in a real browser: five customers by keyboard, and what became of the promise next day."""

import re
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from core.workdays import add_workdays
from dunning import actions
from dunning.actions.promises import PromiseGiven
from dunning.models import Case, CollectionCall, DunningRule, Promise
from receivables.actions import record_payment
from reminders.actions import plan, tell_in_app
from tests.browser import assert_accessible, assert_fits
from tests.factories import make_account, make_contact, make_invoice

pytestmark = pytest.mark.django_db(transaction=True)

NAMES = ["First", "Second", "Third", "Fourth", "Fifth"]
SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def five(rep):
    """Five customers, the first owing most; each with somebody to call. In a zone where it is a working day's noon now."""
    DunningRule.objects.update_or_create(
        pk=1, defaults={"latest": "21:00", "earliest": "08:00", "owners_from": "08:00"}
    )
    accounts = []
    for place, name in enumerate(NAMES):
        account = make_account(rep, name)
        contact = make_contact(rep, account, f"Payer of {name}")
        contact.positions.update(roles=["payment_handler"])
        make_invoice(account, Decimal(50_000 - place * 9_000), due_on=timezone.localdate() - timedelta(days=20))
        accounts.append(account)
    actions.refresh_cases()
    return accounts


@pytest.fixture
def at_ten():
    """A working Tuesday at ten, for the server too: it runs in this process."""
    with time_machine.travel(datetime(2026, 6, 2, 10, 0, tzinfo=SHANGHAI), tick=True) as traveller:
        yield traveller


def now_calling(page: Page, name: str) -> None:
    expect(page).to_have_url(re.compile(r"/collections/\d+/$"))
    expect(page.locator("html[data-ready] h1")).to_have_text(name)


def test_a_collector_works_five_customers_by_keyboard_and_records_a_promise(at_ten, open_page, collector, five):
    page = open_page("dunning:queue", as_user=collector)
    assert_accessible(page)
    page.keyboard.press("s")
    now_calling(page, "First")
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollHeight - innerHeight") <= 0, "the call screen scrolls"
    page.keyboard.press("1")
    expect(page.locator('[name="amount"]')).to_be_focused()
    page.keyboard.type("20,000")
    page.keyboard.press("Tab")
    page.locator("#promise-day").fill("2026-06-03")
    expect(page.locator("[data-said-back]").first).to_contain_text("20,000.00")
    page.keyboard.press("Control+Enter")

    now_calling(page, "Second")
    expect(page.locator("#toasts")).to_contain_text("First promises ¥20,000.00")
    page.keyboard.press("5")
    expect(page.get_by_label("What was said")).to_be_focused()
    page.keyboard.type("Rang ten times")
    page.keyboard.press("Control+Enter")

    now_calling(page, "Third")
    page.keyboard.press("n")
    now_calling(page, "Fourth")
    page.keyboard.press("7")
    expect(page.get_by_label("What was said")).to_be_focused()
    page.keyboard.type("Not before the complaint is settled")
    page.keyboard.press("Escape")
    page.get_by_label("Reason given").select_option("unhappy")
    expect(page.locator(".call-answer:visible")).to_contain_text("complaint")
    page.keyboard.press("Control+Enter")

    now_calling(page, "Fifth")
    page.keyboard.press("Alt+4")
    expect(page.get_by_label("What was said")).to_be_focused()
    page.keyboard.type("After lunch")
    page.keyboard.press("Control+Enter")
    expect(page).to_have_url(re.compile(r"/collections/$"))
    expect(page.locator("#toasts")).to_contain_text("Nobody is left")
    expect(page.locator("tbody")).to_contain_text("Third")

    said = list(CollectionCall.objects.order_by("id").values_list("account__name", "outcome", "said"))
    assert said == [
        ("First", "promise", ""),
        ("Second", "no_answer", "Rang ten times"),
        ("Fourth", "refused", "Not before the complaint is settled"),
        ("Fifth", "call_back", "After lunch"),
    ]
    promise = Promise.objects.get()
    assert (promise.amount, promise.last_due_on, promise.said_by) == (
        Decimal(20_000),
        date(2026, 6, 3),
        "Payer of First",
    )
    assert not Case.objects.filter(claimed_by__isnull=False).exists()


def test_what_is_wrong_is_shown_and_nothing_typed_is_lost(at_ten, open_page, collector, five):
    page = open_page("dunning:call", as_user=collector, account_id=five[0].pk)
    page.keyboard.press("1")
    page.keyboard.type("9,999,999")
    page.locator("#promise-day").fill("2026-06-05")
    page.get_by_label("What was said").fill("All of it")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".call-promise")).to_contain_text("no more can be promised")
    expect(page.get_by_label("What was said")).to_have_value("All of it")
    expect(page.locator('[name="amount"]').first).to_have_value("9,999,999")
    assert_accessible(page)


def test_a_kept_promise_is_gone_and_a_broken_one_on_top_next_morning(at_ten, open_page, collector, five):
    keeps, breaks = five[1], five[4]
    for account in (keeps, breaks):
        given = PromiseGiven([(date(2026, 6, 3), Decimal(5_000))], "CNY")
        actions.log_call(by=collector, account_id=account.pk, outcome="promise", person="Mr Wu", promise=given)
    at_ten.move_to(datetime(2026, 6, 3, 15, 0, tzinfo=SHANGHAI))
    record_payment(
        by=collector,
        account_id=keeps.pk,
        amount=Decimal(5_000),
        currency="CNY",
        received_on=date(2026, 6, 3),
        allocate=True,
    )
    morning = datetime.combine(add_workdays(date(2026, 6, 3), 1) + timedelta(days=1), datetime.min.time(), SHANGHAI)
    at_ten.move_to(morning + timedelta(minutes=30))
    actions.judge_promises()
    actions.refresh_cases()
    at_ten.move_to(morning + timedelta(hours=10))

    page = open_page("dunning:queue", as_user=collector)
    first = page.locator("tbody tr").first
    expect(first).to_contain_text("Fifth")
    expect(first).to_contain_text("A promise was broken")
    assert dict(Promise.objects.values_list("account__name", "state")) == {"Second": "kept", "Fifth": "broken"}
    promises = open_page("dunning:promises", as_user=collector)
    expect(promises.locator("tbody")).to_contain_text("kept")
    expect(promises.locator(".key-figures")).to_contain_text("1 of 2")
    assert_accessible(promises)


def test_a_demand_that_arrived_starts_the_right_to_sue_anew(at_ten, open_page, collector, five):
    """From the reminder to the call screen, and the evidence noted without leaving it (C14)."""
    make_invoice(five[0], Decimal(900), due_on=date(2023, 6, 20))
    actions.refresh_cases()
    Case.objects.filter(account=five[0]).update(collector=collector)
    plan(now=timezone.now(), only=["dunning.right_to_sue"])
    tell_in_app(now=timezone.now())
    page = open_page("/", as_user=collector, width=390, touch=True)
    page.get_by_role("link", name="First: the right to sue for ¥900.00").tap()
    now_calling(page, "First")
    page.get_by_role("link", name="until 20 Jun 2026").tap()
    sheet = page.get_by_role("dialog")
    sheet.get_by_label("Arrived").fill("2026-06-01")
    assert_accessible(page)
    sheet.get_by_role("button", name="Note it").tap()
    expect(sheet.get_by_text("This field is required.")).to_be_visible()
    sheet.get_by_label("Evidence").fill("EMS 1234, content of the demand on the waybill")
    sheet.get_by_role("button", name="Note it").tap()
    expect(page.locator("#toasts")).to_contain_text("The three years start anew.")
    expect(page.get_by_role("link", name="until 1 Jun 2029")).to_be_visible()
    plan(now=timezone.now(), only=["dunning.right_to_sue"])
    page.goto(page.url.split("/collections")[0])
    expect(page.get_by_role("link", name="right to sue")).to_have_count(0)


def test_a_manager_assigns_ticked_customers(at_ten, open_page, manager, collector, five):
    page = open_page(reverse("dunning:queue") + "?whose=all", as_user=manager)
    page.get_by_label("Choose First").check()
    page.get_by_label("Choose Third").check()
    page.get_by_role("button", name="Assign").click()
    page.locator("#sheet").get_by_label("Collector").select_option(str(collector.pk))
    assert_accessible(page)
    page.locator("#sheet").get_by_role("button", name="Assign").click()
    expect(page.locator("tbody tr", has_text="Third")).to_contain_text("Qian Collector")
    assert set(Case.objects.filter(collector=collector).values_list("account__name", flat=True)) == {"First", "Third"}


def test_queue_and_call_screen_fit_a_phone(at_ten, open_page, collector, five):
    page = open_page("dunning:queue", as_user=collector, width=390)
    assert_fits(page)
    assert_accessible(page)
    page.get_by_role("button", name="Call First").click()
    now_calling(page, "First")
    assert_fits(page)
    page.get_by_role("radio", name="no answer").check(force=True)
    page.get_by_role("button", name="Save, next customer").click()
    now_calling(page, "Second")
    assert CollectionCall.objects.get().outcome == "no_answer"
    assert_accessible(page)
