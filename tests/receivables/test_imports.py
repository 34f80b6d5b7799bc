"""What an import of the ledger takes, refuses and adds, rule by rule, on files of a few lines."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from accounts.models import Account
from core.errors import DomainError, NotAllowed
from core.imports.mapping import propose_columns
from core.imports.spec import specs
from core.models import AuditEvent
from receivables import actions
from receivables.choices import CreditReason
from receivables.models import Allocation, CreditNote, Dispute, Invoice, Payment, RefundLine
from receivables.tasks import regrade_imported
from tests.factories import make_account, make_invoice, make_payment
from tests.receivables.books import assert_in_order, note, reasons

HEADER = "Invoice No,Customer,Amount,Invoice Date,Due Date"


@pytest.fixture
def acme(rep) -> Account:
    return make_account(rep, "Acme")


@pytest.fixture
def lines(bring, collector):
    """Import these lines: `lines("invoices", "Invoice No,…", "1,Acme,…", key="number")`."""

    def lines(target: str, *rows: str, **changes):
        content = ("\n".join(rows) + "\n").encode()
        return bring("file.csv", content=content, by=collector, target=target, **changes)

    return lines


def created(job) -> tuple[int, int]:
    return job.counts["created"], job.counts["refused"]


# ------------------------------------------------------------------ invoices


def test_numbers_and_amounts_stay_as_the_file_has_them(lines, acme):
    job = lines("invoices", HEADER, "000042,Acme,1234.50,2026-03-02,2026-04-01")
    invoice = Invoice.objects.get()
    assert created(job) == (1, 0)
    assert (invoice.number, str(invoice.amount), str(invoice.open_amount), invoice.account) == (
        "000042",
        "1234.50",
        "1234.50",
        acme,
    )
    assert (invoice.recognised_on, invoice.currency, invoice.kind) == (date(2026, 3, 2), "CNY", "invoice")


def test_without_a_due_date_the_terms_of_the_customer_count(lines, acme, rep):
    make_account(rep, "Beta", payment_terms_days=45)
    lines("invoices", "Invoice No,Customer,Amount,Invoice Date", "1,Acme,10,2026-03-02", "2,Beta,10,2026-03-02")
    assert dict(Invoice.objects.values_list("number", "due_on")) == {"1": date(2026, 4, 1), "2": date(2026, 4, 16)}


def test_what_cannot_be_is_refused_with_its_reason(lines, acme):
    job = lines(
        "invoices",
        HEADER,
        "1,Acme,0,2026-03-02,2026-04-01",
        "2,Acme,10,2999-03-02,2999-04-01",
        "3,Nobody,10,2026-03-02,2026-04-01",
    )
    assert created(job) == (0, 3)
    assert reasons(job) == {"zero_amount": 1, "day_to_come": 1, "account_unknown": 1}


def test_finance_may_open_accounts_for_its_ledger_and_only_there(lines, collector):
    job = lines("invoices", HEADER, "1,Nobody,10,2026-03-02,2026-04-01", create_missing=["account"])
    assert created(job) == (1, 0)
    assert Account.objects.get().owner == collector
    with pytest.raises(NotAllowed):
        lines("accounts", "Name,City", "Other,Rome")


def test_a_sales_rep_imports_no_ledger(bring, rep):
    with pytest.raises(NotAllowed):
        bring("file.csv", content=(HEADER + "\n1,Acme,10,2026-03-02,2026-04-01\n").encode(), by=rep, target="invoices")


def test_what_is_on_the_books_is_not_changed(lines, acme):
    lines("invoices", HEADER, "1,Acme,10,2026-03-02,2026-04-01")
    job = lines("invoices", HEADER, "1,Acme,11,2026-03-02,2026-04-01")
    assert (created(job), reasons(job)) == ((0, 1), {"fact_differs": 1})
    assert Invoice.objects.get().amount == 10


def test_a_lost_zero_is_known_again_and_a_doubtful_one_refused(lines, acme):
    lines("invoices", HEADER, "007,Acme,10,2026-03-02,2026-04-01", "008,Acme,10,2026-03-02,2026-04-01")
    job = lines("invoices", HEADER, "7,Acme,10,2026-03-02,2026-04-01", "8,Acme,99,2026-03-02,2026-04-01")
    assert (job.counts["unchanged"], created(job), reasons(job)) == (1, (0, 1), {"zeros_differ": 1})
    assert note(job, "zeros_restored")["names"] == ["007"]


def test_a_number_of_several_rows_is_refused_whole_or_each_is_its_own(lines, acme):
    rows = (
        HEADER,
        "X,Acme,10,2026-03-02,2026-04-01",
        "X,Acme,20,2026-03-02,2026-04-01",
        "Y,Acme,5,2026-03-02,2026-04-01",
    )
    job = lines("invoices", *rows, key="number")
    assert (created(job), reasons(job)) == ((1, 2), {"number_shared": 1, "repeated_differently": 1})
    job = lines("invoices", *rows[:3], key="each_row")
    assert created(job) == (2, 0)
    assert list(Invoice.objects.filter(number="X").order_by("serial").values_list("serial", "amount")) == [
        (1, 10),
        (2, 20),
    ]
    assert lines("invoices", *rows[:3], key="each_row").counts["unchanged"] == 2


def test_facts_need_something_to_be_known_by(lines, acme):
    with pytest.raises(DomainError) as refusal:
        lines("invoices", HEADER, "1,Acme,10,2026-03-02,2026-04-01", key="none")
    assert refusal.value.field == "key"


def test_cents(lines, acme):
    lines("invoices", HEADER, "1,Acme,1999,2026-03-02,2026-04-01", scales={"amount": 0.01})
    assert str(Invoice.objects.get().amount) == "19.99"


# ------------------------------------------------------------------ lines of items


def test_an_invoice_is_the_exact_sum_of_its_lines(lines, acme):
    job = lines("invoices", "Invoice No,Customer,Invoice Date,Quantity,Unit Price",
                "1,Acme,2026-03-03,3,0.125", "1,Acme,2026-03-02,2,0.315", "2,Acme,2026-03-02,1,5")  # fmt: skip
    assert (created(job), job.counts["joined"]) == ((2, 0), 1)
    first = Invoice.objects.get(number="1")
    assert (str(first.amount), first.issued_on) == ("1.01", date(2026, 3, 2))  # 0.375 + 0.63


def test_what_every_line_states_for_the_whole_counts(lines, acme):
    """An amount that never differs within an invoice is that of the invoice; one that differs is that of the line."""
    header = "Invoice No,Customer,Invoice Date,Amount,Quantity,Unit Price"
    job = lines("invoices", header, "1,Acme,2026-03-02,26.67,3,8.89", "1,Acme,2026-03-02,26.67,3,8.89", "2,Acme,2026-03-02,11,1,10",
                "3,Acme,2026-03-02,7,7,1")  # fmt: skip
    assert {row.number: str(row.amount) for row in Invoice.objects.all()} == {"1": "26.67", "2": "11.00", "3": "7.00"}
    assert note(job, "lines_add_up_otherwise")["names"] == ["1", "2"]
    job = lines("invoices", header, "4,Acme,2026-03-02,20,2,10", "4,Acme,2026-03-02,5,1,5", "5,Acme,2026-03-02,3,3,1", "5,Acme,2026-03-02,3,3,1")  # fmt: skip
    assert {row.number: str(row.amount) for row in Invoice.objects.filter(number__in="45")} == {
        "4": "25.00",
        "5": "6.00",
    }


def test_an_invoice_with_a_bad_line_is_refused_with_all_its_lines(lines, acme):
    job = lines("invoices", "Invoice No,Customer,Invoice Date,Quantity,Unit Price",
                "1,Acme,2026-03-02,3,10", "1,Acme,2026-03-02,many,10", "1,Acme,2026-03-02,1,10", "2,Acme,2026-03-02,1,5")  # fmt: skip
    assert (created(job), job.counts["joined"]) == ((1, 3), 0)
    assert [each.number for each in Invoice.objects.all()] == ["2"]
    assert reasons(job)["line_refused"] == 2


def test_lines_of_one_number_and_two_customers_are_refused(lines, acme, rep):
    make_account(rep, "Beta")
    job = lines(
        "invoices",
        "Invoice No,Customer,Invoice Date,Quantity,Unit Price",
        "1,Acme,2026-03-02,3,10",
        "1,Beta,2026-03-02,3,10",
    )
    assert (created(job), "lines_differ" in reasons(job)) == ((0, 2), True)


def test_cancellations_among_invoices_become_credit_notes(lines, acme):
    job = lines("invoices", HEADER, "1,Acme,10,2026-03-02,2026-04-01", "C1,Acme,-4,2026-03-05,", "C2,New,-1,2026-03-05,", "2,New,9,2026-03-02,",
                create_missing=["account"])  # fmt: skip
    assert created(job) == (4, 0)
    assert note(job, "diverted")["count"] == 2
    assert [each["names"] for each in job.report["notes"] if each["code"].startswith("new_")] == [
        ["CNY 19.00"],
        ["CNY 5.00"],
    ]
    credited = CreditNote.objects.get(number="C1")
    assert (credited.account, credited.amount, credited.unallocated, credited.reason) == (
        acme,
        4,
        4,
        CreditReason.CANCELLED,
    )
    assert Account.objects.filter(name="New").count() == 1
    again = lines("invoices", HEADER, "C1,Acme,-4,2026-03-05,", "1,Acme,10,2026-03-02,2026-04-01")
    assert (again.counts["unchanged"], created(again)) == (2, (0, 0))
    assert_in_order()


# ------------------------------------------------------------------ what is paid


def test_what_is_paid_becomes_a_payment_and_its_allocation(lines, acme, collector):
    lines("invoices", f"{HEADER},Paid on,Of it paid,Disputed", "1,Acme,100,2026-03-02,2026-04-01,2026-03-20,40,yes",
          "2,Acme,100,2026-03-02,2026-04-01,2026-02-20,100,yes")  # fmt: skip
    part, whole = Invoice.objects.order_by("number")
    assert (part.open_amount, part.disputed_amount, part.settled_on) == (60, 60, None)
    assert (whole.open_amount, whole.settled_on) == (0, date(2026, 3, 2))  # paid before it was issued
    assert list(Payment.objects.order_by("amount").values_list("amount", "unallocated", "received_on", "by")) == [
        (40, 0, date(2026, 3, 20), collector.pk), (100, 0, date(2026, 2, 20), collector.pk),
    ]  # fmt: skip
    assert set(Dispute.objects.values_list("outcome", flat=True)) == {"", "ours"}
    assert_in_order()


def test_a_later_ledger_brings_only_what_is_new(lines, acme, collector):
    header = f"{HEADER},Paid on,Of it paid"
    lines("invoices", header, "1,Acme,100,2026-03-02,2026-04-01,,")
    job = lines("invoices", header, "1,Acme,100,2026-03-02,2026-04-01,2026-03-20,40")
    assert (job.counts["unchanged"], job.counts["added"]) == (1, 1)
    job = lines("invoices", header, "1,Acme,100,2026-03-02,2026-04-01,2026-04-20,100")
    assert job.counts["added"] == 1
    invoice = Invoice.objects.get()
    assert (invoice.open_amount, invoice.settled_on) == (0, date(2026, 4, 20))
    assert list(Payment.objects.order_by("pk").values_list("amount", flat=True)) == [40, 60]
    assert lines("invoices", header, "1,Acme,100,2026-03-02,2026-04-01,2026-04-20,100").counts["added"] == 0
    assert_in_order()
    # what was reversed here does not come back with the same file
    actions.reverse_payment(by=collector, payment_id=Payment.objects.order_by("-pk")[0].pk, reason="returned")
    assert lines("invoices", header, "1,Acme,100,2026-03-02,2026-04-01,2026-04-20,100").counts["added"] == 0
    assert_in_order()


def test_more_paid_than_it_is_or_than_is_open_is_refused(lines, acme):
    header = f"{HEADER},Paid on,Of it paid"
    job = lines("invoices", header, "1,Acme,100,2026-03-02,2026-04-01,2026-03-20,101")
    assert reasons(job) == {"paid_too_much": 1}


def test_an_import_is_one_event_and_grades_follow_it(lines, acme):
    lines("invoices", HEADER, "1,Acme,100,2020-03-02,2020-04-01")
    event = AuditEvent.objects.get(code="imports.done")
    assert event.details["target"] == "invoices"
    regrade_imported(event)
    regrade_imported(event)
    assert Invoice.objects.get().grade == "dead"


# ------------------------------------------------------------------ opening balances, credit notes


def test_opening_balances_need_no_number(lines, acme):
    job = lines(
        "opening_balances",
        "Customer,Balance,As of",
        "Acme,500.00,2026-01-01",
        "New,-20.00,2026-01-01",
        create_missing=["account"],
    )
    assert created(job) == (2, 0)
    opening = Invoice.objects.get()
    assert (opening.number, opening.kind, str(opening.open_amount), opening.issued_on) == (
        "OPENING-Acme",
        "opening",
        "500.00",
        date(2026, 1, 1),
    )
    assert CreditNote.objects.get().amount == 20
    assert lines("opening_balances", "Customer,Balance,As of", "Acme,500.00,2026-01-01").counts["unchanged"] == 1


def test_credit_notes_settle_the_invoice_they_name(lines, acme):
    make_invoice(acme, "100.00", number="A-1")
    job = lines(
        "credit_notes",
        "Credit note,Customer,Amount,Date,Invoice No",
        "C1,Acme,-30,2026-03-20,A-1",
        "C2,Acme,90,2026-03-20,A-1",
    )
    assert (created(job), reasons(job)) == ((1, 1), {"overpays": 1})
    assert (Invoice.objects.get().open_amount, CreditNote.objects.get().unallocated) == (70, 0)
    assert_in_order()


# ------------------------------------------------------------------ payments


def test_payments_settle_the_invoice_they_name_and_never_more(lines, acme):
    make_invoice(acme, "100.00", number="0012")
    header = "Customer,Invoice No,Amount,Date"
    job = lines(
        "payments",
        header,
        "Acme,12,60,2026-03-20",
        "Acme,0012,60,2026-03-21",
        "Acme,13,5,2026-03-21",
        "Acme,,7,2026-03-22",
    )
    assert (created(job), reasons(job)) == ((2, 2), {"overpays": 1, "invoice_unknown": 1})
    assert (Invoice.objects.get().open_amount, Allocation.objects.get().amount) == (40, 60)
    assert Payment.objects.get(amount=7).unallocated == 7
    assert_in_order()


def test_money_paid_back_is_drawn_from_what_is_left(lines, acme):
    make_payment(acme, "10.00", received_on=date(2026, 3, 1))
    job = lines("payments", "Customer,Amount,Date", "Acme,5,2026-03-02", "Acme,-12,2026-03-03", "Acme,-4,2026-03-04")
    assert (created(job), reasons(job)) == ((2, 1), {"refund_too_much": 1})
    assert note(job, "new_sum")["names"] == ["CNY -7.00"]  # 5 came in, 12 went back
    assert list(RefundLine.objects.order_by("amount").values_list("amount", flat=True)) == [2, 10]
    assert sorted(Payment.objects.values_list("unallocated", flat=True)) == [0, 0, 3]
    assert_in_order()


def test_real_double_lines_survive_and_a_replay_adds_nothing(lines, acme):
    rows = ("Customer,Amount,Date,Reference", "Acme,5,2026-03-02,R1", "Acme,5,2026-03-02,R1", "Acme,5,2026-03-03,R1")
    assert created(lines("payments", *rows)) == (3, 0)
    assert lines("payments", *rows, "Acme,6,2026-03-03,R2").counts["created"] == 1
    assert Payment.objects.count() == 4


def test_an_assigned_payment_stays_with_its_customer_on_replay(lines, acme, collector):
    rows = ("Date,Payer,Amount", "2026-03-02,Somebody,5")
    lines("bank_statements", *rows)
    payment = Payment.objects.get()
    actions.assign_payment(by=collector, payment_id=payment.pk, account_id=acme.pk)
    assert lines("bank_statements", *rows).counts["unchanged"] == 1
    job = lines(
        "bank_statements", "Date,Payer,Payer’s bank account,Amount", "2026-03-02,Acme,1,5", "2026-03-02,Nobody,2,-5"
    )
    assert (created(job), note(job, "went_out")["names"]) == ((1, 0), ["CNY 5.00"])
    assert set(Payment.objects.values_list("account", flat=True)) == {acme.pk}


# ------------------------------------------------------------------ days


def test_days_that_read_two_ways_are_decided_by_terms_or_named(lines, acme):
    certain = [f"A{day},Acme,10,{day}/03/2026,{day}/04/2026" for day in range(13, 29)]  # 31 days
    certain += ["M,Acme,10,03/30/2026,04/30/2026"]
    job = lines(
        "invoices", HEADER, *certain, "X,Acme,10,03/04/2026,04/05/2026", "Y,Acme,10,01/02/2026,11/12/2026", run=False
    )
    assert note(job, "days_by_terms")["terms"] == "31"
    assert (created(job)[1], reasons(job)) == (1, {"day_two_ways": 2})  # both days of the row
    job = lines(
        "invoices",
        HEADER,
        *certain,
        "X,Acme,10,03/04/2026,04/05/2026",
        "Y,Acme,10,01/02/2026,11/12/2026",
        date_order="dmy",
    )
    assert note(job, "days_assumed")["rows"] == 1
    assert Invoice.objects.get(number="X").issued_on in {date(2026, 4, 3), date(2026, 3, 4)}
    assert Invoice.objects.get(number="Y").issued_on == date(2026, 2, 1)
    assert Decimal(10) == Invoice.objects.get(number="M").amount


@pytest.mark.parametrize(
    ("headings", "columns"),
    [
        (["Customer Name", "Invoice Number", "Amount"], {"Customer Name": "account", "Invoice Number": "number", "Amount": "amount"}),
        (
            ["Invoice ID", "Invoice Number", "Customer Name", "Customer ID"],
            {"Invoice Number": "number", "Customer Name": "account_name", "Customer ID": "account"},
        ),
        (["Id", "DocumentNumber", "Name", "TotalAmount"], {"DocumentNumber": "number", "Name": "account", "TotalAmount": "amount"}),
        (["id", "amount_cents", "buyer_company_id"], {"id": "number", "amount_cents": "amount", "buyer_company_id": "account"}),
        (["单号", "发票号码", "公司", "客户名称"], {"发票号码": "number", "客户名称": "account"}),
    ],
)  # fmt: skip
def test_the_surest_heading_is_proposed(headings, columns):
    assert propose_columns(specs()["invoices"], headings) == columns


def test_a_filled_column_goes_before_a_surer_empty_one():
    headings = ["Invoice Number", "Document Number"]
    assert propose_columns(specs()["invoices"], headings, empty=["Invoice Number"]) == {"Document Number": "number"}
