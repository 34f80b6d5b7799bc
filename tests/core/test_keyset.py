"""Walking pages, forwards and back, shows every row once and in order, whatever the values."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import Account
from core.keyset import Order, Page, read_cursor, read_page, walk, write_cursor
from core.models import User
from tests.factories import make_account
from tests.hypotheses import examples

FIELDS = ("id", "name")
DAYS = st.one_of(st.none(), st.integers(0, 3).map(lambda n: date(2026, 1, 1) + timedelta(days=n)))
WORDS = st.text(alphabet="aAéß 华为'\"%_\\-", max_size=3)


def expected(field: str, *, descending: bool) -> list[int]:
    """The ids in the right order, computed without SQL: empty values last in either direction."""
    rows = list(Account.objects.values_list(field, "id"))
    filled = sorted((row for row in rows if row[0] is not None), reverse=descending)
    empty = sorted((row[1] for row in rows if row[0] is None), reverse=descending)
    return [pk for _value, pk in filled] + empty


def ids(page: Page) -> list[int]:
    return [row["id"] for row in page.rows]


def forwards(order: Order, size: int, hook: Any = None) -> tuple[list[int], Page]:
    seen: list[int] = []
    page = read_page(Account.objects.all(), order, FIELDS, size=size)
    while True:
        seen += ids(page)
        if hook:
            hook(page)
        if not page.after:
            return seen, page
        page = read_page(Account.objects.all(), order, FIELDS, size=size, after=page.after)


def backwards(order: Order, size: int, page: Page) -> list[int]:
    seen = ids(page)
    while page.before:
        page = read_page(Account.objects.all(), order, FIELDS, size=size, before=page.before)
        seen = ids(page) + seen
    return seen


@pytest.fixture
def owner(rep: User) -> User:
    return rep


@examples(60, searching=2_000)
@given(days=st.lists(DAYS, max_size=14), size=st.integers(1, 6), descending=st.booleans())
def test_a_column_with_ties_and_empty_values(owner: User, days: list[date | None], size: int, descending: bool) -> None:
    Account.objects.all().delete()
    Account.objects.bulk_create([Account(owner=owner, name="x", next_step_on=day) for day in days])
    order = Order(("next_step_on",), descending, nullable=True)
    wanted = expected("next_step_on", descending=descending)
    seen, last = forwards(order, size)
    assert seen == wanted
    assert backwards(order, size, last) == wanted
    assert [row["id"] for batch in walk(Account.objects.all(), order, FIELDS, size=size) for row in batch] == wanted


@examples(60, searching=2_000)
@given(words=st.lists(WORDS, max_size=14), size=st.integers(1, 6), descending=st.booleans())
def test_a_column_of_words(owner: User, words: list[str], size: int, descending: bool) -> None:
    Account.objects.all().delete()
    Account.objects.bulk_create([Account(owner=owner, name="x", sort_name=word) for word in words])
    order = Order(("sort_name",), descending)
    wanted = expected("sort_name", descending=descending)
    seen, last = forwards(order, size)
    assert seen == wanted
    assert backwards(order, size, last) == wanted


@pytest.mark.parametrize("descending", [False, True])
def test_instants_are_kept_to_the_microsecond_and_amounts_to_the_cent(owner: User, descending: bool) -> None:
    for number in range(9):
        make_account(owner, annual_revenue=Decimal("10000000000000.01") + number % 3)
    for field, nullable in (("updated_at", False), ("annual_revenue", True)):
        seen, _last = forwards(Order((field,), descending, nullable=nullable), 2)
        assert seen == expected(field, descending=descending)


@examples(40, searching=2_000)
@given(days=st.lists(DAYS, min_size=3, max_size=10), new=st.lists(DAYS, max_size=6), size=st.integers(1, 4))
def test_rows_that_come_in_between_neither_hide_nor_double_others(
    owner: User, days: list[date | None], new: list[date | None], size: int
) -> None:
    Account.objects.all().delete()
    Account.objects.bulk_create([Account(owner=owner, name="x", next_step_on=day) for day in days])
    order = Order(("next_step_on",), nullable=True)
    before = expected("next_step_on", descending=False)
    coming = list(new)

    def add_one(_page: Page) -> None:
        if coming:
            Account.objects.create(owner=owner, name="late", next_step_on=coming.pop())

    seen, _last = forwards(order, size, add_one)
    assert len(seen) == len(set(seen))
    assert [pk for pk in seen if pk in set(before)] == before


def test_a_cursor_that_was_tampered_with_or_is_of_another_order_is_none() -> None:
    order = Order(("sort_name",))
    cursor = write_cursor({"sort_name": "a", "id": 1}, order)
    assert read_cursor(cursor, order) == ("a", 1)
    assert read_cursor(cursor, Order(("sort_name",), descending=True)) is None
    for bad in ("", "x", cursor[:-1], cursor + "x", "é:ü", "a" * 5_000, "\x00"):
        assert read_cursor(bad, order) is None


def test_empty_values_need_a_single_column() -> None:
    with pytest.raises(ValueError, match="single column"):
        Order(("a", "b"), nullable=True)


def test_a_page_costs_one_statement(owner: User, django_assert_num_queries: Any) -> None:
    for _ in range(4):
        make_account(owner)
    first = read_page(Account.objects.all(), Order(("sort_name",)), FIELDS, size=2)
    with django_assert_num_queries(1):
        read_page(Account.objects.all(), Order(("sort_name",)), FIELDS, size=2, after=first.after)
