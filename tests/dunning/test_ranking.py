"""What a call can bring, by the rule and by the statement that stores it."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.workdays import today
from dunning import actions
from dunning.choices import Worth
from dunning.models import Case
from dunning.rules import ranking
from dunning.rules.ranking import Item, rank
from receivables.choices import Grade
from tests.factories import make_account, make_invoice
from tests.hypotheses import examples


@pytest.mark.parametrize(
    ("days", "grade", "share"),
    [
        (1, Grade.NORMAL, "0.90"),
        (30, Grade.NORMAL, "0.90"),
        (31, Grade.NORMAL, "0.80"),
        (90, Grade.NORMAL, "0.70"),
        (91, Grade.NORMAL, "0.47"),
        (365, Grade.NORMAL, "0.25"),
        (366, Grade.NORMAL, "0.10"),
        (10, Grade.DOUBTFUL, "0.50"),
        (200, Grade.DOUBTFUL, "0.25"),
        (10, Grade.BAD, "0.20"),
        (400, Grade.BAD, "0.10"),
        (10, Grade.DEAD, "0.02"),
    ],
)
def test_the_chance_is_the_worse_of_age_and_grade(days, grade, share):
    assert ranking.chance(days, grade) == Decimal(share)


def test_what_is_promised_is_not_called_for():
    items = [Item(Decimal(1000), 10), Item(Decimal(1000), 100)]
    assert rank(items, Decimal(0), Decimal(1), []).value == Decimal("1370.00")
    assert rank(items, Decimal(500), Decimal(1), []).value == Decimal("1027.50")
    assert rank(items, Decimal(3000), Decimal(1), []).value == 0


def test_a_step_due_and_a_paying_day_raise_the_line():
    items = [Item(Decimal(1000), 10)]
    found = rank(items, Decimal(0), Decimal(7), [Worth.DUE, Worth.PAYING_SOON])
    assert found.value == Decimal("12285.00")
    assert found.factors == {Worth.DUE: Decimal("1.5"), Worth.PAYING_SOON: Decimal("1.3")}


@pytest.mark.parametrize(
    ("days", "on", "near"),
    [
        ([10, 25], "2026-11-10", Worth.PAYING_TODAY),
        ([10, 25], "2026-11-07", Worth.PAYING_SOON),
        ([10, 25], "2026-11-09", Worth.PAYING_SOON),
        ([10, 25], "2026-11-06", None),
        ([10, 25], "2026-11-11", Worth.PAYING_PASSED),
        ([31], "2026-11-30", Worth.PAYING_TODAY),  # November has no 31st
        ([31], "2026-11-28", Worth.PAYING_SOON),
        ([30], "2026-02-28", Worth.PAYING_TODAY),
        ([1], "2026-11-30", Worth.PAYING_SOON),
        ([], "2026-11-10", None),
    ],
)
def test_paying_days_are_seen_from_near(days, on, near):
    assert ranking.paying(days, date.fromisoformat(on)) == near


def test_the_next_paying_day():
    assert ranking.next_paying_day([10, 25], date(2026, 11, 11)) == date(2026, 11, 25)
    assert ranking.next_paying_day([10, 25], date(2026, 11, 25)) == date(2026, 11, 25)
    assert ranking.next_paying_day([31], date(2026, 11, 5)) == date(2026, 11, 30)
    assert ranking.next_paying_day([], date(2026, 11, 5)) is None


CENTS = st.integers(1, 10_000_000).map(lambda cents: Decimal(cents) / 100)
INVOICES = st.lists(st.tuples(CENTS, CENTS, st.integers(1, 500), st.sampled_from(list(Grade))), min_size=1, max_size=5)


@pytest.mark.django_db
@examples(40, searching=1_000)
@given(invoices=INVOICES, due=st.booleans(), paying_days=st.lists(st.integers(1, 31), max_size=2))
def test_the_stored_worth_is_that_of_the_rule(rep, invoices, due, paying_days):
    Case.objects.all().delete()
    on = today()
    account = make_account(rep, paying_days=paying_days)
    items = []
    for amount, wanted, days, grade in invoices:
        disputed = min(wanted, amount)
        make_invoice(account, amount, due_on=on - timedelta(days=days), disputed_amount=disputed, grade=grade)
        items.append(Item(amount - disputed, days, grade))
    actions.refresh_cases(account_ids=[account.pk])
    Case.objects.filter(account=account).update(next_action="call", next_action_on=on if due else None)
    actions.refresh_cases(account_ids=[account.pk])
    near = ranking.paying(paying_days, on)
    factors = [*([Worth.DUE] if due else []), *([near] if near else [])]
    expected = rank(items, Decimal(0), Decimal(1), factors)
    case = Case.objects.get(account=account)
    assert case.value == expected.value
    assert case.callable_amount == sum(item.amount for item in items)
    assert case.parts["factors"] == {code.value: str(factor) for code, factor in expected.factors.items()}
    assert case.grade == max((grade for *_rest, grade in invoices), key=lambda grade: grade.rank)
