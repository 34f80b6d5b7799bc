"""What else the descriptions say of the ledgers: our reader must find it in the files before an import can be right.

No database: cells come from the reader of imports, days and amounts from its parsers. What comes out of the imports
themselves stands in the other `test_datasets_` files.
"""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from core.imports.dates import DateError, to_date
from core.imports.numbers import to_decimal
from core.imports.reading import BadRow, open_table
from tests.imports.conftest import data_file

IBM = "ibm-accounts-receivable/WA_Fn-UseC_-Accounts-Receivable"
GUILD, NINJA, RETAIL = "guild-receivables-messy", "invoiceninja-imports", "online-retail-2010-12"
Row = dict[str, str]


@pytest.fixture(autouse=True)
def private_media() -> None:
    """Nothing is kept here."""


@pytest.fixture
def read(tmp_path):
    """The rows of a file by heading, as the import reads them."""

    def read(path: Path | str) -> list[Row]:
        table = open_table(data_file(path) if isinstance(path, str) else path, tmp_path)
        rows = []
        for row in table.rows():
            assert not isinstance(row, BadRow), row
            rows.append(dict(zip(table.layout.columns, row[1], strict=True)))
        return rows

    return read


def amount(text: str) -> Decimal:
    return to_decimal(text, ".")


def day(text: str, order) -> date:
    return to_date(text, order)[0]


def day_first(text: str) -> date:
    """Day first wherever that is possible."""
    try:
        return day(text, "dmy")
    except DateError:
        return day(text, "mdy")


def refused(texts: list[str], order) -> Counter[str]:
    """Why how many of the texts are no days in this order; None: only what reads one way is a day."""
    found: Counter[str] = Counter()
    for text in texts:
        try:
            day(text, order)
        except DateError as error:
            found[error.code] += 1
    return found


def repeated(rows: list[Row]) -> int:
    """How many rows are exactly like an earlier one."""
    return len(rows) - len({tuple(row.values()) for row in rows})


def test_ibm_computes_the_days_its_file_states(read):
    rows = read(f"{IBM}.csv")
    for row in rows:
        issued, due, settled = (day(row[name], "mdy") for name in ("InvoiceDate", "DueDate", "SettledDate"))
        assert (settled - issued).days == int(row["DaysToSettle"])
        assert max(0, (settled - due).days) == int(row["DaysLate"])
    assert {len(row["invoiceNumber"]) for row in rows} == {10}


def test_the_damaged_copy_of_ibm_is_the_same_ledger(read):
    first = {row["invoiceNumber"]: row for row in read(f"{IBM}.csv")}
    second = {row["invoiceNumber"].zfill(10): row for row in read(f"{IBM}_with_missing.csv")}
    assert {len(row["invoiceNumber"]) for row in second.values()} == {6, 7, 8, 9, 10}
    assert set(first) < set(second)
    more = [second[number] for number in set(second) - set(first)]
    blank = [row for row in second.values() if not row["PaperlessDate"]]
    assert len(more) == len(blank) == 120
    assert all(not row["PaperlessDate"] and not row["PaperlessBill"] for row in more)
    written = [(first[number]["InvoiceAmount"], second[number]["InvoiceAmount"]) for number in first]
    assert sum(ours != theirs for ours, theirs in written) == 32
    assert all(amount(ours) == amount(theirs) for ours, theirs in written)


def test_guild_can_be_read_two_ways(read):
    rows = read(f"{GUILD}/FactInvoice_raw.csv")
    assert (len(rows), repeated(rows), len({row["invoice_id"] for row in rows})) == (2_571, 50, 2_521)
    customers = read(f"{GUILD}/DimCustomer_raw.csv")
    assert (len(customers), len({row["customer_id"] for row in customers})) == (453, 445)
    rows = list({row["invoice_id"]: row for row in rows}.values())
    days = {name: [row[name] for row in rows if row[name]] for name in ("issue_date", "due_date", "payment_date")}
    assert {name: refused(texts, None) for name, texts in days.items()} == {
        "issue_date": {"date_ambiguous": 839}, "due_date": {"date_ambiguous": 869}, "payment_date": {"date_ambiguous": 496},
    }  # fmt: skip
    assert {name: refused(texts, "dmy") for name, texts in days.items()} == {
        "issue_date": {"date_order": 67}, "due_date": {"date_order": 52}, "payment_date": {"date_order": 33},
    }  # fmt: skip
    blank = [row for row in rows if not row["status"]]
    paid = [row for row in blank if amount(row["amount_paid"]) == amount(row["amount_incl_gst"])]
    assert (len(blank), len(paid)) == (75, 48)


def test_guild_read_day_first_is_plausible_and_wrong(read):
    """Why the import asks the terms: this is what it must not give (the right figures are in `test_datasets_ledgers`)."""
    rows = {row["invoice_id"]: row for row in read(f"{GUILD}/FactInvoice_raw.csv")}.values()
    found: dict[int, tuple[int, Decimal]] = {}
    for row in rows:
        left = amount(row["amount_incl_gst"]) - amount(row["amount_paid"])
        if left:
            late = (date(2026, 3, 31) - day_first(row["due_date"])).days
            place = max(0, -(-late // 30))
            count, sum_ = found.get(place, (0, Decimal(0)))
            found[place] = (count + 1, sum_ + left)
    assert {place: (count, f"{sum_:,.2f}") for place, (count, sum_) in found.items()} == {
        0: (488, "1,070,226.74"), 1: (286, "606,783.06"), 2: (124, "242,210.12"), 3: (44, "105,562.80"),
    }  # fmt: skip
    assert max(day_first(row["issue_date"]) for row in rows) == date(2026, 12, 3)
    assert any(day_first(row["due_date"]) < day_first(row["issue_date"]) for row in rows)
    terms = {day_first(row["due_date"]) - day_first(row["issue_date"]) for row in rows}
    assert not terms <= {timedelta(14), timedelta(30)}


def test_invoice_ninja_states_its_balances(read):
    clients = read(f"{NINJA}/clients.csv")
    balances = [amount(row["Balance"]) for row in clients]
    assert (len(clients), f"{sum(balances):,.2f}", sum(each < 0 for each in balances)) == (20, "5,774.66", 1)
    assert f"{sum(amount(row['Paid to Date']) for row in clients):,.2f}" == "5,686.21"
    assert "$-142.85" in {row["Balance"] for row in clients}
    invoices = read(f"{NINJA}/invoice.csv")
    assert (len(invoices), f"{sum(amount(row['Amount']) for row in invoices):,.2f}") == (401, "11,887.54")
    assert Counter(row["Invoice Number"] for row in invoices).most_common(1) == [("2", 2)]
    payments = read(f"{NINJA}/payments.csv")
    assert (len(payments), f"{sum(amount(row['Amount']) for row in payments):,.2f}") == (403, "11,087.54")
    assert repeated(payments) == 2
    unknown = {row["Invoice Number"] for row in payments} - {row["Invoice Number"] for row in invoices}
    assert unknown == {"801"}
    assert {amount(row["Amount"]) for row in payments if row["Invoice Number"] == "801"} == {Decimal(-400)}


@pytest.mark.parametrize(
    ("name", "rows"),
    [
        ("quotes", 102), ("products", 181), ("zoho_contacts", 5), ("zoho_invoices", 13), ("wave_clients", 4),
        ("wave_invoices", 15), ("freshbooks_clients", 2), ("freshbooks_invoices", 3), ("i2g_clients", 2),
        ("i2g_invoices", 4), ("invoicely_clients", 2), ("invoicely_invoices", 1),
    ],
)  # fmt: skip
def test_files_of_billing_programs_have_the_stated_rows(read, name, rows):
    assert len(read(f"{NINJA}/{name}.csv")) == rows


def test_the_lines_of_a_month_are_as_odd_as_described(read):
    rows = [row for path in sorted(data_file(RETAIL).glob("*.csv")) for row in read(path)]
    assert (len(rows), repeated(rows)) == (42_481, 500)
    assert len({row["InvoiceNo"] for row in rows}) == 2_025
    nobody = [row for row in rows if not row["CustomerID"]]
    assert (len(nobody), len({row["InvoiceNo"] for row in nobody})) == (15_631, 317)
    negative = [row for row in rows if amount(row["Quantity"]) < 0 and not row["InvoiceNo"].startswith("C")]
    assert (len(negative), sum(amount(row["UnitPrice"]) == 0 for row in rows)) == (70, 273)
    assert sum(not row["Description"] for row in rows) == 125
    moments = Counter(number for number, _moment in {(row["InvoiceNo"], row["InvoiceDate"]) for row in rows})
    assert sum(count > 1 for count in moments.values()) == 1


def test_highradius_writes_its_customers_in_many_ways(read):
    rows = read("highradius-open-items-overflow/predicted data1.csv")
    ids = Counter(row["doc_id"] for row in rows)
    assert (len(rows), repeated(rows), sum(count > 1 for count in ids.values())) == (10_000, 24, 276)
    assert (len(ids), ids["-2147483648"]) == (8_999, 721)
    names = {row["name_customer"] for row in rows}
    assert (len(names), len({row["cust_number"] for row in rows})) == (1_744, 525)
    written = [row["name_customer"] for row in rows]
    assert (sum(name.endswith(" ") for name in written), sum("  " in name for name in written)) == (872, 897)
    assert sum(not row["cust_number"].isdigit() for row in rows) == 136


def test_buyers_and_sellers_and_their_invoices(read):
    companies = read("buyer-invoices-in-cents/companies.csv")
    assert Counter(row["company_role"] for row in companies) == {"buyer": 56, "seller": 44}
    assert {len(row["document_number"]) for row in companies} == {11}
    invoices = read("buyer-invoices-in-cents/invoices.csv")
    assert Counter(row["status"] for row in invoices) == {"approved": 67, "pending": 65, "canceled": 68}
    assert {row["buyer_company_id"] for row in invoices} <= {row["id"] for row in companies}
    assert all(row["approved_at"] for row in invoices)
