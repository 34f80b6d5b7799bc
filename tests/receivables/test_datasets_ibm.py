"""IBM's sample ledger and its damaged copy, which lost the leading zeros of the numbers."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db.models import Count, F, Q, Sum

from accounts.models import Account
from core.models import AuditEvent
from receivables.models import Allocation, Dispute, Invoice, Payment
from tests.imports.conftest import data_file, mapping
from tests.receivables.books import aged, assert_in_order, note, total

IBM = "ibm-accounts-receivable"
FIRST = f"{IBM}/WA_Fn-UseC_-Accounts-Receivable.csv"
SECOND = f"{IBM}/WA_Fn-UseC_-Accounts-Receivable_with_missing.csv"
LATE = Q(settled_on__gt=F("due_on"))


def days_late(rows) -> int:
    return rows.filter(LATE).aggregate(days=Sum(F("settled_on") - F("due_on")))["days"].days


@pytest.mark.slow
def test_the_first_file_gives_the_stated_figures(bring, collector):
    job = bring(data_file(FIRST), mapping(IBM), by=collector)
    assert (job.counts["created"], job.counts["refused"]) == (2_466, 0)
    invoices = Invoice.objects.all()
    assert (invoices.count(), total(invoices)) == (2_466, "147,703.18")
    assert Account.objects.count() == 100
    assert invoices.filter(number__startswith="0").count() == 266
    days = invoices.order_by("issued_on").values_list("issued_on", flat=True)
    assert (str(days[0]), str(days[2_465])) == ("2012-01-03", "2013-12-02")
    days = invoices.order_by("settled_on").values_list("settled_on", flat=True)
    assert (str(days[0]), str(days[2_465])) == ("2012-01-13", "2014-01-09")
    assert set(invoices.values_list(F("due_on") - F("issued_on"), flat=True)) == {timedelta(30)}
    # what is late, by how much
    late = invoices.filter(LATE)
    assert (late.count(), total(late), days_late(invoices)) == (877, "53,960.78", 8_489)
    assert round(days_late(invoices) / 877, 2) == 9.68
    assert round(days_late(invoices) / 2_466, 2) == 3.44
    assert max(late.values_list(F("settled_on") - F("due_on"), flat=True)) == timedelta(45)
    settling = invoices.aggregate(days=Sum(F("settled_on") - F("issued_on")))["days"].days
    assert round(settling / 2_466, 2) == 26.44
    # by customer
    customers = Account.objects.annotate(
        invoiced=Count("invoices"), late=Count("invoices", filter=Q(invoices__settled_on__gt=F("invoices__due_on")))
    )
    assert customers.filter(late=0).count() == 17
    assert [(each.name, each.invoiced) for each in customers.filter(late=F("invoiced"))] == [("1604-LIFKX", 20)]
    assert days_late(invoices.filter(account__name="1604-LIFKX")) == 278
    shares = sorted(
        ((each.late / each.invoiced, each.name, each.late, each.invoiced) for each in customers if each.invoiced >= 15),
        reverse=True,
    )
    assert [share[1:] for share in shares[:5]] == [
        ("1604-LIFKX", 20, 20), ("8102-ABPKQ", 26, 27), ("7228-LEPPM", 23, 24), ("0783-PEPYR", 20, 21), ("0688-XNJRO", 32, 34),
    ]  # fmt: skip
    assert Dispute.objects.count() == 561
    assert_in_order()


@pytest.mark.slow
def test_ageing_at_past_days(bring, collector):
    bring(data_file(FIRST), mapping(IBM), by=collector)
    assert aged("2012-06-30", currency="USD", by=collector) == {"not due": (83, "4,594.36"), "1-30": (15, "909.73")}
    assert aged("2012-12-31", currency="USD", by=collector) == {"not due": (86, "4,936.32"), "1-30": (13, "788.74")}
    assert aged("2013-06-30", currency="USD", by=collector) == {"not due": (72, "4,284.29"), "1-30": (12, "835.56")}
    assert aged("2013-11-30", currency="USD", by=collector) == {"not due": (71, "4,246.32"), "1-30": (8, "542.56")}
    assert aged("2014-01-09", currency="USD", by=collector) == {}


@pytest.mark.slow
def test_the_damaged_copy_alone(bring, collector):
    job = bring(data_file(SECOND), mapping(IBM), by=collector)
    assert (job.counts["created"], job.counts["refused"]) == (2_586, 0)
    invoices = Invoice.objects.all()
    assert total(invoices) == "155,658.78"
    late = invoices.filter(LATE)
    assert (late.count(), total(late), days_late(invoices)) == (942, "57,959.99", 9_503)
    assert Dispute.objects.count() == 623
    never = Account.objects.exclude(pk__in=late.values("account"))
    assert never.count() == 12
    assert aged("2012-12-31", currency="USD") == {"not due": (91, "5,191.51"), "1-30": (14, "888.09")}
    assert aged("2013-06-30", currency="USD") == {"not due": (74, "4,388.35"), "1-30": (12, "835.56")}
    assert_in_order()


@pytest.mark.slow
@pytest.mark.parametrize(("one", "other", "new"), [(FIRST, SECOND, 120), (SECOND, FIRST, 0)])
def test_both_files_make_one_ledger(bring, collector, one, other, new):
    bring(data_file(one), mapping(IBM), by=collector)
    before = Payment.objects.count()
    job = bring(data_file(other), mapping(IBM), by=collector)
    assert (job.counts["created"], job.counts["refused"], job.counts["added"]) == (new, 0, 0)
    assert note(job, "zeros_restored")["rows"] == 266
    assert Invoice.objects.count() == 2_586
    assert Payment.objects.count() == before + new
    assert Allocation.objects.count() == 2_586
    assert_in_order()


@pytest.mark.slow
def test_the_same_file_again_changes_nothing(bring, collector):
    bring(data_file(FIRST), mapping(IBM), by=collector)
    job = bring(data_file(FIRST), mapping(IBM), by=collector)
    assert (job.counts["created"], job.counts["unchanged"], job.counts["added"], job.counts["refused"]) == (
        0,
        2_466,
        0,
        0,
    )
    assert Payment.objects.count() == 2_466
    assert set(Payment.objects.values_list("by", flat=True)) == {collector.pk}
    assert AuditEvent.objects.filter(code="imports.done").count() == 2
