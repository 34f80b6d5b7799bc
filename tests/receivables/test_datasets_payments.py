"""Bank statements and lists of payments: which lines are receipts, of whom, and that replaying them changes nothing."""

from __future__ import annotations

import pytest
from django.db.models import Count

from accounts.models import Account
from receivables.models import Payment, RefundLine
from tests.factories import make_account
from tests.imports.conftest import data_file, mapping
from tests.receivables.books import assert_in_order, note, reasons, total

BANKS, SPEND = "cn-bank-statements", "uk-gov-spend"


def receipts(currency: str = "CNY") -> tuple[int, str]:
    rows = Payment.objects.filter(flow="receipt", currency=currency)
    return rows.count(), total(rows)


def went(job, code: str = "went_out") -> tuple[int, list[str]]:
    found = note(job, code)
    return found.get("rows", 0), found.get("names", [])


def test_alipay(bring, collector):
    job = bring(data_file(f"{BANKS}/example-alipay-records.csv"), mapping(BANKS, 0), by=collector)
    assert (job.layout["encoding"], job.layout["header_row"], job.counts["rows"]) == ("gb18030", 25, 10)
    assert receipts() == (1, "222,228.50")
    # 交易关闭 is no payment: with those two lines it is 支出 5 / 211.64 and 不计收支 4 / 247.37
    assert went(job, "not_done") == (2, ["CNY 132.00"])
    assert went(job) == (4, ["CNY 161.64"])
    assert went(job, "neither") == (3, ["CNY 165.37"])


def test_icbc_with_two_columns_and_a_footer(bring, collector):
    job = bring(data_file(f"{BANKS}/example-icbc-debit-v2-records.csv"), mapping(BANKS, 1), by=collector)
    assert (job.counts["rows"], job.counts["refused"]) == (11, 0)
    assert receipts() == (5, "2,841.74")
    assert went(job) == (6, ["CNY 4,241.08"])
    assert set(Payment.objects.values_list("payer", flat=True)) >= {"李四", "ABC公司"}


def test_the_proposal_passes_over_columns_without_a_value(bring, collector):
    """Of the two pairs of amounts the first is empty throughout."""
    job = bring(data_file(f"{BANKS}/example-icbc-debit-v2-records.csv"), by=collector, target="bank_statements")
    assert {job.mapping["columns"].get(name) for name in ("记账金额(收入)", "记账币种")} == {"amount_in", "currency"}
    assert (receipts(), job.counts["refused"]) == ((5, "2,841.74"), 0)


def test_cmb_with_signs_and_name_and_number_in_one_cell(bring, collector):
    given = mapping(BANKS, 2)
    job = bring(data_file(f"{BANKS}/example-cmb-records.csv"), given, by=collector)
    assert job.counts["rows"] == 5
    assert (receipts(), went(job)) == ((1, "1,234.00"), (4, ["CNY 2,013.14"]))
    payment = Payment.objects.get()
    assert (payment.payer, payment.payer_account) == ("北京住房公积金管理中心", "1111111111")


def test_bocom_with_words_for_the_direction(bring, collector):
    job = bring(data_file(f"{BANKS}/example-bocom_debit-records.csv"), mapping(BANKS, 3), by=collector)
    assert (job.counts["rows"], receipts(), went(job)) == (6, (3, "11.25"), (3, ["CNY 114.00"]))
    assert Payment.objects.filter(payer_account="1323132313211331313").count() == 2


def test_hsbc_with_two_currencies(bring, collector):
    job = bring(data_file(f"{BANKS}/example-hsbchk-debit-records.csv"), mapping(BANKS, 4), by=collector)
    assert (job.counts["rows"], receipts("HKD"), receipts("CNY")) == (10, (3, "13,005.45"), (1, "12,500.00"))
    assert went(job) == (6, ["HKD 3,526.50"])
    assert {str(day) for day in Payment.objects.values_list("received_on", flat=True)} == {
        "2025-03-20", "2025-03-12", "2025-03-01",
    }  # fmt: skip


def test_citic_and_spdb_workbooks(bring, collector):
    job = bring(data_file(f"{BANKS}/example-citic-records.xls"), mapping(BANKS, 5), by=collector)
    assert (job.counts["rows"], receipts(), went(job)[0]) == (13, (2, "1.41"), 11)
    job = bring(data_file(f"{BANKS}/example-spdb_debit-records.xls"), mapping(BANKS, 6), by=collector)
    assert (job.counts["rows"], went(job)) == (4, (3, ["CNY 11.64"]))
    assert receipts() == (3, "11.41")


def test_replaying_a_statement_changes_nothing(bring, collector):
    path, given = data_file(f"{BANKS}/example-icbc-debit-v2-records.csv"), mapping(BANKS, 1)
    bring(path, given, by=collector)
    before = list(Payment.objects.order_by("pk").values())
    job = bring(path, given, by=collector)
    assert (job.counts["created"], job.counts["unchanged"]) == (0, 5)
    assert list(Payment.objects.order_by("pk").values()) == before


def test_payers_are_found_by_bank_account_or_name_else_by_nobody(bring, collector, rep):
    named = make_account(rep, "ABC公司")
    banked = make_account(rep, "住房公积金", bank_account="1111 1111 11")
    job = bring(data_file(f"{BANKS}/example-icbc-debit-v2-records.csv"), mapping(BANKS, 1), by=collector)
    assert Payment.objects.get(payer="ABC公司").account == named
    assert (note(job, "payers_known")["rows"], note(job, "payers_unknown")["rows"]) == (1, 4)
    bring(data_file(f"{BANKS}/example-cmb-records.csv"), mapping(BANKS, 2), by=collector)
    assert Payment.objects.get(payer_account="1111111111").account == banked
    assert_in_order()


# ------------------------------------------------------------------ published spending


@pytest.mark.slow
@pytest.mark.parametrize(
    ("place", "name", "rows", "net", "negative", "paid_back", "suppliers", "transactions"),
    [
        (0, "over25k-transparency.csv", 188, "51,884,636.79", 10, "605,491.11", 86, 153),
        (1, "moj-aramis-data-march-11.csv", 871, "428,603,933.54", 0, "0.00", 339, 629),
        (2, "April-2011-for-publication.csv", 1_452, "9,843,202,991.41", 9, "902,910.60", 467, 915),
    ],
)
def test_published_spending(bring, collector, place, name, rows, net, negative, paid_back, suppliers, transactions):
    path, given = data_file(f"{SPEND}/{name}"), mapping(SPEND, place)
    job = bring(path, given, by=collector)
    assert (job.counts["created"], reasons(job)) == (rows, {})
    came, back = Payment.objects.filter(flow="receipt"), Payment.objects.filter(flow="refund")
    assert (back.count(), total(back) if negative else "0.00") == (negative, paid_back)
    sums = [sum(each.amount for each in of) for of in (came, back)]
    assert f"{sums[0] - sums[1]:,.2f}" == net
    assert sum(line.amount for line in RefundLine.objects.all()) == sums[1]
    assert Account.objects.count() == suppliers
    assert Payment.objects.values("reference").distinct().count() == transactions
    again = bring(path, given, by=collector)
    assert (again.counts["created"], again.counts["unchanged"], Payment.objects.count()) == (0, rows, rows)
    assert_in_order()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("place", "name", "repeats"), [(1, "moj-aramis-data-march-11.csv", 5), (2, "April-2011-for-publication.csv", 163)]
)
def test_lines_that_look_alike_are_as_many_as_they_are(bring, collector, place, name, repeats):
    """Exact duplicates of a published list are real: each is a payment of its own."""
    bring(data_file(f"{SPEND}/{name}"), mapping(SPEND, place), by=collector)
    alike = Payment.objects.values("account", "flow", "reference", "received_on", "amount", "designation").annotate(
        n=Count("pk")
    )
    assert sum(each["n"] - 1 for each in alike) == repeats
