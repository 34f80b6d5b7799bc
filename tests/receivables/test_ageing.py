"""Ageing on real rows: both bases, every grouping, any day, and that the buckets always add up."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from accounts.models import Account
from core.errors import NotFound
from core.users import SYSTEM
from receivables import actions
from receivables.choices import Grade, WriteOffReason
from receivables.models import Allocation, Dispute, GradeChange, Invoice, Payment
from receivables.queries.ageing import aged_invoices, ageing
from receivables.queries.positions import Selection
from tests.factories import make_account, make_invoice, make_payment

pytestmark = pytest.mark.django_db
ON = date(2026, 6, 30)


def settle(invoice: Invoice, amount: str, on: date, payment: Payment | None = None) -> Allocation:
    """Money that settles a part of an invoice on a day, with the stored sums."""
    money = Decimal(amount)
    payment = payment or make_payment(invoice.account, amount, unallocated=0, received_on=on, currency=invoice.currency)
    invoice.open_amount -= money
    invoice.settled_on = None if invoice.open_amount else on
    invoice.save()
    return Allocation.objects.create(invoice=invoice, payment=payment, amount=money, on=on)


def amounts(line):
    return [int(amount) for amount in line.amounts]


def test_each_invoice_stands_in_its_bucket(rep):
    account = make_account(rep)
    for late, amount in ((0, 1), (1, 2), (30, 4), (31, 8), (60, 16), (61, 32), (91, 64), (181, 128), (366, 256)):
        make_invoice(account, str(amount), due_on=ON - timedelta(days=late))
    report = ageing(rep, on=ON)
    [line] = report.lines
    assert amounts(line) == [1, 6, 24, 32, 64, 128, 256]
    assert (line.key, line.label, line.total, line.overdue) == (account.pk, account.name, 511, 510)
    assert [bucket.label for bucket in report.buckets][:2] == ["not due", "1–30 days"]
    assert report.totals[0].amounts == line.amounts


def test_a_past_day_shows_what_was_open_then(rep):
    account = make_account(rep)
    partly = make_invoice(account, "100", due_on=date(2026, 4, 1))
    settled = make_invoice(account, "50", due_on=date(2026, 5, 1))
    make_invoice(account, "7", issued_on=date(2026, 6, 20))
    settle(partly, "30", date(2026, 5, 10))
    settle(partly, "20", date(2026, 6, 10))
    settle(settled, "50", date(2026, 6, 1))

    def total(on):
        return int(sum(line.total for line in ageing(rep, on=on).lines))

    assert [total(date(2026, 5, day)) for day in (9, 10, 31)] == [150, 120, 120]
    assert [total(date(2026, 6, day)) for day in (1, 9, 10, 20)] == [70, 70, 50, 57]
    [line] = ageing(rep, on=date(2026, 5, 31)).lines
    assert amounts(line) == [0, 50, 70, 0, 0, 0, 0]


def test_the_two_ways_of_counting_differ(rep):
    make_invoice(make_account(rep), "10", issued_on=date(2024, 6, 30), due_on=ON + timedelta(days=5))
    [overdue], [age] = ageing(rep, on=ON).lines, ageing(rep, on=ON, basis="age").lines
    assert amounts(overdue) == [10, 0, 0, 0, 0, 0, 0]
    assert amounts(age) == [0, 10, 0, 0, 0, 0]
    assert [bucket.label for bucket in age.buckets] == [
        "up to 1 year", "1–2 years", "2–3 years", "3–4 years", "4–5 years", "over 5 years",
    ]  # fmt: skip
    assert age.overdue == 0


def test_currencies_are_never_added(rep):
    account = make_account(rep)
    make_invoice(account, "5", due_on=ON)
    make_invoice(account, "7", due_on=ON, currency="USD")
    report = ageing(rep, on=ON, group="none")
    assert [(line.currency, int(line.total)) for line in report.totals] == [("CNY", 5), ("USD", 7)]
    assert [line.currency for line in ageing(rep, on=ON, currency="USD").lines] == ["USD"]


def test_what_was_settled_since_stands_in_its_own_currency_once(rep):
    account = make_account(rep)
    for currency, amount in (("CNY", "5"), ("USD", "7")):
        settle(make_invoice(account, amount, due_on=ON, currency=currency), amount, ON + timedelta(days=1))
    assert [(line.currency, int(line.total)) for line in ageing(rep, on=ON).lines] == [("CNY", 5), ("USD", 7)]
    assert ageing(rep, on=ON + timedelta(days=1)).lines == []


def test_by_owner_team_and_grade(rep, colleague, other_rep, director, north, south):
    make_invoice(make_account(rep), "1", due_on=ON)
    make_invoice(make_account(colleague), "2", due_on=ON, grade=Grade.BAD)
    make_invoice(make_account(other_rep), "4", due_on=ON)
    assert {line.label: int(line.total) for line in ageing(director, on=ON, group="owner").lines} == {
        "Li Lei": 1, "Han Meimei": 2, "Sun Nan": 4,
    }  # fmt: skip
    by_team = ageing(director, on=ON, group="team").lines
    assert [(line.key, int(line.total)) for line in by_team] == [(south.pk, 4), (north.pk, 3)]
    by_grade = ageing(director, on=ON, group="grade").lines
    assert {line.key: int(line.total) for line in by_grade} == {"normal": 5, "bad": 2}
    assert [int(line.total) for line in ageing(director, on=ON, selection=Selection(team_id=north.pk)).lines] == [2, 1]
    assert [int(line.total) for line in ageing(director, on=ON, selection=Selection(grade=Grade.BAD)).lines] == [2]


def test_a_teams_line_leads_to_its_own_rows_not_to_those_of_the_teams_below(as_user, executive, director, rep):
    above, below = make_invoice(make_account(director), "8", due_on=ON), make_invoice(make_account(rep), "4", due_on=ON)
    stray = make_invoice(make_account(rep), "2", due_on=ON)
    Account.objects.filter(pk=stray.account_id).update(team=None)
    lines = ageing(executive, on=ON, group="team").lines
    assert [int(line.total) for line in lines] == [8, 4, 2]
    browser = as_user(executive)
    for line, invoice in zip(lines, (above, below, stray), strict=True):
        rows = browser.get(f"{reverse('receivables:list_invoices')}?{line.query}").context["list"].page.rows
        assert [row["number"] for row in rows] == [invoice.number]


def test_a_past_day_is_asked_for_several_grades_at_once(rep):
    account = make_account(rep)
    bad, doubtful = (make_invoice(account, "5", due_on=ON, grade=grade) for grade in (Grade.BAD, Grade.DOUBTFUL))
    make_invoice(account, "5", due_on=ON)
    assert set(aged_invoices(rep, on=ON, grades=[Grade.BAD, Grade.DOUBTFUL])) == {bad, doubtful}


def test_the_grade_is_that_of_the_day(collector, rep):
    invoice = make_invoice(make_account(rep), "9", due_on=date(2026, 1, 1), grade=Grade.BAD)
    for on, start, end in ((date(2026, 4, 2), "normal", "doubtful"), (date(2026, 6, 1), "doubtful", "bad")):
        GradeChange.objects.create(invoice=invoice, from_grade=start, to_grade=end, proposed=end, on=on)
    for on, grade in ((date(2026, 4, 1), "normal"), (date(2026, 4, 2), "doubtful"), (ON, "bad")):
        [line] = ageing(collector, on=on, group="grade").lines
        assert (line.key, line.total) == (grade, 9)
        assert aged_invoices(collector, on=on, selection=Selection(grade=Grade(grade))).get() == invoice


def test_unapplied_money_and_disputes_stand_beside(collector, rep):
    account = make_account(rep)
    invoice = make_invoice(account, "100", due_on=date(2026, 4, 1), disputed_amount=40)
    payment = make_payment(account, "80", unallocated=50, received_on=date(2026, 5, 1))
    settle(invoice, "30", date(2026, 6, 1), payment)
    Dispute.objects.create(invoice=invoice, amount=40, reason="quality", opened_on=date(2026, 5, 20))

    def figures(on):
        [line] = ageing(collector, on=on).lines
        return [int(value) for value in (line.total, line.unapplied, line.disputed, line.balance)]

    assert figures(date(2026, 4, 30)) == [100, 0, 0, 100]
    assert figures(date(2026, 5, 1)) == [100, 80, 0, 20]
    assert figures(date(2026, 5, 20)) == [100, 80, 40, 20]
    assert figures(date(2026, 6, 1)) == [70, 50, 40, 20]


def test_what_was_taken_back_counts_up_to_the_day_before(collector, rep):
    """Payment, credit note and write-off, each on its day and the day around it; folding the sums changes none of them."""
    account = make_account(rep)
    invoice, dollars = make_invoice(account, "100"), make_invoice(account, "3", currency="USD")
    paid = actions.record_payment(
        by=collector, account_id=account.pk, amount=Decimal(80), currency="CNY", received_on=date(2026, 5, 1)
    )
    actions.allocate_payment(
        by=collector, payment_id=paid.pk, designated={invoice.pk: Decimal(30)}, on=date(2026, 5, 5)
    )
    actions.reverse_payment(by=collector, payment_id=paid.pk, reason="returned", on=date(2026, 5, 20))
    credit = actions.record_credit_note(
        by=collector,
        account_id=account.pk,
        number="CN-1",
        amount=Decimal(8),
        currency="CNY",
        issued_on=date(2026, 6, 1),
    )
    actions.reverse_credit_note(by=collector, credit_note_id=credit.pk, reason="twice", on=date(2026, 6, 5))
    actions.record_credit_note(
        by=collector,
        account_id=account.pk,
        number="CN-2",
        amount=Decimal(5),
        currency="CNY",
        issued_on=date(2026, 6, 8),
    )
    given_up = actions.request_write_off(
        by=collector, invoice_id=invoice.pk, amount=Decimal(40), reason=WriteOffReason.SMALL, note="not worth it"
    )
    actions.decide_write_off(by=SYSTEM, write_off_id=given_up.pk, approve=True, on=date(2026, 6, 10))
    actions.reverse_write_off(by=collector, write_off_id=given_up.pk, reason="paid after all", on=date(2026, 6, 20))
    told = {
        date(2026, 4, 30): (100, 0), date(2026, 5, 1): (100, 80), date(2026, 5, 4): (100, 80), date(2026, 5, 5): (70, 50),
        date(2026, 5, 19): (70, 50), date(2026, 5, 20): (100, 0), date(2026, 5, 31): (100, 0), date(2026, 6, 1): (100, 8),
        date(2026, 6, 4): (100, 8), date(2026, 6, 5): (100, 0), date(2026, 6, 7): (100, 0), date(2026, 6, 8): (100, 5),
        date(2026, 6, 9): (100, 5), date(2026, 6, 10): (60, 5), date(2026, 6, 19): (60, 5), date(2026, 6, 20): (100, 5),
    }  # fmt: skip
    for _before_and_after_folding in range(2):
        for by in (collector, rep):  # from the kept sums, and from the rows of one's own
            for on, expected in told.items():
                (line,) = ageing(by, on=on, currency="CNY").lines
                assert (line.total, line.unapplied) == expected, on
                (total,) = ageing(by, on=on, currency="CNY", group="none").totals
                assert (total.total, total.unapplied) == expected, on
        assert [int(line.total) for line in ageing(collector, on=ON).lines if line.currency == "USD"] == [
            dollars.amount
        ]
        actions.fold_sums()


def test_nobody_sees_what_is_not_his(rep, other_rep, manager, other_manager):
    make_invoice(make_account(rep), "5", due_on=ON)
    assert ageing(other_rep, on=ON).lines == []
    assert ageing(other_manager, on=ON, group="none").totals == []
    assert [int(line.total) for line in ageing(manager, on=ON).lines] == [5]


def test_lines_come_a_page_at_a_time(collector, rep):
    accounts = [make_account(rep) for _number in range(7)]
    for number, account in enumerate(accounts):
        make_invoice(account, str(10 + number % 3), due_on=ON)
        make_invoice(account, str(number + 1), due_on=ON, currency="USD")
    seen, after = [], ""
    while True:
        page = ageing(collector, on=ON, limit=4, after=after)
        seen += [(line.currency, int(line.total), line.key) for line in page.lines]
        after = page.after
        if not after:
            break
    assert len(seen) == len(set(seen)) == 14
    assert seen == sorted(seen, key=lambda line: (line[0], -line[1], line[2]))


def test_a_cell_leads_to_its_invoices(collector, rep):
    account = make_account(rep)
    late = make_invoice(account, "8", due_on=ON - timedelta(days=31))
    make_invoice(account, "4", due_on=ON - timedelta(days=30))
    paid = make_invoice(account, "16", due_on=ON - timedelta(days=60))
    settle(paid, "16", ON + timedelta(days=3))
    [line] = ageing(collector, on=ON).lines
    cell = line.cells[2]
    assert cell.query == f"open_on=2026-06-30&basis=overdue&account={account.pk}&currency=CNY&bucket=2"
    rows = aged_invoices(collector, on=ON, bucket=2, currency="CNY", selection=Selection(account_id=account.pk))
    assert set(rows) == {late, paid}
    assert sum(row.open_then for row in rows) == cell.amount == 24


@pytest.mark.parametrize("basis", ["overdue", "age"])
def test_every_cell_is_the_sum_of_its_rows(collector, rep, basis):
    account = make_account(rep)
    for days in (0, 1, 30, 31, 90, 91, 180, 365, 366, 731, 1096, 1461, 1826, 2000):
        make_invoice(account, str(days + 1), issued_on=ON - timedelta(days=days), due_on=ON - timedelta(days=days))
    [line] = ageing(collector, on=ON, basis=basis).lines
    for cell in line.cells:
        rows = aged_invoices(collector, on=ON, basis=basis, bucket=cell.bucket.place)
        assert sum(row.open_then for row in rows) == cell.amount


def test_a_statement_of_a_strangers_account_is_not_found(other_rep, rep):
    from receivables.queries.statement import statement

    with pytest.raises(NotFound):
        statement(other_rep, make_account(rep).pk, "CNY", ON, ON)


def test_the_cost_does_not_grow(collector, rep, django_assert_max_num_queries):
    for _number in range(30):
        make_invoice(make_account(rep), "5", due_on=ON)
    with django_assert_max_num_queries(2):
        ageing(collector, on=ON)
