"""Golden vectors of the exact arithmetic, to the cent."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from receivables.rules import ageing, allocation, figures, interest, limitation
from receivables.rules.allocation import Because, Debt

ON = date(2026, 6, 30)


@pytest.mark.parametrize(
    ("late", "place"),
    [
        (-5, 0),
        (0, 0),
        (1, 1),
        (30, 1),
        (31, 2),
        (60, 2),
        (61, 3),
        (90, 3),
        (91, 4),
        (180, 4),
        (181, 5),
        (365, 5),
        (366, 6),
        (4000, 6),
    ],
)
def test_the_due_day_is_not_overdue_and_the_day_after_is_day_one(late: int, place: int) -> None:
    assert ageing.bucket_index(ON - timedelta(days=late), ON) == place


def test_bucket_edges_must_rise() -> None:
    with pytest.raises(ValueError, match="rising"):
        ageing.buckets((30, 30))


def test_currencies_age_apart() -> None:
    items = [ageing.OpenItem(ON, "CNY", Decimal(5)), ageing.OpenItem(ON - timedelta(days=40), "USD", Decimal(7))]
    sums = ageing.age(items, ON)
    assert (sums["CNY"][0], sums["USD"][2]) == (5, 7)


@pytest.mark.parametrize(
    ("on", "year"), [(date(2025, 3, 1), 1), (date(2026, 3, 1), 1), (date(2026, 3, 2), 2), (date(2030, 3, 1), 5)]
)
def test_years_of_age_run_from_recognition(on: date, year: int) -> None:
    assert ageing.years_since(date(2025, 3, 1), on) == year


def test_560_due_and_unsecured_first() -> None:
    early, later = date(2026, 1, 1), date(2026, 12, 1)
    lines = allocation.propose_by_statute(
        Decimal(100),
        [
            Debt("A", early, Decimal(60), secured=Decimal(60)),
            Debt("B", early, Decimal(60)),
            Debt("C", later, Decimal(60)),
        ],
        ON,
    )
    assert [(line.key, line.amount, line.because) for line in lines] == [
        ("B", 60, Because.LESS_SECURED),
        ("A", 40, Because.DUE),
    ]


def test_560_a_tie_is_shared_pro_rata() -> None:
    lines = allocation.propose_by_statute(Decimal(100), [Debt("A", ON, Decimal(90)), Debt("B", ON, Decimal(60))], ON)
    assert [(line.key, line.amount) for line in lines] == [("A", 60), ("B", 40)]


def test_oldest_first_keeps_the_order_given_within_a_day() -> None:
    lines = allocation.propose_oldest_first(Decimal(100), [Debt(9, ON, Decimal(60)), Debt(10, ON, Decimal(60))])
    assert [(line.key, line.amount) for line in lines] == [(9, 60), (10, 40)]


def test_561_costs_then_interest_then_principal() -> None:
    split = allocation.split_inside(Decimal(100), costs=Decimal(20), interest=Decimal(30), principal=Decimal(500))
    assert (split.costs, split.interest, split.principal, split.left) == (20, 30, 50, 0)


cents = st.integers(1, 10_000_000).map(lambda n: Decimal(n) / 100)
debts = st.lists(
    st.builds(
        Debt,
        key=st.uuids(),
        due_on=st.dates(date(2024, 1, 1), date(2027, 1, 1)),
        open_amount=cents,
        burden=st.sampled_from([Decimal(0), Decimal("0.06")]),
    ),
    min_size=1,
    max_size=8,
)


@given(cents, debts)
def test_lines_add_up_to_the_payment_and_never_exceed_a_debt(payment: Decimal, owed: list[Debt]) -> None:
    total = sum(debt.open_amount for debt in owed)
    for lines in (allocation.propose_by_statute(payment, owed, ON), allocation.propose_oldest_first(payment, owed)):
        assert sum(line.amount for line in lines) == min(payment, total)
        left = {debt.key: debt.open_amount for debt in owed}
        assert all(0 < line.amount <= left[line.key] for line in lines)


def test_interest_counts_what_was_really_outstanding() -> None:
    due = date(2026, 3, 1)
    rate = interest.daily_rate(Decimal("0.0005"))
    parts = interest.segments(
        Decimal(100_000), due, date(2026, 4, 30), reductions=[(date(2026, 3, 31), Decimal(40_000))], rates=[(due, rate)]
    )
    assert interest.interest(parts) == Decimal("2400.00")


@pytest.mark.parametrize(("basis", "amount"), [(360, "1125.00"), (365, "1109.59")])
def test_one_and_a_half_times_the_lpr_for_ninety_days(basis: int, amount: str) -> None:
    start = date(2026, 1, 1)
    parts = interest.segments(
        Decimal(100_000), start, start + timedelta(days=90), reductions=[], rates=[(start, Decimal("0.045"))]
    )
    assert interest.interest(parts, basis=basis) == Decimal(amount)


@given(st.integers(0, 200), st.integers(0, 200), st.integers(0, 60_000))
def test_interest_over_two_stretches_is_interest_over_both(first: int, second: int, paid: int) -> None:
    a = date(2026, 1, 1)
    b, c = a + timedelta(days=first), a + timedelta(days=first + second)
    terms = {
        "reductions": [(date(2026, 2, 10), Decimal(paid))],
        "rates": [(a, Decimal("0.18")), (date(2026, 5, 1), Decimal("0.36"))],
    }
    whole = interest.interest(interest.segments(Decimal(90_000), a, c, **terms))
    parts = interest.interest(
        [*interest.segments(Decimal(90_000), a, b, **terms), *interest.segments(Decimal(90_000), b, c, **terms)]
    )
    assert whole == parts


def test_collection_effectiveness() -> None:
    value = figures.effectiveness(
        begin=Decimal(6200), sales=Decimal(10_890), months=3, end_total=Decimal(6340), end_current=Decimal(3590)
    )
    assert value is not None and round(value, 2) == Decimal("55.93")


def test_dso_three_ways() -> None:
    simple = figures.dso_simple(Decimal(10_869), Decimal(5538 + 4566 + 7570), 90)
    assert simple is not None and round(simple, 2) == Decimal("55.35")
    months = [
        figures.Month(Decimal(100_000), 30),
        figures.Month(Decimal(80_000), 31),
        figures.Month(Decimal(140_000), 30),
    ]
    assert figures.dso_countback(Decimal(250_000), months) == 76
    assert figures.dso_countback(Decimal(0), []) is None, "a company without sales has no DSO, not one of no days"
    plain = figures.dso_simple(Decimal(250_000), Decimal(320_000), 91)
    assert plain is not None and round(plain, 2) == Decimal("71.09")


def test_expected_credit_loss_matrix() -> None:
    amounts = [Decimal(15_000_000), Decimal(7_500_000), Decimal(4_000_000), Decimal(2_500_000), Decimal(1_000_000)]
    assert (
        figures.provision(
            amounts, [Decimal("0.003"), Decimal("0.016"), Decimal("0.036"), Decimal("0.066"), Decimal("0.106")]
        )
        == 580_000
    )


def test_roll_product() -> None:
    rates = [Decimal(".15"), Decimal(".30"), Decimal(".45"), Decimal(".60"), Decimal(".70")]
    assert round(figures.expected_loss_rate(rates) * 100, 4) == Decimal("0.8505")
    assert round(figures.expected_loss_rate(rates, 2) * 100, 1) == Decimal("18.9")


@pytest.mark.parametrize(
    ("due", "last"),
    [
        (date(2023, 2, 17), date(2026, 2, 17)),
        (date(2024, 2, 29), date(2027, 2, 28)),
        (date(2023, 12, 31), date(2026, 12, 31)),
    ],
)
def test_three_years_to_the_day(due: date, last: date) -> None:
    assert limitation.run_clock(due, []).expires_on == last


def test_an_event_after_the_last_day_restarts_nothing() -> None:
    events = [limitation.Interruption(date(2023, 2, 1)), limitation.Interruption(date(2026, 3, 1), by_debtor=True)]
    clock = limitation.run_clock(date(2020, 3, 1), events)
    assert (clock.expires_on, clock.revived) == (date(2026, 2, 1), True)
