"""The kept sums of what is open tell what the invoices tell, whatever is done and however their rows are folded."""

from datetime import timedelta
from decimal import Decimal
from importlib import import_module

import pytest

from core.errors import NotAllowed
from core.workdays import today
from receivables import actions, queries
from receivables.choices import DisputeReason, Grade
from receivables.models import Invoice, OpenSum
from receivables.queries import Selection
from receivables.queries.invariants import breaches
from receivables.tasks import fold_sums
from tests.factories import make_account, make_invoice, make_payment

pytestmark = pytest.mark.django_db


@pytest.fixture
def book(rep, colleague, collector):
    """Invoices of three customers in two currencies: late and not, paid in part and in full, disputed, graded, expected later."""
    for number, owner in enumerate((rep, rep, colleague)):
        account = make_account(owner)
        for late in (-20, 5, 40, 200, 500):
            currency = "USD" if number == 1 else "CNY"
            make_invoice(account, f"{100 + late / 7:.2f}", due_on=today() - timedelta(days=late), currency=currency)
        first, second, third = account.invoices.order_by("due_on")[:3]
        payment = make_payment(account, "25.50", currency=first.currency)
        actions.allocate_payment(by=collector, payment_id=payment.pk, designated={first.pk: Decimal("25.50")})
        settled = make_payment(account, second.amount, currency=second.currency)
        actions.allocate_payment(by=collector, payment_id=settled.pk, designated={second.pk: second.amount})
        actions.open_dispute(by=collector, invoice_id=third.pk, amount=Decimal(30), reason=DisputeReason.PRICE)
        Invoice.objects.filter(pk=third.pk).update(expected_on=today() + timedelta(days=9))
    actions.regrade()


def told(by):
    """Everything that may be read from the sums, today's and that of days before and between the payments."""
    on = today()
    reports = [
        queries.ageing(by, on=then, basis=basis, group=group, currency=currency, selection=selection, limit=2)
        for then in (on, on - timedelta(days=1), on - timedelta(days=35), on - timedelta(days=400))
        for basis in ("overdue", "age")
        for group in ("none", "grade", "account")
        for currency in (None, "CNY")
        for selection in (Selection(), Selection(grade=Grade.DOUBTFUL))
    ]
    weeks = [
        queries.expected_cash(by, on=on, currency="CNY", selection=Selection(grade=grade)) for grade in (None, *Grade)
    ]
    figures = [queries.figures(by, on=then, currency="CNY") for then in (on, on - timedelta(days=35))]
    return reports, pages(by, on), pages(by, on - timedelta(days=1)), weeks, figures


def pages(by, on):
    """The customers by what they owe, one a page."""
    found, after = [], ""
    while not found or after:
        report = queries.ageing(by, on=on, currency="CNY", limit=1, after=after)
        found.append(report)
        after = report.after
    return found


def one_by_one(monkeypatch):
    """From here on reports read the invoices themselves."""
    for module in ("age_sums", "figures", "outlook"):
        monkeypatch.setattr(
            import_module(f"receivables.queries.{module}"), "kept_positions", lambda *_given, **_words: None
        )


def test_reports_from_the_sums_are_those_from_the_invoices(book, collector, monkeypatch):
    from_sums = told(collector)
    assert any(week.disputed for week in from_sums[3][0])
    one_by_one(monkeypatch)
    assert told(collector) == from_sums


@pytest.mark.parametrize("currency", [None, "CNY"])
def test_a_page_of_a_past_day_misses_nobody(rep, collector, monkeypatch, currency):
    """Whoever owed most then may owe little now, and the other way round."""
    then = today() - timedelta(days=30)
    for number in range(14):
        account, code = make_account(rep), "USD" if number % 3 == 2 else "CNY"
        paid, left, later = (number * 37 % 11) * 100 + 1, (number * 53 % 13) * 90 + 2, (number * 29 % 7) * 250
        make_invoice(account, left, currency=code, issued_on=then, due_on=then)
        if number in {3, 6}:
            paid, left, later = 5_000 + number, 1, 0
        if number % 4 != 1:
            settled = make_invoice(account, paid, currency=code, issued_on=then, due_on=then)
            payment = make_payment(account, paid, currency=code, received_on=today())
            actions.allocate_payment(by=collector, payment_id=payment.pk, designated={settled.pk: Decimal(paid)})
        if later:
            make_invoice(account, later, currency=code, issued_on=today(), due_on=today())
        if number == 11:
            actions.fold_sums()

    def told_in_pages(size):
        found, after = [], ""
        while not found or after:
            report = queries.ageing(collector, on=then, currency=currency, limit=size, after=after)
            found, after = [*found, report.lines], report.after
        return found

    monkeypatch.setattr(import_module("receivables.queries.age_sums"), "LEAD", 1)
    near = [told_in_pages(size) for size in (1, 2, 5)]
    one_by_one(monkeypatch)
    assert near == [told_in_pages(size) for size in (1, 2, 5)]
    assert [len(pages) for pages in near] == ([14, 7, 3] if currency is None else [10, 5, 2])


@pytest.mark.parametrize("grade", [None, Grade.NORMAL])
def test_a_digest_tells_what_each_report_reads_for_itself(book, rep, manager, colleague, grade):
    """A team's and a rep's own, with what is dated ahead."""
    make_invoice(make_account(rep), "77.70", issued_on=today() + timedelta(days=3), due_on=today() + timedelta(days=30))
    on, selection = today(), Selection(grade=grade)

    def reports(by, digest):
        grades = queries.ageing(by, on=on, group="grade", selection=selection, digest=digest)
        alone = [
            queries.ageing(
                by, on=on, basis=basis, group="none", currency=code, selection=selection, alone=True, digest=digest
            )
            for basis in ("overdue", "age")
            for code in (None, "CNY", "USD")
        ]
        weeks = [
            queries.expected_cash(by, on=on, currency=code, selection=selection, digest=digest)
            for code in ("CNY", "USD")
        ]
        return grades, alone, weeks

    for by in (rep, manager, colleague):
        digest = queries.digest(by, on, selection)
        assert digest.sums
        assert reports(by, digest) == reports(by, None)


def test_there_is_no_digest_of_a_past_day_nor_of_everybody(book, rep, collector):
    assert queries.digest(rep, today() - timedelta(days=1)) is None
    assert queries.digest(collector, today()) is None
    assert queries.digest(collector, today(), Selection(owner_id=rep.pk)).sums


def test_folding_changes_no_sum(book, collector):
    before, rows = told(collector), OpenSum.objects.count()
    fold_sums(today())
    assert OpenSum.objects.count() < rows
    assert told(collector) == before
    assert breaches(today()) == []
    assert actions.fold_sums() == 0


def test_what_is_settled_leaves_no_row(rep, collector):
    account = make_account(rep)
    invoice = make_invoice(account, "80.00")
    payment = make_payment(account, "80.00")
    actions.allocate_payment(by=collector, payment_id=payment.pk, designated={invoice.pk: Decimal(80)})
    actions.fold_sums()
    assert not OpenSum.objects.exists()


def test_a_sum_that_is_none_is_found_in_the_night(book):
    OpenSum.objects.filter(account_id__isnull=False).first().delete()
    assert [breach.code for breach in breaches(today())] == ["I3"]


def test_sums_made_anew_are_the_kept_ones(book, collector, manager):
    before = told(collector)
    OpenSum.objects.filter(due_on__isnull=True).delete()
    assert actions.sum_anew() == OpenSum.objects.count()
    assert told(collector) == before
    assert breaches(today()) == []


def test_a_person_of_sales_folds_nothing(rep):
    for action in (actions.fold_sums, actions.sum_anew):
        with pytest.raises(NotAllowed):
            action(by=rep)
