"""The figures of C13 on real rows: the golden vectors to the cent, expected cash, provision, snapshots, trend."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from core.errors import Conflict, DomainError, NotAllowed, NotFound
from core.models import AuditEvent
from core.workdays import today
from receivables import actions
from receivables.choices import FigureCode, Grade, ProvisionBasis
from receivables.models import Allocation, ProvisionRun, ReceivableSnapshot
from receivables.queries import (
    Selection,
    expected_cash,
    figures,
    provision_matrix,
    provision_runs,
    trend,
)
from receivables.rules.periods import calendar_months, months_back, weeks_ahead
from tests.factories import make_account, make_invoice, make_payment

pytestmark = pytest.mark.django_db
MARCH = date(2026, 3, 31)


def settle(invoice, amount, on):
    payment = make_payment(invoice.account, amount, unallocated=0, received_on=on, currency=invoice.currency)
    invoice.open_amount -= Decimal(amount)
    invoice.settled_on = None if invoice.open_amount else on
    invoice.save()
    Allocation.objects.create(invoice=invoice, payment=payment, amount=Decimal(amount), on=on)


def two(value):
    return round(value, 2)


@pytest.mark.parametrize(
    ("on", "months", "start"),
    [
        (date(2026, 3, 31), 3, date(2025, 12, 31)),
        (date(2025, 11, 30), 3, date(2025, 8, 31)),
        (date(2026, 5, 15), 3, date(2026, 2, 15)),
        (date(2026, 3, 30), 1, date(2026, 2, 28)),
        (date(2026, 1, 31), 12, date(2025, 1, 31)),
    ],
)
def test_months_back(on, months, start):
    assert months_back(on, months) == start


def test_calendar_months_and_weeks():
    assert calendar_months(date(2026, 3, 10), 2) == [
        (date(2026, 3, 1), date(2026, 3, 10)), (date(2026, 2, 1), date(2026, 2, 28)),
    ]  # fmt: skip
    assert weeks_ahead(date(2026, 3, 11), 1) == [date(2026, 3, 9), date(2026, 3, 16)]


def test_simple_dso(rep):
    account = make_account(rep)
    for month, sales in ((1, 5538), (2, 4566), (3, 7570)):
        make_invoice(account, str(sales), issued_on=date(2026, month, 10))
    settle(account.invoices.get(amount=5538), "5538", date(2026, 3, 5))
    settle(account.invoices.get(amount=4566), "1267", date(2026, 3, 5))
    found = figures(rep, on=MARCH, currency="CNY")
    assert (found.days, found.invoiced, found.total) == (90, 17_674, 10_869)
    assert two(found[FigureCode.DSO].value) == Decimal("55.35")
    assert "open_on=2026-03-31&currency=CNY" in found[FigureCode.DSO].query


def test_countback_dso(rep):
    account = make_account(rep)
    for month, sales in ((9, 140_000), (10, 80_000), (11, 100_000)):
        make_invoice(account, str(sales), issued_on=date(2025, month, 5), due_on=date(2026, 1, 1))
    settle(account.invoices.get(amount=140_000), "70000", date(2025, 11, 20))
    found = figures(rep, on=date(2025, 11, 30), currency="CNY")
    assert (found.days, found.total) == (91, 250_000)
    assert found[FigureCode.DSO_COUNTBACK].value == 76
    assert two(found[FigureCode.DSO].value) == Decimal("71.09")
    assert found[FigureCode.BEST_DSO].value == found[FigureCode.DSO].value
    assert found[FigureCode.DAYS_DELINQUENT].value == 0


def test_true_dso_weighs_each_month_by_its_own_sales(rep):
    account = make_account(rep)
    make_invoice(account, "100", issued_on=date(2026, 3, 1))
    make_invoice(account, "300", issued_on=date(2026, 3, 11))
    settle(account.invoices.get(amount=300), "100", date(2026, 3, 20))
    make_invoice(account, "50", issued_on=date(2026, 2, 1), due_on=date(2026, 3, 3))
    # March: (100 × 30 + 200 × 20) ÷ 400 = 17.5; February: 50 × 58 ÷ 50 = 58
    assert figures(rep, on=MARCH, currency="CNY")[FigureCode.DSO_TRUE].value == Decimal("75.5")


def test_collection_effectiveness(rep):
    account = make_account(rep)
    old = make_invoice(account, "6200", issued_on=date(2025, 12, 1), due_on=date(2026, 2, 1))
    make_invoice(account, "3590", issued_on=date(2026, 3, 15), due_on=date(2026, 5, 1))
    paid = make_invoice(account, "7300", issued_on=date(2026, 1, 15), due_on=date(2026, 2, 15))
    settle(old, "3450", date(2026, 3, 1))
    settle(paid, "7300", date(2026, 3, 1))
    found = figures(rep, on=MARCH, currency="CNY")
    assert (found.invoiced, found.total, found.amounts[0]) == (10_890, 6340, 3590)
    assert two(found[FigureCode.EFFECTIVENESS].value) == Decimal("55.93")
    assert found[FigureCode.EFFECTIVENESS].inputs[0].value == 6200


def test_days_late_are_weighted_and_early_is_no_credit(rep):
    account = make_account(rep)
    late = make_invoice(account, "300", due_on=date(2026, 3, 1))
    early = make_invoice(account, "100", due_on=date(2026, 3, 20))
    settle(late, "300", date(2026, 3, 13))
    settle(early, "100", date(2026, 3, 10))
    found = figures(rep, on=MARCH, currency="CNY")
    assert found[FigureCode.DAYS_LATE].value == 9
    assert found[FigureCode.DAYS_LATE].page == "receivables:list_payments"


def test_roll_rates_follow_a_bucket_into_the_next(rep):
    account = make_account(rep)
    make_invoice(account, "1000", due_on=date(2026, 3, 10))
    half = make_invoice(account, "400", due_on=date(2026, 2, 10))
    settle(half, "300", date(2026, 3, 20))
    found = figures(rep, on=MARCH, currency="CNY")
    first, second = found.rolls[0], found.rolls[1]
    assert (first.before, first.after, first.rate) == (1000, 1000, 1)
    assert (second.before, second.after, second.rate) == (400, 100, Decimal("0.25"))
    assert found.rolls[2].rate is None
    assert found.expected_loss is None


def test_nothing_divides_an_empty_ledger(rep):
    found = figures(rep, on=MARCH, currency="CNY")
    assert not [figure.code for figure in found.figures if figure.value is not None]
    assert all(str(figure.name) and str(figure.formula) for figure in found.figures)


def test_figures_are_of_one_currency_and_ones_own(rep, other_rep, manager, north):
    make_invoice(make_account(rep), "10", issued_on=date(2026, 3, 1))
    make_invoice(make_account(rep), "99", issued_on=date(2026, 3, 1), currency="USD")
    make_invoice(make_account(other_rep), "5", issued_on=date(2026, 3, 1))
    assert figures(rep, on=MARCH, currency="CNY").total == 10
    assert figures(manager, on=MARCH, currency="USD", selection=Selection(team_id=north.pk)).total == 99
    assert figures(other_rep, on=MARCH, currency="USD").total == 0


def test_the_figures_cost_five_statements(rep, collector, django_assert_max_num_queries):
    for _number in range(20):
        make_invoice(make_account(rep), "10", issued_on=date(2026, 3, 1))
    with django_assert_max_num_queries(5):
        figures(collector, on=MARCH, currency="CNY")


def test_expected_cash_by_week(rep):
    account = make_account(rep)
    on = date(2026, 3, 11)  # a Wednesday
    make_invoice(account, "1", due_on=date(2026, 3, 10))
    make_invoice(account, "2", due_on=on, disputed_amount=1)
    make_invoice(account, "4", due_on=date(2026, 3, 15))
    make_invoice(account, "8", due_on=date(2026, 3, 16))
    make_invoice(account, "16", due_on=date(2026, 1, 1), expected_on=date(2026, 3, 22))
    make_invoice(account, "32", due_on=date(2026, 6, 1))
    weeks = expected_cash(rep, on=on, currency="CNY")
    assert [int(week.amount) for week in weeks] == [1, 6, 24, *[0] * 6, 32]
    assert [(week.first, week.last) for week in weeks[:3]] == [
        (None, date(2026, 3, 10)), (on, date(2026, 3, 15)), (date(2026, 3, 16), date(2026, 3, 22)),
    ]  # fmt: skip
    assert (weeks[1].undisputed, weeks[1].invoices, weeks[-1].last) == (5, 2, None)


# ------------------------------------------------------------------ provision


def test_the_example_of_ifrs_9(rep, collector):
    account = make_account(rep)
    for late, amount in ((0, 15_000_000), (15, 7_500_000), (45, 4_000_000), (75, 2_500_000), (100, 1_000_000)):
        make_invoice(account, str(amount), due_on=MARCH - timedelta(days=late))
    matrix = provision_matrix(collector, on=MARCH, basis=ProvisionBasis.OVERDUE, currency="CNY")
    assert (matrix.total, matrix.amount) == (580_000, 30_000_000)
    assert matrix.lines[1].query.endswith("bucket=1")


def test_by_age_and_by_grade(rep, collector):
    account = make_account(rep)
    make_invoice(account, "100", issued_on=date(2026, 1, 1))
    make_invoice(account, "1000", issued_on=date(2021, 1, 1), grade=Grade.DEAD)
    by_age = provision_matrix(collector, on=MARCH, basis=ProvisionBasis.AGE, currency="CNY")
    by_grade = provision_matrix(collector, on=MARCH, basis=ProvisionBasis.GRADE, currency="CNY")
    assert (by_age.total, by_grade.total) == (5 + 1000, 5 + 1000)
    assert [line.step for line in by_grade.lines] == [0, 3]


def test_rates_hold_from_their_day_on(rep, collector):
    make_invoice(make_account(rep), "100", issued_on=date(2026, 1, 1))
    actions.set_provision_rates(
        by=collector, basis=ProvisionBasis.AGE, rates={0: Decimal("0.06"), 1: Decimal("0.10")}, effective_on=MARCH
    )
    totals = [
        provision_matrix(collector, on=on, basis=ProvisionBasis.AGE, currency="CNY").total
        for on in (MARCH - timedelta(days=1), MARCH)
    ]
    assert totals == [5, 6]
    event = AuditEvent.objects.get()
    assert (event.details["before"], event.details["after"]) == ({"0": "0.05000"}, {"0": "0.06"})


@pytest.mark.parametrize(
    "rates", [{0: Decimal("1.01")}, {0: Decimal("-0.1")}, {6: Decimal("0.5")}, {0: Decimal("NaN")}]
)
def test_a_rate_is_a_share_of_a_step(collector, rates):
    with pytest.raises(DomainError) as refusal:
        actions.set_provision_rates(by=collector, basis=ProvisionBasis.AGE, rates=rates, effective_on=MARCH)
    assert refusal.value.field == f"rate_{next(iter(rates))}"


def test_a_provision_is_kept_and_approved_by_another(rep, collector, executive):
    make_invoice(make_account(rep), "100.01", issued_on=date(2026, 1, 1))
    run = actions.run_provision(by=collector, on=MARCH, basis=ProvisionBasis.AGE, currency="CNY")
    assert (run.total, run.lines[0]["provision"]) == (Decimal("5.00"), "5.00")
    with pytest.raises(DomainError, match="Somebody else"):
        actions.approve_provision(by=collector, run_id=run.pk)
    approved = actions.approve_provision(by=executive, run_id=run.pk)
    assert (approved.approved_by, approved.by) == (executive, collector)
    with pytest.raises(Conflict):
        actions.approve_provision(by=executive, run_id=run.pk)
    assert list(provision_runs(collector)) == [run]
    assert not provision_runs(rep).exists()
    with pytest.raises(Exception, match="Cannot update"):
        ProvisionRun.objects.update(total=1)


def test_who_may_provide(rep, collector, executive, manager):
    make_invoice(make_account(rep), issued_on=date(2026, 1, 1))
    for person in (rep, manager, executive):
        with pytest.raises(NotAllowed):
            actions.run_provision(by=person, on=MARCH, basis=ProvisionBasis.AGE, currency="CNY")
    run = actions.run_provision(by=collector, on=MARCH, basis=ProvisionBasis.AGE, currency="CNY")
    with pytest.raises(NotAllowed):
        actions.approve_provision(by=manager, run_id=run.pk)
    with pytest.raises(NotFound):
        actions.approve_provision(by=executive, run_id=0)
    for refused in ({"currency": "USD"}, {"currency": "XXX"}, {"on": today() + timedelta(days=1)}):
        with pytest.raises(DomainError):
            actions.run_provision(
                **{"by": collector, "on": MARCH, "basis": ProvisionBasis.AGE, "currency": "CNY"} | refused
            )


# ------------------------------------------------------------------ snapshots and trend


def test_a_snapshot_keeps_the_day_by_owner_and_currency(rep, colleague, north):
    account = make_account(rep)
    late = make_invoice(account, "100", due_on=date(2026, 3, 1), disputed_amount=0)
    make_invoice(account, "40", issued_on=MARCH)
    make_invoice(make_account(colleague), "7", due_on=MARCH, currency="USD")
    settle(late, "30", MARCH)
    settle(late, "70", date(2026, 4, 2))
    make_payment(account, "9", received_on=MARCH)
    assert actions.take_snapshot(on=MARCH) == 2
    row = ReceivableSnapshot.objects.get(owner=rep)
    assert (row.team, row.currency, row.invoices) == (north, "CNY", 2)
    assert (row.open_amount, row.overdue_amount, row.unallocated) == (110, 70, 9)
    assert (row.sold, row.received) == (40, 39)
    assert [int(amount) for amount in row.buckets] == [40, 70, 0, 0, 0, 0, 0]
    assert actions.take_snapshot(on=MARCH) == 0
    with pytest.raises(Exception, match="Cannot update"):
        ReceivableSnapshot.objects.update(sold=1)


def test_a_day_is_kept_when_it_is_over(db):
    with pytest.raises(DomainError):
        actions.take_snapshot(on=today())


def test_the_trend_shows_what_one_may_see(rep, colleague, other_rep, manager, collector, north):
    for owner, amount in ((rep, "1"), (colleague, "2"), (other_rep, "4")):
        make_invoice(make_account(owner), amount, due_on=date(2026, 3, 1))
    for on in (date(2026, 3, 1), date(2026, 3, 2)):
        actions.take_snapshot(on=on)

    def seen(by, selection=None):
        days = trend(by, currency="CNY", since=date(2026, 1, 1), until=MARCH, selection=selection or Selection())
        return [(day.on.day, int(day.open_amount), int(day.overdue_amount)) for day in days]

    assert seen(collector) == [(1, 7, 0), (2, 7, 7)]
    assert seen(rep) == [(1, 1, 0), (2, 1, 1)]
    assert seen(manager) == [(1, 3, 0), (2, 3, 3)]
    assert seen(collector, Selection(team_id=north.pk)) == [(1, 3, 0), (2, 3, 3)]
    assert seen(collector, Selection(owner_id=other_rep.pk)) == [(1, 4, 0), (2, 4, 4)]
