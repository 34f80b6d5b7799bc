"""The right to sue runs out (C14): seen in the list, on the invoice and in the API, and started anew with evidence."""

from datetime import date

import pytest
import time_machine
from django.urls import reverse

from core.models import AuditEvent
from receivables.models import Interruption
from tests.factories import make_account, make_invoice

pytestmark = pytest.mark.django_db
DEMAND = {"kind": "demand", "on": "2026-03-30", "evidence": "EMS 1234"}


@pytest.fixture(autouse=True)
def first_of_april():
    with time_machine.travel("2026-04-01T09:00+08:00", tick=False):
        yield


@pytest.fixture
def account(rep):
    return make_account(rep, "Acme")


@pytest.fixture
def invoice(account):
    """Thirty days are left."""
    return make_invoice(account, "100.00", due_on=date(2023, 5, 1))


@pytest.fixture
def api(as_user):
    def call(user, method, path, body=None, **headers):
        sender = getattr(as_user(user), method)
        if method == "get":
            return sender(f"/api/v1/{path}", body or {})
        return sender(f"/api/v1/{path}", body, content_type="application/json", headers=headers)

    return call


@pytest.mark.parametrize(("wanted", "numbers"), [("near", ["B", "C"]), ("pressing", ["B"]), ("passed", ["A"])])
def test_the_list_finds_what_is_near_with_its_last_day(as_user, rep, other_rep, account, wanted, numbers):
    for number, due_on in {"A": (2023, 3, 31), "B": (2023, 5, 31), "C": (2023, 9, 28), "D": (2023, 9, 29)}.items():
        make_invoice(account, due_on=date(*due_on), number=number)
    make_invoice(account, due_on=date(2023, 5, 1), number="settled", open_amount=0, settled_on=date(2023, 5, 2))
    answer = as_user(rep).get(reverse("receivables:list_invoices"), {"right_to_sue": wanted, "export": "csv"})
    rows = [line.split(",") for line in b"".join(answer).decode().splitlines()]
    column = rows[0].index("Right to sue until")
    assert [row[0] for row in rows[1:]] == numbers
    if wanted == "near":
        assert [row[column] for row in rows[1:]] == ["2026-05-31", "2026-09-28"]
    page = as_user(rep).get(reverse("receivables:list_invoices"), {"right_to_sue": wanted})
    assert b"Right to sue until" in page.content
    assert b"Acme" not in as_user(other_rep).get(reverse("receivables:list_invoices"), {"right_to_sue": wanted}).content


def test_a_page_of_the_list_asks_no_more_for_many_rows(as_user, rep, account, django_assert_max_num_queries):
    url = reverse("receivables:list_invoices")
    browser = as_user(rep)
    for number in range(30):
        make_invoice(account, due_on=date(2023, 5, 1), number=f"N{number}")
    browser.get(url, {"right_to_sue": "near"})
    with django_assert_max_num_queries(5):
        assert browser.get(url, {"right_to_sue": "near"}).status_code == 200


def test_the_page_of_an_invoice_says_it_and_offers_what_restarts_it(as_user, collector, rep, invoice):
    url = reverse("receivables:note_interruption", args=[invoice.account_id])
    page = as_user(collector).get(invoice.get_absolute_url()).content.decode()
    assert "in 30 days" in page
    assert url in page
    assert url not in as_user(rep).get(invoice.get_absolute_url()).content.decode()
    assert as_user(collector).post(url, DEMAND).status_code == 302
    assert "EMS 1234" in as_user(collector).get(invoice.get_absolute_url()).content.decode()


def test_the_api_shows_it_and_takes_evidence_once(api, collector, rep, other_rep, invoice):
    path = f"invoices/{invoice.pk}/right-to-sue/"
    plain = {"expires_on": "2026-05-01", "days_left": 30, "revived": False, "restarts": []}
    assert api(rep, "get", path).json() == plain
    assert [row["id"] for row in api(rep, "get", "invoices/", {"right_to_sue": "pressing"}).json()["results"]] == [
        invoice.pk
    ]
    for _time in range(2):
        noted = api(collector, "post", path, DEMAND, **{"Idempotency-Key": "demand-of-march"})
        assert (noted.status_code, noted.json()["expires_on"]) == (201, "2029-03-30")
        assert noted.json()["restarts"] == [{**DEMAND, "counts": True}]
    assert Interruption.objects.get().invoice_id == invoice.pk
    assert AuditEvent.objects.get(code="receivables.limitation_interrupted").account_id == invoice.account_id
    assert api(rep, "get", "invoices/", {"right_to_sue": "pressing"}).json()["results"] == []
    assert api(other_rep, "get", path).status_code == 404


@pytest.mark.parametrize(
    ("change", "field"),
    [({"kind": "payment"}, "kind"), ({"evidence": " "}, "evidence"), ({"on": "2026-04-02"}, "on")],
)
def test_the_api_refuses_what_proves_nothing(api, collector, invoice, change, field):
    path = f"invoices/{invoice.pk}/right-to-sue/"
    refused = api(collector, "post", path, DEMAND | change, **{"Idempotency-Key": "k1"})
    error = refused.json()["error"]
    assert refused.status_code in (400, 422)
    assert field in (error["field"], *error["details"].get("fields", ()))
    assert not Interruption.objects.exists()


def test_noting_it_is_for_finance_and_needs_a_key(api, collector, rep, other_rep, invoice):
    path = f"invoices/{invoice.pk}/right-to-sue/"
    assert api(rep, "post", path, DEMAND, **{"Idempotency-Key": "k2"}).status_code == 403
    assert api(other_rep, "post", path, DEMAND, **{"Idempotency-Key": "k3"}).status_code == 404
    assert api(collector, "post", path, DEMAND).status_code == 400
    assert not Interruption.objects.exists()
