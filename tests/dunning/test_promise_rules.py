"""What becomes of a promise, from the days the money came alone (C10)."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dunning.choices import PromiseState
from dunning.rules.promises import Due, Receipt, judge

OPEN, KEPT, PARTLY, BROKEN = PromiseState.OPEN, PromiseState.KEPT, PromiseState.PARTLY, PromiseState.BROKEN


def on(day, month=11):
    return date(2026, month, day)


def due(day, amount, grace=1):
    return Due(on(day), on(day + grace), Decimal(amount))


def came(day, amount):
    return Receipt(on(day), Decimal(amount))


ONE = [due(10, 1000)]
PLAN = [due(10, 400), due(20, 300), due(28, 300)]

# (instalments, receipts, asked on, promise, instalments, judged on, arrived)
TABLE = [
    # before the day nothing is decided
    (ONE, [], 9, OPEN, [OPEN], None, 0),
    (ONE, [], 10, OPEN, [OPEN], None, 0),
    (ONE, [], 11, OPEN, [OPEN], None, 0),  # the grace
    (ONE, [], 12, BROKEN, [BROKEN], 12, 0),
    (ONE, [], 27, BROKEN, [BROKEN], 12, 0),  # asked late, judged on the same day
    # kept as soon as the money is in, also within the grace
    (ONE, [came(5, 1000)], 5, KEPT, [KEPT], 5, 1000),
    (ONE, [came(11, 1000)], 11, KEPT, [KEPT], 11, 1000),
    (ONE, [came(11, 1000)], 20, KEPT, [KEPT], 11, 1000),
    (ONE, [came(4, 400), came(9, 600)], 12, KEPT, [KEPT], 9, 1000),
    (ONE, [came(4, 1500)], 12, KEPT, [KEPT], 4, 1000),
    # a day too late mends nothing
    (ONE, [came(12, 1000)], 12, BROKEN, [BROKEN], 12, 1000),
    (ONE, [came(10, 999), came(12, 1)], 13, PARTLY, [PARTLY], 12, 1000),
    (ONE, [came(10, "999.99")], 12, PARTLY, [PARTLY], 12, "999.99"),
    (ONE, [came(10, 400)], 11, OPEN, [OPEN], None, 400),
    # money that was taken back
    (ONE, [came(5, 1000), came(5, -1000)], 9, OPEN, [OPEN], None, 0),
    (ONE, [came(5, 1000), came(5, -1000)], 12, BROKEN, [BROKEN], 12, 0),
    (ONE, [came(5, 1000), came(5, -1000), came(9, 1000)], 12, KEPT, [KEPT], 9, 1000),
    (ONE, [came(5, 1000), came(12, -1000)], 13, KEPT, [KEPT], 5, 0),  # went back after the grace: it was kept
    # instalments
    (PLAN, [came(10, 400)], 12, OPEN, [KEPT, OPEN, OPEN], None, 400),
    (PLAN, [came(3, 1000)], 3, KEPT, [KEPT, KEPT, KEPT], 3, 1000),
    (PLAN, [came(10, 400), came(20, 300), came(28, 300)], 28, KEPT, [KEPT, KEPT, KEPT], 28, 1000),
    (PLAN, [came(10, 500)], 12, OPEN, [KEPT, OPEN, OPEN], None, 500),
    (PLAN, [came(10, 500)], 22, PARTLY, [KEPT, PARTLY, OPEN], 22, 500),
    (PLAN, [came(10, 300)], 12, PARTLY, [PARTLY, OPEN, OPEN], 12, 300),
    (PLAN, [], 12, BROKEN, [BROKEN, OPEN, OPEN], 12, 0),
    (PLAN, [came(10, 400)], 22, PARTLY, [KEPT, BROKEN, OPEN], 22, 400),
    # later money goes to what was promised for earlier days
    (PLAN, [came(18, 700)], 22, BROKEN, [BROKEN, KEPT, OPEN], 12, 700),
    (PLAN, [came(18, 400)], 22, BROKEN, [BROKEN, BROKEN, OPEN], 12, 400),
    # nothing is known of days ahead
    (ONE, [came(10, 1000)], 9, OPEN, [OPEN], None, 0),
]


@pytest.mark.parametrize(("dues", "receipts", "asked", "state", "parts", "judged", "arrived"), TABLE)
def test_a_promise_is_judged(dues, receipts, asked, state, parts, judged, arrived):
    verdict, found = judge(dues, receipts, on(asked))
    assert (verdict.state, [part.state for part in found]) == (state, parts)
    assert verdict.judged_on == (judged and on(judged))
    assert verdict.arrived == Decimal(arrived)


def test_the_order_of_booking_does_not_matter():
    receipts = [came(4, 300), came(9, 400), came(11, 100), came(9, -100), came(12, 900)]
    outcomes = {str(judge(PLAN, order, on(25))) for order in permutations(receipts)}
    assert len(outcomes) == 1


DAYS = st.integers(0, 40)
AMOUNTS = st.integers(1, 100_000).map(lambda cents: Decimal(cents) / 100)
START = date(2026, 1, 1)


@given(
    plan=st.lists(st.tuples(DAYS, AMOUNTS), min_size=1, max_size=5, unique_by=lambda part: part[0]),
    receipts=st.lists(st.tuples(DAYS, AMOUNTS), max_size=8),
    asked=st.integers(0, 50),
)
def test_what_is_decided_stays_decided_and_parts_add_up(plan, receipts, asked):
    dues = [Due(START + timedelta(days=day), START + timedelta(days=day + 1), amount) for day, amount in sorted(plan)]
    money = [Receipt(START + timedelta(days=day), amount) for day, amount in receipts]
    day = START + timedelta(days=asked)
    verdict, parts = judge(dues, money, day)
    total = sum((receipt.amount for receipt in money if receipt.on <= day), Decimal(0))
    assert verdict.arrived == min(total, sum(due.amount for due in dues))
    later, _parts = judge(dues, money, day + timedelta(days=1))
    if verdict.state != OPEN:
        assert (later.state, later.judged_on) == (verdict.state, verdict.judged_on)
    assert verdict.judged_on is None or verdict.judged_on <= day
    for due_, part in zip(dues, parts, strict=True):
        assert 0 <= part.arrived <= due_.amount
        assert (part.state == KEPT) == (part.arrived == due_.amount)
        assert part.state != OPEN or day <= due_.until
