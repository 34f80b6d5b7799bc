"""The arithmetic of drawings: what begins where, and how long it is."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import drawings
from core.drawings import Column, Part, Point


def test_a_bar_of_something_is_never_invisible():
    assert drawings.measured(1, 1_000_000).length == "0.50%"
    assert drawings.measured(0, 1_000_000).length == "0.00%"
    assert drawings.centred(5, 10) == drawings.Bar("25.00%", "50.00%")


def test_nothing_of_nothing_is_drawn_as_nothing():
    assert drawings.measured(0, 0).length == "0.00%"
    assert drawings.mark(0, 0) == "0.00%"
    assert drawings.stack([]) == drawings.rows([]) == drawings.columns([]) == []


def test_columns_stand_on_one_scale_and_pile_up_from_the_bottom():
    high, low = drawings.columns(
        [
            Column("1", [("tone-good", Decimal(60)), ("tone-good", Decimal(40))], "100"),
            Column("2", [("tone-bad", Decimal(25))], "25"),
        ]
    )
    assert [(piece.start, piece.length) for _tone, piece in high.pieces] == [("40.00%", "60.00%"), ("0.00%", "40.00%")]
    assert [(tone, piece.start, piece.length) for tone, piece in low.pieces] == [("tone-bad", "75.00%", "25.00%")]


def test_a_column_of_nothing_has_its_place_and_no_piece():
    assert [len(drawn.pieces) for drawn in drawings.columns([Column("1", [], ""), Column("2", [("t", 0)], "")])] == [
        0,
        0,
    ]


def test_a_credit_is_listed_in_a_stack_but_not_drawn():
    owed, credit, late = drawings.stack([Part("due", 75, "75"), Part("credit", -10, "-10"), Part("late", 25, "25")])
    assert (owed.share, credit.share, late.share) == (75, 0, 25)
    assert credit.bar.length == "0.00%"
    assert late.bar == drawings.Bar("75.00%", "25.00%")


@given(st.lists(st.integers(0, 10**12), min_size=1, max_size=8).filter(any))
def test_the_parts_of_a_stack_touch_and_fill_it(values):
    drawn = drawings.stack([Part(str(value), value, "") for value in values])
    end = 0.0
    for one in drawn:
        assert float(one.bar.start[:-1]) == pytest.approx(end, abs=0.02)
        end = float(one.bar.start[:-1]) + float(one.bar.length[:-1])
    assert end == pytest.approx(100, abs=0.02)


def test_rows_are_measured_against_the_longest():
    assert [one.share for one in drawings.rows([Part("a", 50, ""), Part("b", 200, ""), Part("c", -5, "")])] == [
        25,
        100,
        0,
    ]


def test_a_trend_goes_from_the_lowest_at_the_bottom_to_the_highest_at_the_top():
    drawn = drawings.trend([Point("Jan", 10), Point("Feb", 30), Point("Mar", 20)])
    assert drawn.path == "M0.00 30.00 L50.00 2.00 L100.00 16.00"
    assert drawn.last == ("100.00%", "50.00%")
    assert drawn.ends == ("Jan", "Mar")


def test_a_trend_breaks_where_nothing_is_known():
    drawn = drawings.trend([Point("Jan", 10), Point("Feb", None), Point("Mar", 30), Point("Apr", None)])
    assert [part[0] for part in drawn.path.split(" ") if part[0] in "ML"] == ["M", "M"]
    assert drawn.last == (f"{200 / 3:.2f}%", "6.25%")


def test_the_norm_lies_on_the_scale_of_the_trend():
    assert drawings.trend([Point("Jan", 60), Point("Feb", 80)], norm=40).level == "30.00"
    assert drawings.trend([Point("Jan", 60)], norm=None).level == ""


def test_a_trend_of_nothing_or_of_one_value_can_be_drawn():
    assert drawings.trend([]).path == "" and drawings.trend([]).last is None
    assert drawings.trend([Point("Jan", None)], norm=40).level == ""
    assert drawings.trend([Point("Jan", 5)]).last == ("0.00%", "50.00%")
