"""The pages of reconciliation: finance's list is brought, what differs is read and explained (C1)."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from receivables.models import Reconciliation, ReconciliationLine
from tests.factories import make_account, make_invoice

pytestmark = pytest.mark.django_db
DAY = date(2026, 4, 30)
LIST = "Invoice No,Customer,Balance due\nHT-1,Acme,100.00\nHT-2,Acme,200.00\nHT-9,Acme,5.00\n"


@pytest.fixture
def ledger(rep):
    """One invoice that agrees with `LIST`, one of another amount, one that finance does not have."""
    account = make_account(rep, "Acme")
    for number, amount in {"HT-1": "100.00", "HT-2": "250.00", "HT-3": "70.00"}.items():
        make_invoice(account, amount, number=number)


def url(name, *arguments):
    return reverse(f"receivables:{name}", args=arguments)


def bring(browser, text=LIST, **given):
    file = SimpleUploadedFile("open items.csv", text.encode(), content_type="text/csv")
    return browser.post(url("reconcile"), {"file": file, "on": DAY.isoformat(), "currency": "CNY"} | given)


@pytest.fixture
def compared(as_user, collector, ledger):
    """`LIST` beside the ledger."""
    bring(as_user(collector))
    return Reconciliation.objects.get()


def lines_of(page):
    return [
        (each["line"].number, each["line"].difference, each["line"].ours, each["line"].theirs, each["gap"])
        for each in page.context["lines"]
    ]


def test_a_list_is_brought_and_leads_to_what_differs(as_user, collector, ledger):
    browser = as_user(collector)
    answer = bring(browser)
    made = Reconciliation.objects.get()
    assert (answer.status_code, answer.url) == (302, url("reconciliation", made.pk))
    page = browser.get(answer.url)
    assert lines_of(page) == [
        ("HT-2", "amount", Decimal(250), Decimal(200), Decimal(-50)),
        ("HT-9", "missing_here", None, Decimal(5), Decimal(5)),
        ("HT-3", "missing_there", Decimal(70), None, Decimal(-70)),
    ]
    text = page.content.decode()
    for words in (
        "open items.csv",
        "¥420.00",
        "¥305.00",
        "Missing here",
        "Missing in finance&#x27;s list",
        "Different amount",
    ):
        assert words in text
    assert reverse("receivables:invoice", args=[ReconciliationLine.objects.get(number="HT-2").invoice_id]) in text
    assert "3 to explain" in browser.get(url("reconcile")).content.decode()


@pytest.mark.parametrize(
    ("asked", "numbers"),
    [
        ({"difference": "amount"}, ["HT-2"]),
        ({"difference": "missing_here"}, ["HT-9"]),
        ({"difference": "missing_there"}, ["HT-3"]),
        ({"difference": "nonsense"}, ["HT-2", "HT-9", "HT-3"]),
        ({"unexplained": "1"}, ["HT-9", "HT-3"]),
    ],
)
def test_the_differences_are_narrowed(as_user, collector, compared, asked, numbers):
    browser = as_user(collector)
    explained = compared.lines.get(number="HT-2")
    browser.post(url("explain_difference", explained.pk), {"note": "Part credit of May"})
    page = browser.get(url("reconciliation", compared.pk), asked)
    assert [line[0] for line in lines_of(page)] == numbers


def test_a_difference_is_explained(as_user, collector, compared):
    browser = as_user(collector)
    line = compared.lines.get(number="HT-9")
    assert browser.post(url("explain_difference", line.pk), {"note": " "}).status_code == 422
    answer = browser.post(url("explain_difference", line.pk), {"note": "Invoiced on 2 May"})
    assert (answer.status_code, answer.url) == (302, url("reconciliation", compared.pk))
    assert "Invoiced on 2 May" in browser.get(answer.url).content.decode()
    assert "2 to explain" in browser.get(url("reconcile")).content.decode()


def test_a_list_that_agrees_says_so(as_user, collector, ledger):
    browser = as_user(collector)
    answer = bring(browser, "Invoice No,Balance due\nHT-1,100\nHT-2,250\nHT-3,70\n")
    assert "Every line agrees to the cent." in browser.get(answer.url).content.decode()
    assert "explained" in browser.get(url("reconcile")).content.decode()


@pytest.mark.parametrize(
    ("text", "given", "says"),
    [
        ("", {}, "The submitted file is empty."),
        ("Name,City\nAcme,Rome\n", {}, "The list needs a column"),
        ("Invoice No,Balance due\nHT-1,lots\n", {}, "Row 2 cannot be read"),
        (LIST, {"currency": "XXX"}, "Select a valid choice"),
        (LIST, {"on": "30 April"}, "Enter a valid date"),
        (LIST, {"on": "2999-01-01"}, "still to come"),
    ],
)
def test_a_file_that_is_no_list_is_refused(as_user, collector, ledger, text, given, says):
    answer = bring(as_user(collector), text, **given)
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert not Reconciliation.objects.exists()


def test_only_who_reconciles_sees_it(as_user, collector, rep, manager, executive, compared):
    line = compared.lines.get(number="HT-9")
    for person in (rep, manager, executive):
        browser = as_user(person)
        assert bring(browser).status_code == 403
        assert browser.get(url("reconciliation", compared.pk)).status_code == 403
        assert browser.post(url("explain_difference", line.pk), {"note": "Mine"}).status_code == 403
    browser = as_user(collector)
    assert browser.get(url("reconciliation", compared.pk + 1)).status_code == 404
    assert browser.post(url("explain_difference", line.pk + 999), {"note": "Gone"}).status_code == 404
    assert Reconciliation.objects.count() == 1
    line.refresh_from_db()
    assert line.cleared_note == ""
