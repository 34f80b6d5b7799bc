"""/api/v1/ of the ledger: the same rules, scope and refusals as the pages; money moves once a key."""

from decimal import Decimal
from uuid import uuid4

import pytest

from core.models import Role
from receivables import actions
from receivables.choices import WriteOffReason
from receivables.models import Allocation, Invoice, Payment
from tests.cast import person
from tests.factories import make_account, make_invoice, make_payment

pytestmark = pytest.mark.django_db


@pytest.fixture
def api(as_user):
    def call(user, method, path, body=None, key=True, **headers):
        if method == "get":
            return as_user(user).get(f"/api/v1/{path}", body or {}, headers=headers)
        if method == "post" and key:
            headers["Idempotency-Key"] = key if isinstance(key, str) else uuid4().hex
        sender = getattr(as_user(user), method)
        return sender(f"/api/v1/{path}", body or {}, content_type="application/json", headers=headers)

    return call


@pytest.fixture
def account(rep):
    return make_account(rep, "Acme")


def test_an_invoice_is_recorded_shown_and_listed(api, collector, rep, other_rep, account):
    body = {"account": account.pk, "number": "INV-7", "amount": "1200.50", "currency": "CNY", "issued_on": "2026-03-02"}
    made = api(collector, "post", "invoices/", body)
    assert made.status_code == 201, made.content
    invoice = made.json()
    assert (invoice["open_amount"], invoice["due_on"], invoice["account_name"]) == ("1200.50", "2026-04-01", "Acme")
    path = f"invoices/{invoice['id']}/"
    assert api(rep, "get", path).json()["number"] == "INV-7"
    assert api(other_rep, "get", path).status_code == 404
    assert api(rep, "post", "invoices/", body | {"number": "INV-8"}).status_code == 403
    assert [row["number"] for row in api(collector, "get", "invoices/", {"sort": "due_on"}).json()["results"]] == [
        "INV-7"
    ]
    papers = api(collector, "patch", path, {"papers": "incomplete", "missing_papers": ["delivery_note"]})
    assert (papers.status_code, papers.json()["missing_papers"]) == (200, ["delivery_note"])
    twice = api(collector, "post", "invoices/", body)
    assert (twice.status_code, twice.json()["error"]["code"]) == (422, "duplicate")


def test_money_needs_a_key_and_moves_once(api, collector, account):
    invoice = make_invoice(account, "100.00")
    body = {
        "account": account.pk, "amount": "60.00", "currency": "CNY", "received_on": "2026-04-01",
        "lines": [{"invoice": invoice.pk, "amount": "50.00"}, {"invoice": invoice.pk, "amount": "5.00"}],
    }  # fmt: skip
    bare = api(collector, "post", "payments/", body, key=False)
    assert (bare.status_code, bare.json()["error"]["code"]) == (400, "idempotency_key_missing")
    first, second = (api(collector, "post", "payments/", body, key="once") for _twice in range(2))
    assert (first.status_code, second.status_code) == (201, 201)
    assert (first.json(), second["Idempotent-Replay"]) == (second.json(), "true")
    assert (Payment.objects.count(), first.json()["unallocated"]) == (1, "5.00")
    other = api(collector, "post", "payments/", body | {"amount": "70.00"}, key="once")
    assert (other.status_code, other.json()["error"]["code"]) == (422, "idempotency_mismatch")


def test_a_payment_is_proposed_allocated_listed_and_reversed(api, collector, rep, account):
    make_invoice(account, "60.00", number="INV-1")
    payment = make_payment(account, "100.00")
    path = f"payments/{payment.pk}/"
    proposal = api(rep, "get", path + "proposal/").json()
    assert (proposal["left"], proposal["lines"][0]["because"], proposal["lines"][0]["reason"]) == (
        "40.00", "only_debt", "nothing else is open",
    )  # fmt: skip
    assert api(rep, "post", path + "allocate/").status_code == 403
    done = api(collector, "post", path + "allocate/", {"seen": "100.00"})
    assert (done.status_code, done.json()["unallocated"]) == (200, "40.00")
    stale = api(collector, "post", path + "allocate/", {"seen": "100.00"})
    assert (stale.status_code, stale.json()["error"]["details"]["current"]["unallocated"]) == (409, "40.00")
    lines = api(collector, "get", path + "allocations/").json()
    assert [(line["invoice_number"], line["amount"], line["rule"]) for line in lines] == [("INV-1", "60.00", "statute")]
    undone = api(collector, "post", f"allocations/{lines[0]['id']}/reverse/", {"reason": "Wrong"})
    assert (undone.status_code, undone.json()["amount"], undone.json()["reverses"]) == (201, "-60.00", lines[0]["id"])
    back = api(collector, "post", path + "reverse/", {"reason": "Cheque returned"})
    assert (back.json()["unallocated"], back.json()["reversed_on"] is None) == ("0.00", False)
    assert api(collector, "post", path + "reverse/", {"reason": "Again"}).status_code == 409
    assert Invoice.objects.get().open_amount == Decimal(60)


def test_money_of_nobody_is_assigned_and_paid_back(api, collector, rep, account):
    made = api(collector, "post", "payments/", {"amount": "80.00", "received_on": "2026-04-01", "payer": "Somebody"})
    path = f"payments/{made.json()['id']}/"
    assert api(rep, "get", path).status_code == 404
    assert api(collector, "post", path + "assign/", {"account": account.pk}).json()["account_name"] == "Acme"
    refund = {"account": account.pk, "amount": "30.00", "paid_on": "2026-04-02"}
    assert api(collector, "post", "payments/refund/", refund).json()["flow"] == "refund"
    assert api(rep, "get", path).json()["unallocated"] == "50.00"
    refused = api(collector, "post", "payments/refund/", refund | {"amount": "50.01"})
    assert (refused.status_code, refused.json()["error"]["field"]) == (422, "amount")


def test_a_credit_note_lowers_and_is_reversed(api, collector, account):
    invoice = make_invoice(account, "60.00")
    body = {"account": account.pk, "number": "CN-1", "amount": "20.00", "issued_on": "2026-04-01", "reason": "return"}
    made = api(collector, "post", "credit-notes/", body)
    assert made.status_code == 201, made.content
    path = f"credit-notes/{made.json()['id']}/"
    assert api(collector, "get", path + "proposal/").json()["lines"][0]["invoice"] == invoice.pk
    assert api(collector, "post", path + "allocate/").json()["unallocated"] == "0.00"
    assert len(api(collector, "get", f"invoices/{invoice.pk}/allocations/").json()) == 1
    assert api(collector, "post", path + "reverse/", {"reason": "Twice"}).status_code == 200
    assert len(api(collector, "get", path + "allocations/").json()) == 2


def test_a_write_off_takes_two(api, collector, manager, company, account):
    invoice = make_invoice(account, "60.00")
    body = {"invoice": invoice.pk, "amount": "10.00", "reason": "small", "note": "Bank fees"}
    asked = api(collector, "post", "write-offs/", body).json()
    path = f"write-offs/{asked['id']}/"
    own = api(collector, "post", path + "approve/")
    assert (own.status_code, own.json()["error"]["code"]) == (422, "own_request")
    assert api(manager, "post", path + "approve/").json()["decision"] == "approved"
    assert api(manager, "post", path + "refuse/", {"because": "Late"}).status_code == 409
    assert api(collector, "post", path + "reverse/", {"reason": "Paid"}).status_code == 200
    second = actions.request_write_off(
        by=collector, invoice_id=invoice.pk, amount=Decimal(5), reason=WriteOffReason.SMALL, note="Fees"
    )
    other = person("Second", Role.FINANCE, company)
    refused = api(other, "post", f"write-offs/{second.pk}/refuse/", {"because": "They will pay"})
    assert (refused.json()["decision"], refused.json()["decided_by"]) == ("refused", other.pk)


def test_disputes_charges_causes_and_holds(api, collector, rep, other_rep, account):
    invoice = make_invoice(account, "60.00")
    body = {"invoice": invoice.pk, "amount": "10.00", "reason": "quality"}
    assert api(other_rep, "post", "disputes/", body).status_code == 404
    dispute = api(rep, "post", "disputes/", body).json()
    assert api(rep, "get", f"invoices/{invoice.pk}/").json()["disputed_amount"] == "10.00"
    closed = {"outcome": "ours", "resolution": "Slip shown"}
    assert api(rep, "post", f"disputes/{dispute['id']}/resolve/", closed).json()["outcome"] == "ours"
    charge = {"amount": "15.00", "reason": "Court fee"}
    assert api(collector, "post", f"invoices/{invoice.pk}/charges/", charge).status_code == 201
    claimed = api(collector, "post", f"invoices/{invoice.pk}/claim-interest/", {"on": "2026-05-01"})
    assert (claimed.status_code, claimed.json()["amount"]) == (201, "0.90")
    assert [row["kind"] for row in api(rep, "get", f"invoices/{invoice.pk}/charges/").json()] == ["costs", "interest"]
    cause = api(collector, "post", "causes/", {"account": account.pk, "cause": "shortage", "note": "Says so"})
    assert (cause.status_code, cause.json()["ended_on"]) == (201, None)
    assert api(collector, "post", "causes/", {"account": account.pk, "cause": None}).status_code == 204
    hold = api(collector, "post", "supply-holds/", {"account": account.pk, "reason": "Promises broken"}).json()
    assert api(rep, "get", "supply-holds/").json()["results"][0]["id"] == hold["id"]
    lift = f"supply-holds/{hold['id']}/lift/"
    assert api(collector, "post", lift, {"because": "Paid"}).status_code == 200
    assert api(collector, "post", lift, {"because": "Paid"}).status_code == 404


def test_a_contract_is_recorded_and_edited_over_its_version(api, collector, account):
    made = api(collector, "post", "contracts/", {"account": account.pk, "number": "HT-1", "terms_days": 60})
    assert (made.status_code, made["ETag"]) == (201, '"1"')
    path = f"contracts/{made.json()['id']}/"
    assert api(collector, "patch", path, {"security": "Mortgage"}, **{"If-Match": '"1"'}).json()["version"] == 2
    assert api(collector, "patch", path, {"security": ""}, **{"If-Match": '"1"'}).status_code == 412


def test_nothing_of_a_refused_request_stays(api, collector, account):
    """The payment is entered and its allocation refused: neither is there, and the key may be used again."""
    dollars = make_invoice(account, "60.00", currency="USD")
    body = {
        "account": account.pk,
        "amount": "60.00",
        "received_on": "2026-04-01",
        "lines": [{"invoice": dollars.pk, "amount": "1.00"}],
    }
    assert api(collector, "post", "payments/", body, key="k").status_code == 422
    assert not Payment.objects.exists()
    assert api(collector, "post", "payments/", body | {"lines": []}, key="k").status_code == 201
    assert not Allocation.objects.exists()


@pytest.mark.parametrize(
    "path", ["invoices/", "payments/", "allocations/", "credit-notes/", "write-offs/", "disputes/"]
)
def test_a_list_asks_the_same_of_the_database_for_two_rows_and_twenty(
    path, as_user, collector, account, django_assert_max_num_queries
):
    def fill(count):
        for _each in range(count):
            invoice = make_invoice(account, "60.00")
            actions.record_credit_note(
                by=collector, account_id=account.pk, number=f"CN-{invoice.pk}", amount=Decimal(1), currency="CNY",
                issued_on=invoice.issued_on, designated={invoice.pk: Decimal(1)},
            )  # fmt: skip
            make_payment(account, "5.00")
            actions.request_write_off(
                by=collector, invoice_id=invoice.pk, amount=Decimal(1), reason="small", note="Fee"
            )
            actions.open_dispute(by=collector, invoice_id=invoice.pk, amount=Decimal(1), reason="price")

    browser, address = as_user(collector), f"/api/v1/{path}"
    fill(2)
    browser.get(address)
    with django_assert_max_num_queries(4):
        browser.get(address)
    fill(18)
    with django_assert_max_num_queries(4):
        assert len(browser.get(address).json()["results"]) == 20
