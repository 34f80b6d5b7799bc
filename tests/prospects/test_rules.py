"""The method's rules and figures, without a database."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from prospects.choices import Anomaly, Criterion, Movement, Period, SlipReason, Stage, Verdict
from prospects.rules import criteria, cycle, forecast, review, shape, slipping, statistics

ON = date(2026, 3, 16)
HARD = criteria.HARD_AS_SHIPPED


@dataclass(frozen=True)
class Facts:
    first_meeting_on: date | None = None
    decision_on: date | None = None
    start_on: date | None = None
    next_step: str = ""
    next_step_on: date | None = None


PLANNED = Facts(next_step="Call back", next_step_on=ON)
SOUND = Facts(
    first_meeting_on=ON - timedelta(days=30),
    decision_on=ON + timedelta(days=30),
    start_on=ON + timedelta(days=60),
    next_step="Sign",
    next_step_on=ON + timedelta(days=7),
)
FIVE_TICKS = set(criteria.B_FIVE) - {Criterion.NEXT_STEP_AGREED}


def names(checks):
    return [check.criterion.value for check in checks]


def test_p1_the_class_is_its_percentage():
    assert [(stage.letter, stage.percent) for stage in Stage] == [
        ("E", 0), ("D", 10), ("C", 25), ("B", 50), ("A", 90), ("S", 100),
    ]  # fmt: skip
    assert [stage.next_up for stage in Stage] == [Stage.D, Stage.C, Stage.B, Stage.A, Stage.S, None]
    assert [stage.next_down for stage in Stage] == [None, Stage.E, Stage.D, Stage.C, Stage.B, Stage.A]


def test_p2_each_class_asks_for_what_the_handbook_says():
    asked = {stage.letter: names(criteria.missing(stage, Facts(), set(), HARD, ON)) for stage in Stage}
    assert asked["E"] == []
    assert asked["D"] == ["first_meeting_dated"]
    assert asked["C"] == ["first_meeting_held", "willing"]
    assert asked["B"] == [
        "right_person", "proposal_fits", "budget_reasonable", "timetable_workable", "next_step_agreed",
    ]  # fmt: skip
    assert asked["A"] == ["spoken_agreement", *asked["B"]]
    assert asked["S"] == ["first_payment", "commission_received", "delivery_accepted", "in_use"]


@pytest.mark.parametrize("one", criteria.CRITERIA[Stage.S])
def test_p2_any_one_of_four_is_s(one):
    assert criteria.missing(Stage.S, Facts(), {one}, HARD, ON) == []


@pytest.mark.parametrize("left_out", criteria.B_FIVE)
def test_p2_four_of_five_are_not_b(left_out):
    facts = replace(SOUND, next_step_on=None) if left_out == Criterion.NEXT_STEP_AGREED else SOUND
    assert names(criteria.missing(Stage.B, facts, FIVE_TICKS - {left_out}, HARD, ON)) == [left_out.value]
    assert criteria.missing(Stage.B, SOUND, FIVE_TICKS, HARD, ON) == []


def test_p2_shipped_all_of_d_b_a_s_stop_and_c_is_only_asked_for():
    stops = {
        stage.letter: bool(criteria.stopping(criteria.missing(stage, Facts(), set(), HARD, ON))) for stage in Stage
    }
    assert stops == {"E": False, "D": True, "C": False, "B": True, "A": True, "S": True}


@pytest.mark.parametrize(
    ("criterion", "facts", "lacking"),
    [
        (Criterion.FIRST_MEETING_DATED, Facts(), ("first_meeting_on",)),
        (Criterion.FIRST_MEETING_DATED, Facts(first_meeting_on=ON + timedelta(days=9)), ()),
        (Criterion.FIRST_MEETING_HELD, Facts(first_meeting_on=ON + timedelta(days=1)), ("first_meeting_on",)),
        (Criterion.FIRST_MEETING_HELD, Facts(first_meeting_on=ON), ()),
        (Criterion.TIMETABLE_WORKABLE, Facts(), ("decision_on", "start_on")),
        (Criterion.TIMETABLE_WORKABLE, Facts(decision_on=ON - timedelta(days=1), start_on=ON), ("decision_on",)),
        (Criterion.TIMETABLE_WORKABLE, Facts(decision_on=ON, start_on=ON), ()),
        (Criterion.NEXT_STEP_AGREED, Facts(next_step=" ", next_step_on=ON), ("next_step",)),
        (Criterion.NEXT_STEP_AGREED, replace(PLANNED, next_step_on=ON - timedelta(days=1)), ("next_step_on",)),
        (Criterion.NEXT_STEP_AGREED, PLANNED, ()),
        (Criterion.WILLING, Facts(), ()),
    ],
)
def test_dates_bear_a_criterion_out(criterion, facts, lacking):
    assert criteria.lacking_fields(criterion, facts, ON) == lacking


def test_r8_every_class_between_e_and_s_needs_a_next_step():
    assert [stage.letter for stage in Stage if criteria.needs_next_step(stage)] == ["D", "C", "B", "A"]


@pytest.mark.parametrize(
    ("stage", "facts", "ticked", "waived", "reason", "back_to"),
    [
        (Stage.E, Facts(), set(), set(), None, Stage.E),
        (Stage.A, SOUND, FIVE_TICKS | {Criterion.SPOKEN_AGREEMENT}, set(), None, Stage.B),
        (Stage.B, SOUND, FIVE_TICKS, set(), None, Stage.C),
        (Stage.B, replace(SOUND, next_step_on=ON - timedelta(days=1)), FIVE_TICKS, set(), "next_step_passed", Stage.E),
        (Stage.C, replace(SOUND, next_step=""), set(), set(), "no_next_step", Stage.E),
        (Stage.B, replace(SOUND, decision_on=ON - timedelta(days=1)), FIVE_TICKS, set(), "decision_passed", Stage.C),
        (Stage.C, replace(SOUND, decision_on=ON - timedelta(days=1)), set(), set(), None, Stage.D),
        (Stage.D, replace(SOUND, first_meeting_on=None), set(), set(), "meeting_cancelled", Stage.E),
        (Stage.D, replace(SOUND, first_meeting_on=None), set(), {Criterion.FIRST_MEETING_DATED}, None, Stage.E),
        (Stage.B, SOUND, FIVE_TICKS - {Criterion.RIGHT_PERSON}, set(), "criterion_lost", Stage.C),
        (Stage.B, SOUND, FIVE_TICKS - {Criterion.RIGHT_PERSON}, {Criterion.RIGHT_PERSON}, None, Stage.C),
        (Stage.A, SOUND, FIVE_TICKS, set(), "criterion_lost", Stage.B),
    ],
)
def test_p3_why_a_card_slips_and_where_it_falls(stage, facts, ticked, waived, reason, back_to):
    assert slipping.slip_reason(stage, facts, ticked, waived, HARD, ON) == (SlipReason(reason) if reason else None)
    assert slipping.fall_back_class(stage, facts, ticked, HARD, ON) == back_to


def test_p3_it_falls_after_fourteen_days():
    assert slipping.falls_back_on(date(2026, 3, 2)) == date(2026, 3, 16)


def test_p4_both_clocks():
    stays = [Stay(Stage.C, 5), Stay(Stage.B, 40), Stay(Stage.C, 9), Stay(None, None)]
    assert cycle.clocks(Stage.C, date(2026, 3, 10), ON, stays) == cycle.Clocks(current=6, cumulative=20)
    assert cycle.clocks(Stage.C, date(2026, 3, 20), ON, []) == cycle.Clocks(0, 0)


@dataclass(frozen=True)
class Stay:
    from_stage: int | None
    days_in_from: int | None


def test_p5_norms_of_the_nearest_team_above():
    norms = cycle.Norms(company={Stage.C: 10}, teams={1: {Stage.C: 20, Stage.B: 9}, 7: {Stage.C: 5}})
    assert [cycle.Norms().days(stage) for stage in Stage] == [7, 3, 14, 7, 7, None]
    assert norms.days(Stage.C) == 10
    assert norms.days(Stage.C, "/1/7/9/") == 5
    assert norms.days(Stage.B, "/1/7/9/") == 9
    assert norms.days(Stage.A, "/1/7/9/") == 7


@pytest.mark.parametrize(("days", "beyond"), [(28, False), (29, True)])
def test_p5_beyond_is_more_than_twice_the_norm(days, beyond):
    assert cycle.is_beyond(days, 14) is beyond
    assert (ON - timedelta(days=days) < cycle.beyond_since(14, ON)) is beyond


@pytest.mark.parametrize(
    ("counts", "found"),
    [
        ((0, 0, 0, 0, 0), []),
        ((30, 0, 0, 0, 0), ["e_only"]),
        ((30, 12, 8, 4, 2), []),
        ((30, 0, 4, 5, 2), ["empty_d"]),
        ((30, 3, 12, 4, 1), ["bulge_at_c"]),
        ((30, 4, 3, 0, 0), ["empty_b"]),
        ((30, 9, 6, 2, 5), ["hanging_a"]),
        ((30, 0, 9, 0, 3), ["empty_d", "bulge_at_c", "empty_b", "hanging_a"]),
    ],
)
def test_p6_named_anomalies(counts, found):
    board = dict(zip([Stage.E, Stage.D, Stage.C, Stage.B, Stage.A], counts, strict=True))
    readings = shape.anomalies(board)
    assert [reading.anomaly.value for reading in readings] == found
    assert all(str(reading.cause) and str(reading.remedy) for reading in readings)
    assert set(shape.READINGS) == set(Anomaly)


def test_p6_the_normal_form_narrows():
    assert shape.is_normal({Stage.D: 12, Stage.C: 8, Stage.B: 4, Stage.A: 2})
    assert not shape.is_normal({Stage.D: 3, Stage.C: 8, Stage.B: 4, Stage.A: 2})
    assert not shape.is_normal({})


def test_p15_weighted_by_class_rounded_once():
    assert forecast.weighted(
        {Stage.C: Decimal("100.01"), Stage.B: Decimal("200.01"), Stage.A: Decimal("300.03")}
    ) == Decimal("395.03")
    assert forecast.weighted({Stage.E: Decimal(1000)}) == 0


@pytest.mark.parametrize(
    ("period", "on", "first", "last"),
    [
        (Period.THIS_MONTH, ON, date(2026, 3, 1), date(2026, 3, 31)),
        (Period.NEXT_MONTH, date(2026, 12, 5), date(2027, 1, 1), date(2027, 1, 31)),
        (Period.THIS_QUARTER, ON, date(2026, 1, 1), date(2026, 3, 31)),
        (Period.NEXT_QUARTER, date(2026, 11, 5), date(2027, 1, 1), date(2027, 3, 31)),
        (Period.THIS_YEAR, ON, date(2026, 1, 1), date(2026, 12, 31)),
    ],
)
def test_periods(period, on, first, last):
    assert forecast.span(period, on) == (first, last)


def test_months_ahead_pass_the_new_year():
    assert forecast.months_ahead(date(2026, 11, 30), 3) == [date(2026, 11, 1), date(2026, 12, 1), date(2027, 1, 1)]


def test_the_bridge_reconciles_to_the_cent():
    standings = [
        forecast.Standing(True, Decimal("100.10"), Decimal("120.15"), changed=1),
        forecast.Standing(True, Decimal("50.00"), Decimal("45.05"), left=Movement.WON, changed=1),
        forecast.Standing(True, Decimal("70.00"), Decimal("70.00"), left=Movement.LOST),
        forecast.Standing(True, Decimal("10.00"), Decimal("10.00"), left=Movement.MOVED_OUT),
        forecast.Standing(False, Decimal(0), Decimal("33.33"), entered=Movement.NEW),
        forecast.Standing(False, Decimal(0), Decimal("5.55"), entered=Movement.NEW, left=Movement.WON),
        forecast.Standing(False, Decimal(0), Decimal("4.00"), entered=Movement.MOVED_IN),
    ]
    bridge = forecast.bridge("CNY", standings)
    assert bridge.opened_with == Decimal("230.10")
    assert bridge.open_now == Decimal("157.48")
    assert bridge.bars[Movement.WON] == Decimal("-50.60")
    assert bridge.bars[Movement.CHANGED] == Decimal("15.10")
    assert bridge.counts[Movement.NEW] == 2
    assert bridge.difference == 0


def test_golden_velocity():
    assert forecast.velocity(40, Decimal("0.25"), Decimal(50_000), 80) == Decimal("6250.00")
    assert forecast.velocity(40, Decimal("0.25"), Decimal(50_000), 0) is None


@pytest.mark.parametrize(
    ("hits", "cases", "low", "high"), [(8, 30, 14.2, 44.5), (15, 30, 33.2, 66.9), (3, 24, 4.3, 31.0)]
)
def test_golden_wilson(hits, cases, low, high):
    interval = statistics.wilson(hits, cases)
    assert interval is not None
    # The handbook's figures are rounded twice: 44.448 stands there as 44.5.
    assert (interval[0] * 100, interval[1] * 100) == pytest.approx((low, high), abs=0.06)


def test_wilson_at_the_edges():
    assert statistics.wilson(0, 0) is None
    assert statistics.wilson(0, 10)[0] == 0
    assert statistics.wilson(10, 10)[1] == pytest.approx(1)


def test_golden_brier():
    assert statistics.brier([(0.9, True), (0.5, False), (0.25, False), (0.1, False)]) == pytest.approx(0.083125)
    assert statistics.brier([]) is None


@pytest.mark.parametrize(
    ("opened", "reviewed", "due"),
    [
        (ON - timedelta(days=6), None, False),
        (ON - timedelta(days=7), None, True),
        (ON - timedelta(days=90), ON - timedelta(days=6), False),
        (ON - timedelta(days=90), ON - timedelta(days=7), True),
    ],
)
def test_p4_a_review_every_seven_days(opened, reviewed, due):
    assert review.is_due(opened, reviewed, ON) is due


def same(days_ago, stage=Stage.C, verdict=Verdict.SAME):
    return ON - timedelta(days=days_ago), verdict, int(stage)


@pytest.mark.parametrize(
    ("verdicts", "met_days_ago", "stuck"),
    [
        ([same(0), same(7), same(14)], None, True),
        ([same(0), same(7)], None, False),
        ([same(0), same(0), same(7)], None, False),
        ([same(0), same(7), same(14, verdict=Verdict.UP)], None, False),
        ([same(0), same(7), same(14, stage=Stage.D)], None, False),
        ([same(0), same(7), same(14)], 10, False),
        ([same(0), same(7), same(14)], 20, True),
        ([], None, False),
    ],
)
def test_three_times_same_without_a_meeting(verdicts, met_days_ago, stuck):
    met = [] if met_days_ago is None else [ON - timedelta(days=met_days_ago)]
    assert review.is_stuck(verdicts, met) is stuck


def test_a_week_begins_on_monday():
    assert forecast.week_of(date(2026, 3, 22)) == forecast.week_of(ON) == ON
