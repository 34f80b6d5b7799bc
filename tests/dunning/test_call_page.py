"""The call screen as a page: what it shows, what it logs, what it keeps when something is wrong."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Account
from core.models import AuditEvent
from dunning import actions
from dunning.models import Case, CollectionCall, Promise
from receivables.actions import note_interruption
from receivables.models import CauseFinding, Contract, Invoice
from relationships.models import ContactChannel
from tests.factories import make_account, make_contact, make_invoice

pytestmark = pytest.mark.django_db

TODAY = date(2026, 6, 2)
TUESDAY = datetime(2026, 6, 2, 10, 30, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture(autouse=True)
def on_tuesday():
    """A working Tuesday at half past ten."""
    with time_machine.travel(TUESDAY, tick=False):
        yield


@pytest.fixture
def acme(rep):
    """Owes ¥5,000 of contract HT-7 since 20 days, and ¥2,000 of which the delivery note is missing."""
    account = make_account(
        rep, "Acme", paying_days=[5], payment_method="transfer", payment_procedure="The finance manager signs.", bank_name="ICBC"
    )  # fmt: skip
    contact = make_contact(rep, account, "Wang Fang")
    contact.positions.update(roles=["payment_handler"], title="Accountant")
    ContactChannel.objects.create(contact=contact, kind="mobile", value="139 0000 0001")
    contract = Contract.objects.create(account=account, number="HT-7", currency="CNY")
    make_invoice(account, "5000.00", number="F-1", due_on=TODAY - timedelta(days=20), contract=contract)
    make_invoice(
        account, "2000.00", number="F-2", due_on=TODAY - timedelta(days=5), papers="incomplete", missing_papers=["delivery_note"]
    )  # fmt: skip
    actions.refresh_cases(account_ids=[account.pk])
    return account


def url(account, name="call"):
    return reverse(f"dunning:{name}", args=[account.pk])


def filled(account, **values):
    """A form as the page sends it."""
    contact = account.positions.first().contact_id
    return {"contact": contact, "channel": "phone", "currency": "CNY", "said": "Next run.", **values}


def test_everything_one_needs_stands_on_the_page(as_user, collector, acme):
    CauseFinding.objects.create(account=acme, cause="shortage", on=TODAY, by=collector)
    actions.set_case(by=collector, account_id=acme.pk, goal="All by Friday", minimum="Half this week")
    page = as_user(collector).get(url(acme)).content.decode()
    for words in (
        "Acme", "¥7,000.00", "20 days", "normal collection", "Good now", "Wang Fang", "tel:13900000001", "Handles payment",
        "F-1", "HT-7", "Papers first:", "delivery note", "5 Jun", "Bank transfer", "The finance manager signs.", "ICBC",
        "All by Friday", "Half this week", "short of cash", "instalments with dates", "until 13 May 2029", "Li Lei",
    ):  # fmt: skip
        assert words in page, words


def test_the_next_last_day_to_sue_is_in_sight_and_can_be_put_off_with_evidence(as_user, collector, manager, acme):
    oldest = make_invoice(acme, "900.00", number="F-0", due_on=date(2023, 6, 20))
    make_invoice(acme, "800.00", number="F-9", due_on=date(2023, 7, 5))
    make_invoice(acme, "700.00", number="F-8", due_on=date(2023, 5, 1))
    sheet = reverse("receivables:note_interruption", args=[acme.pk])
    page = as_user(collector).get(url(acme)).content.decode()
    assert "until 20 Jun 2026" in page
    assert sheet in page
    note_interruption(
        by=collector, account_id=acme.pk, kind="demand", on=TODAY, evidence="EMS 7", invoice_ids=[oldest.pk]
    )
    page = as_user(manager).get(url(acme)).content.decode()
    assert "until 5 Jul 2026" in page
    assert sheet not in page
    Invoice.objects.exclude(number="F-8").update(open_amount=0, settled_on=TODAY)
    assert "expired 1 May 2026" in as_user(manager).get(url(acme)).content.decode()


def test_the_script_names_contract_and_amount_in_both_languages(as_user, collector, acme):
    page = as_user(collector).get(url(acme)).content.decode()
    assert "contract HT-7, invoice F-1: ¥5,000.00, due on" in page
    assert "合同HT-7、发票F-1：¥5,000.00，到期日2026年5月13日" in page
    for phrase in ("sorry to trouble", "sorry to bother", "不好意思", "打扰"):
        assert phrase not in page


def test_a_promise_is_logged_and_the_next_customer_comes(as_user, rep, collector, acme):
    other = make_account(rep, "Other")
    make_invoice(other, "90000.00", due_on=TODAY - timedelta(days=3))
    actions.refresh_cases(account_ids=[other.pk])
    browser = as_user(collector)
    browser.post(url(acme, "claim_case"))
    invoice = Invoice.objects.get(number="F-1")
    answer = browser.post(
        url(acme, "log_call"),
        filled(
            acme, outcome="promise", cause="shortage", invoices=[invoice.pk],
            amount=["3,000.00", "2000"], due_on=["2026-06-05", "2026-06-12"],
        ),
    )  # fmt: skip
    assert answer.headers["Location"] == url(other)
    promise = Promise.objects.get()
    assert promise.amount == Decimal(5000)
    assert [part.due_on for part in promise.instalments.all()] == [date(2026, 6, 5), date(2026, 6, 12)]
    assert list(promise.invoices.all()) == [invoice]
    call = CollectionCall.objects.get()
    assert (call.person, call.cause, call.said, call.next_action) == ("Wang Fang", "shortage", "Next run.", "wait")
    assert Case.objects.get(account=acme).claimed_by is None
    assert Case.objects.get(account=other).claimed_by == collector
    page = browser.get(url(other)).content.decode()
    letter = reverse("dunning:confirmation", args=[promise.pk])
    assert "Logged: Acme promises ¥5,000.00 by 12 Jun 2026." in page
    assert f'href="{letter}"' in page
    assert browser.get(letter).headers["Location"] == reverse("dunning:promises")
    written = actions.confirm_promise(promise_id=promise.pk)
    assert browser.get(letter).headers["Location"] == reverse("dunning:message", args=[written.pk])


def test_a_new_promise_takes_the_place_of_the_open_one(as_user, collector, acme):
    browser = as_user(collector)
    browser.post(url(acme, "log_call"), filled(acme, outcome="promise", amount="7000", due_on="2026-06-05"))
    assert "It takes the place of the promise of ¥7,000.00" in browser.get(url(acme)).content.decode()
    browser.post(url(acme, "log_call"), filled(acme, outcome="promise", amount="7000", due_on="2026-06-09"))
    assert list(Promise.objects.order_by("id").values_list("state", flat=True)) == ["replaced", "open"]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "Say how the call ended."),
        ({"outcome": "promise"}, "A promise names an amount and a day."),
        ({"outcome": "promise", "amount": "much", "due_on": "2026-06-05"}, "An instalment is an amount and a day."),
        ({"outcome": "promise", "amount": "9000000", "due_on": "2026-06-05"}, "no more can be promised"),
        ({"outcome": "promise", "amount": "10", "due_on": "2026-05-05"}, "The money is promised for a later day."),
        ({"outcome": "refused", "contact": "other"}, "Say who you spoke with."),
        ({"outcome": "refused", "next_action_on": "2026-05-05"}, "The next step lies ahead."),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(as_user, collector, acme, given, said):
    answer = as_user(collector).post(url(acme, "log_call"), filled(acme, **{"said": "He is away till Monday", **given}))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert said in page
    assert "He is away till Monday" in page
    if "amount" in given:
        assert f'value="{given["amount"]}"' in page
    assert not CollectionCall.objects.exists()


def test_a_claim_that_passed_to_a_colleague_is_said_before_logging(as_user, collector, manager, acme):
    actions.claim_case(by=manager, account_id=acme.pk)
    browser = as_user(collector)
    answer = browser.post(url(acme, "log_call"), filled(acme, outcome="no_answer", said="Rang twice"))
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Wang Manager is working at this customer just now." in page
    assert "Rang twice" in page
    assert not CollectionCall.objects.exists()
    browser.post(url(acme, "log_call"), filled(acme, outcome="no_answer", said="Rang twice", anyway="1"))
    assert CollectionCall.objects.get().said == "Rang twice"
    assert Case.objects.get(account=acme).claimed_by == manager


def test_sent_twice_it_is_logged_once(as_user, collector, acme):
    browser, form = as_user(collector), filled(acme, outcome="no_answer", _once="6d3a")
    answers = [browser.post(url(acme, "log_call"), form) for _time in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert CollectionCall.objects.count() == 1


def test_papers_are_put_right_on_one_sheet(as_user, collector, manager, acme):
    invoice = Invoice.objects.get(number="F-2")
    browser, field = as_user(collector), f"invoice-{invoice.pk}-papers"
    assert "F-2" in browser.get(url(acme, "fix_papers")).content.decode()
    assert "Fix papers" not in as_user(manager).get(url(acme)).content.decode()
    assert browser.post(url(acme, "fix_papers"), {field: "torn"}).status_code == 422
    answer = browser.post(url(acme, "fix_papers"), {field: "received"}, headers={"HX-Request": "true"})
    assert answer.status_code == 204
    invoice.refresh_from_db()
    assert (invoice.papers, invoice.missing_papers) == ("received", [])
    assert AuditEvent.objects.filter(code="receivables.papers_set").count() == 1


def test_a_missing_paper_keeps_them_incomplete(as_user, collector, acme):
    invoice = Invoice.objects.get(number="F-2")
    given = {
        f"invoice-{invoice.pk}-papers": "received",
        f"invoice-{invoice.pk}-missing_papers": ["acceptance"],
    }
    as_user(collector).post(url(acme, "fix_papers"), given)
    invoice.refresh_from_db()
    assert (invoice.papers, invoice.missing_papers) == ("incomplete", ["acceptance"])


def test_goal_and_hours_are_edited_in_a_sheet(as_user, collector, acme):
    browser = as_user(collector)
    form = {
        "goal": "All of it", "minimum": "Half", "time_zone": "Europe/London", "opens_at": "08:30", "closes_at": "17:30",
        "lunch_from": "12:00", "lunch_to": "13:00",
    }  # fmt: skip
    assert "Our goal" in browser.get(url(acme, "edit_case")).content.decode()
    assert browser.post(url(acme, "edit_case"), {**form, "time_zone": "Mars/Base"}).status_code == 422
    assert browser.post(url(acme, "edit_case"), form, headers={"HX-Request": "true"}).status_code == 204
    case = Case.objects.get(account=acme)
    assert (case.goal, case.time_zone) == ("All of it", "Europe/London")


def test_dunning_is_held_with_a_reason_and_goes_on(as_user, collector, acme):
    browser = as_user(collector)
    assert browser.post(url(acme, "pause_case"), {"until": "2026-06-20"}).status_code == 422
    browser.post(url(acme, "pause_case"), {"until": "2026-06-20", "reason": "Their flood"})
    assert "Dunning is held: Their flood" in browser.get(url(acme)).content.decode()
    browser.post(url(acme, "resume_case"))
    assert Case.objects.get(account=acme).paused_until is None


def test_the_letter_of_a_promise_out_of_sight_is_404(as_user, rep, collector, other_manager, acme):
    as_user(collector).post(url(acme, "log_call"), filled(acme, outcome="promise", amount="7000", due_on="2026-06-05"))
    letter = reverse("dunning:confirmation", args=[Promise.objects.get().pk])
    assert as_user(other_manager).get(letter).status_code == 404
    assert as_user(rep).get(letter).status_code == 403


def test_out_of_sight_is_404_and_without_the_right_403(as_user, rep, executive, other_manager, acme):
    for name in ("call", "log_call", "claim_case", "next_case", "edit_case", "pause_case"):
        assert as_user(other_manager).post(url(acme, name)).status_code == 404, name
        assert as_user(rep).post(url(acme, name)).status_code == 403, name
        assert as_user(executive).post(url(acme, name)).status_code == 403, name


def test_what_they_call_a_customer_never_breaks_the_page(as_user, collector, acme):
    Account.objects.filter(pk=acme.pk).update(name='<b>"Acme" {0} {promise}</b>')
    acme.positions.all().delete()
    page = as_user(collector).get(url(acme))
    assert page.status_code == 200
    assert "<b>" not in page.content.decode()


def test_the_screen_costs_the_same_for_a_key_account(as_user, collector, acme):
    browser, costs = as_user(collector), []
    for count in (1, 30):
        for number in range(count):
            make_invoice(acme, "10.00", number=f"K-{count}-{number}", due_on=TODAY - timedelta(days=number + 1))
            actions.log_call(by=collector, account_id=acme.pk, outcome="no_answer")
        browser.get(url(acme))
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(url(acme)).status_code == 200
        costs.append(len(queries))
    assert costs[1] <= costs[0] <= 20, "\n".join(query["sql"][:160] for query in queries.captured_queries)


@pytest.mark.parametrize(
    ("days", "named"), [(0, ">tomorrow<"), (3, ">next working day<")]
)  # the Tuesday, and its Friday
def test_a_next_step_is_planned_for_the_working_day_after_by_its_name(as_user, collector, acme, days, named):
    with time_machine.travel(TUESDAY + timedelta(days=days), tick=False):
        page = as_user(collector).get(url(acme)).content.decode()
    assert [word for word in (">tomorrow<", ">next working day<") if word in page] == [named]
