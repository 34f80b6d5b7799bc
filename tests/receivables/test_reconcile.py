"""Finance's list beside our open items: what is missing here, missing there, or of another amount."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from core.errors import DomainError, NotAllowed, NotFound
from core.models import AuditEvent
from receivables import actions, queries
from receivables.actions import TheirItem
from tests.factories import make_account, make_invoice, make_payment

pytestmark = pytest.mark.django_db
DAY = date(2026, 4, 30)


@pytest.fixture
def ledger(rep):
    """Two open invoices, one that was settled, one in another currency, one issued later."""
    account = make_account(rep, "Acme")
    make_invoice(account, "100.00", number="000123")
    make_invoice(account, "250.00", number="A-2")
    make_invoice(account, "70.00", number="SETTLED", open_amount=Decimal(0), settled_on=date(2026, 4, 1))
    make_invoice(account, "60.00", number="USD-1", currency="USD")
    make_invoice(account, "50.00", number="LATER", issued_on=date(2026, 5, 2))
    return account


def found(by, reconciliation):
    rows = queries.reconciliation_lines(by, reconciliation.pk)
    return [(row.difference, row.number, row.ours, row.theirs) for row in rows]


def compare(by, *items, **more):
    rows = [TheirItem(number, Decimal(amount)) for number, amount in items]
    return actions.reconcile(by=by, rows=rows, **({"on": DAY, "currency": "CNY"} | more))


def test_every_difference_is_kept(collector, ledger):
    done = compare(collector, ("000123", "100.00"), ("A-2", "200.00"), ("GONE", "5.00"), ("SETTLED", "70.00"))
    assert found(collector, done) == [
        ("amount", "A-2", Decimal(250), Decimal(200)),
        ("amount", "SETTLED", Decimal(0), Decimal(70)),
        ("missing_here", "GONE", None, Decimal(5)),
    ]
    assert (done.agreeing, done.lines_there, done.total_here, done.total_there) == (1, 4, Decimal(350), Decimal(375))
    sums = queries.difference_sums(collector, done.pk)
    assert [(one.difference, one.lines, one.amount, one.unexplained) for one in sums] == [
        ("amount", 2, Decimal(20), 2), ("missing_here", 1, Decimal(5), 1),
    ]  # fmt: skip
    assert AuditEvent.objects.get(code="receivables.reconciled").details["differences"] == 3


def test_what_finance_does_not_have(collector, ledger):
    done = compare(collector, ("A-2", "250.00"))
    assert found(collector, done) == [("missing_there", "000123", Decimal(100), None)]


def test_lost_zeros_and_several_lines_of_one_number_agree(collector, ledger):
    done = compare(collector, ("123", "100.00"), ("A-2", "150.00"), ("A-2", "100.00"), ("A-3", "0"))
    assert (found(collector, done), done.agreeing, done.lines_there) == ([], 2, 3)


def test_the_day_counts(collector, ledger):
    done = compare(collector, on=date(2026, 5, 2))
    assert {row[1] for row in found(collector, done)} == {"000123", "A-2", "LATER"}


def test_a_list_as_a_file(collector, ledger, tmp_path):
    file = tmp_path / "open items.csv"
    file.write_text(
        'Invoice No,Customer,Amount,Balance due\n123,Acme,100,"100.00"\nA-2,Acme,300,"1,250.00"\nTotal,,400,"1,350.00"\n',
        "utf-8",
    )
    done = actions.reconcile_file(by=collector, on=DAY, currency="CNY", path=file)
    assert found(collector, done) == [("amount", "A-2", Decimal(250), Decimal(1250))]
    assert done.file_name == "open items.csv"


@pytest.mark.parametrize(
    ("text", "code"),
    [("", "empty"), ("Name,City\nAcme,Rome\n", "no_column"), ("Invoice No,Amount\nA-2,lots\n", "not_a_number")],
)
def test_a_file_that_is_no_list_is_refused(collector, ledger, tmp_path, text, code):
    file = tmp_path / "list.csv"
    file.write_text(text, "utf-8")
    with pytest.raises(DomainError) as refusal:
        actions.reconcile_file(by=collector, on=DAY, currency="CNY", path=file)
    assert (refusal.value.code, refusal.value.field) == (code, "file")


def test_a_difference_is_explained(collector, ledger):
    done = compare(collector, ("A-2", "250.00"))
    line = queries.reconciliation_lines(collector, done.pk).get()
    actions.clear_line(by=collector, line_id=line.pk, note=" booked on 2 May ")
    assert queries.reconciliation_lines(collector, done.pk).get().cleared_note == "booked on 2 May"
    assert not queries.reconciliation_lines(collector, done.pk, unexplained=True).exists()
    assert queries.get_reconciliation(collector, done.pk).unexplained == 0
    assert AuditEvent.objects.filter(code="receivables.difference_cleared").count() == 1


def test_refusals(collector, rep, ledger):
    done = compare(collector, ("A-2", "250.00"))
    line = queries.reconciliation_lines(collector, done.pk).get()
    with pytest.raises(NotAllowed):
        compare(rep)
    with pytest.raises(NotAllowed):
        actions.clear_line(by=rep, line_id=line.pk, note="mine")
    with pytest.raises(NotFound):
        actions.clear_line(by=collector, line_id=line.pk + 1, note="gone")
    with pytest.raises(NotFound):
        queries.get_reconciliation(collector, done.pk + 1)
    for problem in ({"currency": "XXX"}, {"on": date(2999, 1, 1)}):
        with pytest.raises(DomainError):
            compare(collector, **problem)
    with pytest.raises(DomainError):
        actions.clear_line(by=collector, line_id=line.pk, note=" ")


def test_statements_do_not_grow_with_the_list(collector, ledger, django_assert_max_num_queries):
    make_payment(ledger, "1.00")
    with django_assert_max_num_queries(8):
        compare(collector, *((f"N-{number}", "1.00") for number in range(500)))
