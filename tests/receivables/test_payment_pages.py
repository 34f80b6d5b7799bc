"""The pages of payments and credit notes: entering them with a proposal, allocating the rest, taking them back."""

import csv
from datetime import date, timedelta
from decimal import Decimal
from io import StringIO

import pytest
from django.urls import reverse

from core.workdays import today
from receivables import actions, queries
from receivables.models import Allocation, CreditNote, Payment
from tests.factories import make_account, make_invoice, make_payment

pytestmark = pytest.mark.django_db


@pytest.fixture
def account(rep):
    return make_account(rep, name="Acme")


@pytest.fixture
def invoices(account):
    """Two due, the second of them larger; one not due."""
    on = today()
    return [
        make_invoice(account, "100.00", due_on=on - timedelta(days=60), number="A-1"),
        make_invoice(account, "200.00", due_on=on - timedelta(days=30), number="A-2"),
        make_invoice(account, "400.00", due_on=on + timedelta(days=30), number="A-3"),
    ]


def url(name, *arguments):
    return reverse(f"receivables:{name}", args=arguments)


def entry(account, **words):
    return {
        "account": account.pk if account else "", "account-text": account.name if account else "", "amount": "250.00", "currency": "CNY",
        "received_on": today().isoformat(), "method": "transfer", "how": "by_rule", **words,
    }  # fmt: skip


def shown(response):
    return [(line["invoice"].number, line["amount"], line["because"]) for line in response.context["proposal"].lines]


# ------------------------------------------------------------------ the proposal


def test_the_proposal_says_where_each_cent_goes_and_why(as_user, collector, account, invoices):
    browser = as_user(collector)
    response = browser.get(url("propose_payment"), entry(account))
    found = queries.propose_for(collector, account_id=account.pk, currency="CNY", amount=Decimal(250), on=today())
    assert [line[:2] for line in shown(response)] == [("A-1", Decimal(100)), ("A-2", Decimal(150))]
    assert [line[2] for line in shown(response)] == [line.because.label for line in found.lines]
    assert "due earlier" in response.content.decode()
    assert response.context["proposal"].left == 0
    page = response.content.decode()
    assert "¥150.00" in page
    assert "¥50.00" in page  # what stays open of A-2


def test_the_proposal_takes_the_customers_word_first(as_user, collector, account, invoices):
    response = as_user(collector).get(url("propose_payment"), entry(account, designation="for A-3"))
    assert [line[0] for line in shown(response)] == ["A-3"]


def test_the_proposal_says_what_remains_and_what_cannot_be(as_user, collector, account, invoices):
    browser = as_user(collector)
    rich = browser.get(url("propose_payment"), entry(account, amount="1000"))
    assert rich.context["proposal"].left == 300
    agreed = browser.get(url("propose_payment"), entry(account, how="oldest_first"))
    assert b"Oldest first holds only where" in agreed.content
    assert b"Choose the customer" in browser.get(url("propose_payment"), entry(None)).content
    other = browser.get(url("propose_payment"), entry(account, currency="USD"))
    assert b"Nothing is open in this currency" in other.content


def test_named_amounts_are_added_up(as_user, collector, account, invoices):
    words = {f"designated-{invoices[2].pk}": "300"}
    response = as_user(collector).get(url("propose_payment"), entry(account, how="designated", **words))
    proposal = response.context["proposal"]
    assert [box["invoice"].number for box in proposal.boxes] == ["A-1", "A-2", "A-3"]
    assert (proposal.total, proposal.left, proposal.is_too_much) == (300, -50, True)


# ------------------------------------------------------------------ entering


def test_a_payment_is_entered_and_settles_by_rule_once(as_user, collector, account, invoices):
    browser = as_user(collector)
    form = entry(account, _once="one", reference="TT-1")
    assert [browser.post(url("record_payment"), form).status_code for _time in range(2)] == [302, 302]
    payment = Payment.objects.get()
    assert [(row.invoice.number, row.amount) for row in Allocation.objects.order_by("id")] == [
        ("A-1", Decimal(100)),
        ("A-2", Decimal(150)),
    ]
    page = browser.get(payment.get_absolute_url()).content.decode()
    assert "due earlier" in page
    assert "TT-1" in page


def test_a_payment_settles_what_the_customer_named(as_user, collector, account, invoices):
    words = {f"designated-{invoices[2].pk}": "50.00", f"designated-{invoices[0].pk}": ""}
    response = as_user(collector).post(url("record_payment"), entry(account, how="designated", **words))
    assert response.status_code == 302
    assert Allocation.objects.get().invoice == invoices[2]
    assert Payment.objects.get().unallocated == 200


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ({"amount": ""}, "This field is required"),
        ({"received_on": "2099-01-01"}, "day"),
        ({"how": "designated"}, "Enter an amount beside at least one invoice"),
        ({"how": "designated", "named": "1000"}, "A-1"),
        ({"how": "designated", "named": "abc"}, "These are no amounts: abc"),
    ],
)
def test_a_refused_payment_keeps_what_was_typed(as_user, collector, account, invoices, words, sentence):
    named = words.pop("named", None)
    words = words | ({f"designated-{invoices[0].pk}": named} if named else {})
    form = entry(account, reference="KEPT-77", **words)
    response = as_user(collector).post(url("record_payment"), form)
    assert response.status_code == 422
    page = response.content.decode()
    assert "KEPT-77" in page
    assert "Acme" in page
    assert sentence in page
    assert not Payment.objects.exists()


def test_a_payment_entered_twice_is_named_before_it_is_recorded_again(as_user, collector, account, invoices):
    browser = as_user(collector)
    form = entry(account, reference="TT-1")
    browser.post(url("record_payment"), form | {"_once": "one"})
    first = Payment.objects.get()
    assert list(browser.get(url("propose_payment"), form).context["proposal"].similar) == [first]
    again = browser.post(url("record_payment"), form | {"_once": "two", "payer": "KEPT-77"})
    assert again.status_code == 422
    page = again.content.decode()
    assert "Not recorded yet" in page
    assert f'href="{first.get_absolute_url()}"' in page
    assert "KEPT-77" in page
    assert Payment.objects.count() == 1
    assert browser.post(url("record_payment"), form | {"_once": "three", "anyway": "on"}).status_code == 302
    assert Payment.objects.count() == 2


def test_allocating_what_was_reversed_meanwhile_says_who_reversed_it(as_user, collector, account, invoices):
    browser = as_user(collector)
    payment = make_payment(account, "250.00", reference="TT-250")
    actions.reverse_payment(by=collector, payment_id=payment.pk, reason="Bank took it back")
    for ask in (browser.get, browser.post):
        page = ask(url("allocate_payment", payment.pk), follow=True)
        assert page.redirect_chain == [(payment.get_absolute_url(), 302)]
        told = str(next(iter(page.context["messages"])))
        assert told.startswith(f"{collector} reversed TT-250 on ")
        assert told.endswith("Reason: Bank took it back")
    assert f"{collector}: Bank took it back" in " ".join(page.content.decode().split())


def test_money_without_open_invoices_stays_unallocated(as_user, collector, account):
    assert as_user(collector).post(url("record_payment"), entry(account)).status_code == 302
    assert Payment.objects.get().unallocated == 250


def test_money_of_nobody_is_assigned_and_then_allocated(as_user, collector, account, invoices):
    browser = as_user(collector)
    browser.post(url("record_payment"), entry(None, payer="Somebody"))
    payment = Payment.objects.get()
    assert payment.account is None
    assert b"Whose is it?" in browser.get(payment.get_absolute_url()).content
    found = browser.post(url("assign_payment", payment.pk), {"account": account.pk})
    assert found.url == url("allocate_payment", payment.pk)
    page = browser.get(found.url)
    assert shown(page)[0][0] == "A-1"
    done = browser.post(found.url, {"how": "statute", "seen": "250.00"})
    assert done.status_code == 302
    assert Allocation.objects.count() == 2
    assert browser.post(url("assign_payment", payment.pk), {"account": account.pk}).status_code == 409


def test_allocating_over_somebody_elses_is_a_conflict(as_user, collector, account, invoices):
    payment = make_payment(account, "250.00")
    actions.allocate_payment(by=collector, payment_id=payment.pk, designated={invoices[0].pk: Decimal(50)})
    response = as_user(collector).post(
        url("allocate_payment", payment.pk),
        {"how": "designated", "seen": "250.00", f"designated-{invoices[1].pk}": "10"},
    )
    assert response.status_code == 409
    assert Allocation.objects.count() == 1


def test_a_payment_is_reversed_once(as_user, collector, account, invoices):
    browser = as_user(collector)
    browser.post(url("record_payment"), entry(account))
    payment = Payment.objects.get()
    assert browser.post(url("reverse_payment", payment.pk), {"reason": ""}).status_code == 422
    assert browser.post(url("reverse_payment", payment.pk), {"reason": "Bank took it back"}).status_code == 302
    assert browser.post(url("reverse_payment", payment.pk), {"reason": "Again"}).status_code == 409
    page = browser.get(payment.get_absolute_url()).content.decode()
    assert "reversed" in page
    assert "taken back:" in page


def test_a_refund_is_drawn_from_what_is_not_allocated(as_user, collector, account):
    make_payment(account, "80.00", reference="TT-80")
    browser = as_user(collector)
    form = {
        "account": account.pk,
        "amount": "100",
        "currency": "CNY",
        "paid_on": today().isoformat(),
        "method": "transfer",
    }
    assert browser.post(url("record_refund"), form).status_code == 422
    assert browser.post(url("record_refund"), form | {"amount": "80"}).status_code == 302
    refund = Payment.objects.get(flow="refund")
    assert b"TT-80" in browser.get(refund.get_absolute_url()).content


# ------------------------------------------------------------------ credit notes and contracts


def test_a_credit_note_lowers_what_was_named(as_user, collector, account, invoices):
    browser = as_user(collector)
    form = {
        "account": account.pk, "number": "CN-1", "issued_on": "2026-04-01", "amount": "80", "currency": "CNY",
        "reason": "return", "how": "designated", f"designated-{invoices[1].pk}": "30",
    }  # fmt: skip
    assert browser.post(url("record_credit_note"), form).status_code == 302
    note = CreditNote.objects.get()
    assert note.unallocated == 50
    assert b"A-2" in browser.get(note.get_absolute_url()).content
    rest = browser.post(url("allocate_credit_note", note.pk), {"how": "by_rule", "seen": "50.00"})
    assert rest.status_code == 302
    assert browser.post(url("reverse_credit_note", note.pk), {"reason": "Goods came after all"}).status_code == 302
    assert browser.post(url("record_credit_note"), form | {"how": "later"}).status_code == 422  # the number is taken


def test_a_contract_is_entered_edited_and_defended(as_user, collector, account):
    browser = as_user(collector)
    form = {
        "account": account.pk, "number": "HT-1", "currency": "CNY", "allocation_rule": "statute", "interest_percent": "0.03",
    }  # fmt: skip
    made = browser.post(url("record_contract"), form)
    assert made.status_code == 302
    contract = account.contracts.get()
    assert contract.interest_per_day == Decimal("0.0003")
    assert b"0.03 %" in browser.get(contract.get_absolute_url()).content
    change = {
        "number": "HT-1",
        "currency": "CNY",
        "allocation_rule": "oldest_first",
        "terms_days": "45",
        "version": "1",
    }
    assert browser.post(url("edit_contract", contract.pk), change).status_code == 302
    stale = browser.post(url("edit_contract", contract.pk), change | {"terms_days": "60"})
    assert stale.status_code == 409
    assert b"60" in stale.content
    contract.refresh_from_db()
    assert contract.terms_days == 45


def test_a_picker_finds_contracts_by_number(as_user, collector, other_rep, account):
    actions.record_contract(by=collector, account_id=account.pk, number="HT-2026-7")
    assert b"HT-2026-7" in as_user(collector).get(url("pick_contract"), {"q": "ht-2026"}).content
    assert b"HT-2026-7" not in as_user(other_rep).get(url("pick_contract"), {"q": "HT"}).content


def test_lists_of_money_show_what_wants_work(as_user, collector, account):
    make_payment(account, "10.00", reference="LEFT")
    make_payment(None, "20.00", reference="WHOSE")
    make_payment(account, "30.00", reference="USED", unallocated=0)
    browser = as_user(collector)

    def names(**words):
        rows = browser.get(url("list_payments"), words).context["list"].page.rows
        return {row["reference"] for row in rows}

    assert names() == {"LEFT", "WHOSE", "USED"}
    assert names(state="unallocated") == {"LEFT", "WHOSE"}
    assert names(state="unknown") == {"WHOSE"}
    assert names(find="acme") == {"LEFT", "USED"}
    assert names(received_from="2026-04-02") == set()
    assert date(2026, 4, 1) == Payment.objects.get(reference="LEFT").received_on

    Payment.objects.filter(reference="USED").update(reversed_on=date(2026, 4, 9))
    exported = b"".join(browser.get(url("list_payments"), {"export": "csv"}).streaming_content).decode("utf-8-sig")
    states = {row["Bank reference"]: row["State"] for row in csv.DictReader(StringIO(exported))}
    assert states == {"LEFT": "", "WHOSE": "payer not known", "USED": "reversed"}, "the words of the page"


@pytest.mark.parametrize("name", ["payment", "credit_note", "contract"])
def test_another_teams_money_does_not_exist(as_user, other_rep, collector, account, name):
    rows = {
        "payment": lambda: make_payment(account),
        "credit_note": lambda: actions.record_credit_note(
            by=collector, account_id=account.pk, number="CN", amount=Decimal(1), currency="CNY", issued_on=today()
        ),
        "contract": lambda: actions.record_contract(by=collector, account_id=account.pk, number="HT"),
    }
    assert as_user(other_rep).get(rows[name]().get_absolute_url()).status_code == 404
