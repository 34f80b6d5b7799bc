"""The dashboard: every figure, its scope, its ceiling of statements; the bridge reconciles whatever happened."""

import random
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from core.workdays import today
from prospects import actions, queries
from prospects.actions import Evidence
from prospects.choices import ChangeKind, Criterion, LossReason, Movement, Outcome, Stage
from prospects.models import Prospect, ProspectSnapshot, StageChange, WeeklySnapshot
from prospects.queries import Selection
from prospects.rules.forecast import week_of
from tests.factories import make_account, make_prospect

pytestmark = pytest.mark.django_db
PAID = [Evidence(Criterion.FIRST_PAYMENT, note="Bank statement of Monday")]


def last_monday() -> date:
    """The Monday of a week that has already been left behind."""
    return week_of(today() - timedelta(days=7))


def test_an_empty_board_has_figures_too(rep):
    page = queries.dashboard(rep)
    assert page.bridge is None
    assert list(page.shape.readings) == []
    assert page.deciding.stage == Stage.C
    assert [pace.norm_days for pace in page.paces] == [7, 3, 14, 7, 7]


def test_shape_forecast_and_attention(rep):
    month = today().replace(day=1)
    for stage, count in ((Stage.E, 4), (Stage.D, 1), (Stage.C, 5), (Stage.B, 1)):
        for _number in range(count):
            make_prospect(rep, stage=stage, amount=Decimal("100.10"), expected_close_on=month, next_step="x",
                          next_step_on=today(), entered_stage_on=today())  # fmt: skip
    make_prospect(
        rep, stage=Stage.A, amount=Decimal(1000), own_estimate=40, entered_stage_on=today() - timedelta(days=15)
    )
    page = queries.dashboard(rep)
    assert page.shape.counts == {Stage.E: 4, Stage.D: 1, Stage.C: 5, Stage.B: 1, Stage.A: 1}
    assert [reading.anomaly.value for reading in page.shape.readings] == ["bulge_at_c"]
    now = next(line for line in page.months if line.first == month)
    [cny] = now.currencies
    assert (cny.count, cny.amount, cny.weighted) == (11, Decimal("1101.10"), Decimal("185.19"))
    undated = page.months[-1]
    assert undated.kind == "undated"
    assert (undated.currencies[0].weighted, undated.currencies[0].own) == (Decimal("900.00"), Decimal("400.00"))
    assert (page.attention.nothing_planned, page.attention.beyond_norm) == (1, 1)
    assert page.paces[-1].beyond == 1


def test_pace_is_the_median_of_stays_that_ended_upwards(rep, other_rep):
    for days, to in ((2, Stage.B), (10, Stage.B), (21, Stage.B), (90, Stage.E)):
        _change(make_prospect(rep, stage=to), Stage.C, to, days)
    _change(make_prospect(other_rep, stage=Stage.B), Stage.C, Stage.B, 99)
    pace = queries.dashboard(rep).deciding
    assert (pace.median_days, pace.went_up, pace.went_down) == (10.0, 3, 1)
    assert not pace.is_slow
    assert not pace.has_enough


def _change(prospect, start, end, days, kind=ChangeKind.MOVED):
    return StageChange.objects.create(
        prospect=prospect, from_stage=start, to_stage=end, kind=kind, days_in_from=days, on=today(), at=timezone.now()
    )


def test_moves_of_the_week(rep):
    prospect = make_prospect(rep, stage=Stage.B)
    _change(prospect, Stage.D, Stage.C, 3)
    _change(prospect, Stage.C, Stage.B, 3, ChangeKind.OVERRIDDEN)
    _change(prospect, Stage.B, Stage.E, 3, ChangeKind.FELL_BACK)
    _change(make_prospect(rep, stage=Stage.C), Stage.E, Stage.C, 3, ChangeKind.IMPORTED)
    _change(make_prospect(rep, stage=Stage.C), Stage.D, Stage.C, 3)
    moves = queries.dashboard(rep).moves
    assert (moves.up, moves.down, moves.overridden, moves.fell_back) == (2, 1, 1, 1)
    assert [(move.from_stage, move.to_stage, move.count) for move in moves.lines if move.is_up] == [
        (Stage.C, Stage.B, 1),
        (Stage.D, Stage.C, 2),
    ]


def test_velocity_of_the_last_thirteen_weeks(rep):
    for _number in range(4):
        make_prospect(rep, stage=Stage.B, amount=Decimal(1))
    make_prospect(rep, stage=Stage.B, amount=Decimal(1), currency="USD")  # sells nothing in our currency
    for outcome, count in ((Outcome.WON, 1), (Outcome.LOST, 3)):
        for _number in range(count):
            make_prospect(
                rep, stage=Stage.S if outcome == "won" else Stage.C, outcome=outcome, amount=Decimal(50_000),
                opened_on=today() - timedelta(days=80), closed_on=today(),
            )  # fmt: skip
    [line] = queries.dashboard(rep).velocity
    assert (line.deals, line.win_rate, line.mean_won, line.cycle_days) == (4, 0.25, Decimal(50_000), 80)
    assert line.per_day == Decimal("625.00")


def test_the_dashboard_costs_at_most_fifteen_statements(rep, colleague, manager, django_assert_max_num_queries):
    actions.take_snapshot(week=last_monday())
    for owner in (rep, colleague):
        for stage in (Stage.E, Stage.D, Stage.C, Stage.B):
            make_prospect(owner, make_account(owner), stage=stage, amount=Decimal(5))
    actions.set_norms(by=manager, team_id=manager.team_id, days={Stage.C: 5})
    with django_assert_max_num_queries(15):
        assert len(queries.dashboard(manager, Selection(team_id=manager.team_id)).discipline) == 2


# ------------------------------------------------------------------ the bridge


def test_each_bar_of_the_bridge_and_its_rows(rep, colleague, manager):
    stays, grows, won, lost, leaves = (make_prospect(rep, amount=Decimal(100 + number)) for number in range(5))
    actions.take_snapshot(week=last_monday())
    actions.edit_prospect(by=rep, prospect_id=grows.pk, amount=Decimal("150.25"))
    actions.close_prospect(by=rep, prospect_id=won.pk, outcome=Outcome.WON, ticks=PAID, amount=Decimal("110.00"))
    actions.close_prospect(by=rep, prospect_id=lost.pk, outcome=Outcome.LOST, reason=LossReason.PRICE)
    actions.transfer_prospect(by=manager, prospect_id=leaves.pk, owner_id=colleague.pk)
    new = actions.add_prospect(by=rep, name="New line", amount=Decimal(7), currency="CNY")
    mine = Selection(owner_id=rep.pk)
    [bridge] = queries.week_bridge(manager, mine).currencies
    assert bridge.opened_with == Decimal(510)
    assert bridge.bars == {
        Movement.NEW: Decimal(7),
        Movement.MOVED_IN: 0,
        Movement.CHANGED: Decimal("57.25"),
        Movement.WON: Decimal("-110.00"),
        Movement.LOST: Decimal(-103),
        Movement.MOVED_OUT: Decimal(-104),
    }
    assert bridge.open_now == Decimal("257.25")
    assert bridge.difference == 0

    def rows(movement):
        found = queries.visible_prospects(manager).filter(queries.in_movement(manager, movement, mine))
        return set(found.values_list("pk", flat=True))

    assert rows(Movement.NEW) == {new.pk}
    assert rows(Movement.CHANGED) == {grows.pk, won.pk}
    assert rows(Movement.WON) == {won.pk}
    assert rows(Movement.LOST) == {lost.pk}
    assert rows(Movement.MOVED_OUT) == {leaves.pk}
    assert stays.pk not in rows(Movement.CHANGED)
    [theirs] = queries.week_bridge(manager, Selection(owner_id=colleague.pk)).currencies
    assert theirs.bars[Movement.MOVED_IN] == Decimal(104)


@pytest.mark.parametrize("seed", range(6))
def test_the_bridge_reconciles_after_any_week(rep, colleague, manager, director, seed):
    dice = random.Random(seed)
    people = [rep, colleague]
    for number in range(25):
        make_prospect(
            dice.choice(people), amount=None if number % 7 == 0 else Decimal(dice.randint(1, 99999)) / 100,
            currency=dice.choice(["CNY", "CNY", "USD"]), expected_close_on=today() + timedelta(days=dice.randint(0, 60)),
        )  # fmt: skip
    actions.take_snapshot(week=last_monday())
    for _step in range(60):
        _something_happens(dice, people, manager)
    for selection in (
        Selection(),
        Selection(owner_id=rep.pk),
        Selection(period="this_month"),
        Selection(period="this_quarter"),
    ):
        for by in (director, manager, rep):
            bridge = queries.week_bridge(by, selection)
            assert bridge is not None
            totals = {total.currency: total.amount for total in queries.board(by, selection).totals}
            for currency in bridge.currencies:
                assert currency.difference == 0
                assert currency.open_now == totals.get(currency.currency, Decimal(0))
            assert set(totals) <= {currency.currency for currency in bridge.currencies}


def _something_happens(dice, people, manager):
    prospect = dice.choice(list(Prospect.objects.all()))
    kind = dice.choice(["add", "amount", "currency", "date", "win", "lose", "reopen", "transfer"])
    if kind == "add":
        actions.add_prospect(by=dice.choice(people), name="Another", amount=Decimal(dice.randint(1, 999)) / 100)
    elif kind == "transfer":
        actions.transfer_prospect(by=manager, prospect_id=prospect.pk, owner_id=dice.choice(people).pk)
    elif kind == "reopen" and not prospect.is_open:
        actions.reopen_prospect(by=manager, prospect_id=prospect.pk, because="They called again")
    elif prospect.is_open and kind in {"amount", "currency", "date"}:
        change = {
            "amount": {"amount": Decimal(dice.randint(1, 99999)) / 100},
            "currency": {"currency": dice.choice(["CNY", "USD", "EUR"])},
            "date": {"expected_close_on": today() + timedelta(days=dice.randint(0, 90))},
        }[kind]
        actions.edit_prospect(by=manager, prospect_id=prospect.pk, **change)
    elif prospect.is_open and kind == "win":
        actions.close_prospect(by=manager, prospect_id=prospect.pk, outcome=Outcome.WON, ticks=PAID)
    elif prospect.is_open and kind == "lose":
        actions.close_prospect(by=manager, prospect_id=prospect.pk, outcome=Outcome.LOST, reason=LossReason.TIMING)


def test_a_manager_does_not_see_another_team_in_the_bridge(rep, other_rep, manager):
    make_prospect(rep, amount=Decimal(10))
    make_prospect(other_rep, amount=Decimal(999))
    actions.take_snapshot(week=last_monday())
    [bridge] = queries.week_bridge(manager).currencies
    assert (bridge.opened_with, bridge.open_now) == (10, 10)


# ------------------------------------------------------------------ the snapshot


def test_a_snapshot_is_taken_once_and_never_changes(rep):
    first = make_prospect(rep, amount=Decimal(10))
    make_prospect(rep, stage=Stage.C, outcome="lost", closed_on=today())
    week = week_of(today())
    taken = actions.take_snapshot(week=week)
    make_prospect(rep, amount=Decimal(20))
    again = actions.take_snapshot(week=week)
    assert (taken.pk, again.prospects, WeeklySnapshot.objects.count()) == (again.pk, 1, 1)
    assert list(ProspectSnapshot.objects.values_list("prospect", "amount")) == [(first.pk, Decimal(10))]


@pytest.mark.parametrize("statement", ["update", "delete"])
def test_the_database_refuses_to_touch_a_snapshot(rep, statement):
    make_prospect(rep)
    actions.take_snapshot(week=week_of(today()))
    with pytest.raises(Exception, match=r"Cannot (update|delete)"):
        ProspectSnapshot.objects.update(amount=1) if statement == "update" else ProspectSnapshot.objects.all().delete()


# ------------------------------------------------------------------ review


def test_the_queue_runs_from_a_to_e_and_forgets_what_was_reviewed(rep, manager):
    e, b, a = (
        make_prospect(rep, stage=stage, next_step="x", next_step_on=today()) for stage in (Stage.E, Stage.B, Stage.A)
    )
    make_prospect(rep, opened_on=today())
    queue = queries.review_queue(manager, Selection(owner_id=rep.pk))
    assert (queue.ids, queue.due, queue.open) == ([a.pk, b.pk, e.pk], 3, 4)
    assert queue.neighbours(b.pk) == (a.pk, e.pk)
    actions.review_prospect(by=manager, prospect_id=b.pk, verdict="same", note="Wait for the board meeting")
    queue = queries.review_queue(manager, Selection(owner_id=rep.pk))
    assert (queue.ids, queue.due) == ([a.pk, e.pk], 2)
    assert len(queries.review_queue(manager, all_open=True).ids) == 4
    [line] = queries.review_discipline(manager)
    assert (line.owner, line.open, line.in_time, line.share) == (rep, 4, 2, 0.5)


def test_a_review_card_tells_what_changed_since_the_last_one(rep):
    prospect = make_prospect(rep, amount=Decimal(100), stage=Stage.C, next_step="Call", next_step_on=today())
    actions.review_prospect(by=rep, prospect_id=prospect.pk, verdict="same")
    assert queries.review_card(rep, prospect.pk).is_unchanged
    Prospect.objects.filter(pk=prospect.pk).update(last_reviewed_at=timezone.now() - timedelta(days=7))
    actions.edit_prospect(by=rep, prospect_id=prospect.pk, amount=Decimal(250))
    actions.tick_criterion(by=rep, prospect_id=prospect.pk, criterion=Criterion.WILLING, note="Asked for a second date")
    actions.move_prospect(by=rep, prospect_id=prospect.pk, to=Stage.E, reason="No budget this year")
    card = queries.review_card(rep, prospect.pk)
    assert [(change.field, change.before, change.after) for change in card.fields] == [
        ("amount", Decimal(100), Decimal(250))
    ]
    assert [(change.from_stage, change.to_stage) for change in card.stage_changes] == [(Stage.C, Stage.E)]
    assert [tick.criterion for tick in card.ticks] == ["willing"]
    assert not card.is_first_review


def test_three_times_same_is_flagged(rep, manager):
    prospect, fresh = make_prospect(rep), make_prospect(rep)
    for weeks in (2, 1, 0):
        row = actions.review_prospect(by=manager, prospect_id=prospect.pk, verdict="same")
        type(row).objects.filter(pk=row.pk).update(at=timezone.now() - timedelta(weeks=weeks))
    actions.review_prospect(by=manager, prospect_id=fresh.pk, verdict="same")
    assert queries.review_card(rep, prospect.pk).is_stuck
    assert queries.prospect_record(rep, prospect.pk).is_stuck
    assert queries.stuck_prospects(manager) == [prospect.pk]


def test_discipline_is_of_those_one_sees(rep, other_rep, manager, executive):
    make_prospect(rep)
    make_prospect(other_rep)
    assert [line.owner for line in queries.review_discipline(manager)] == [rep]
    assert len(queries.review_discipline(executive)) == 2
