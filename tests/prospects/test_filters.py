"""Every number of the dashboard opens its rows: the list behind it holds just as many."""

import random
from datetime import timedelta
from decimal import Decimal
from functools import partial

import pytest

from core.workdays import today
from prospects import actions, queries
from prospects.actions import Evidence
from prospects.choices import Attention, Criterion, LossReason, MoveKind, Movement, Outcome, Period, Stage
from prospects.filters import ProspectFilters
from prospects.models import Prospect
from prospects.queries import Selection
from prospects.rules.forecast import week_of
from tests.factories import make_account, make_prospect

pytestmark = pytest.mark.django_db
LAST_WEEK = week_of(today()) - timedelta(days=7)


@pytest.fixture
def busy_board(rep, colleague, manager, dice):
    """Forty prospects and a hundred things that happened to them since last week's snapshot."""
    for _number in range(40):
        make_prospect(
            dice.choice([rep, colleague]),
            stage=dice.choice([Stage.E, Stage.D, Stage.C, Stage.B, Stage.A]),
            amount=Decimal(dice.randint(1, 9999)) / 100,
            currency=dice.choice(["CNY", "USD"]),
            expected_close_on=dice.choice([None, today() + timedelta(days=dice.randint(-60, 300))]),
            entered_stage_on=today() - timedelta(days=dice.randint(0, 40)),
            next_step=dice.choice(["Call", ""]),
            next_step_on=dice.choice([None, today() + timedelta(days=dice.randint(-9, 9))]),
        )
    actions.take_snapshot(week=LAST_WEEK)
    for _step in range(100):
        prospect = dice.choice(list(Prospect.objects.still_open()))
        given = {"by": manager, "prospect_id": prospect.pk}
        match dice.randint(0, 6):
            case 0:
                to = dice.choice([stage for stage in Stage if stage not in (Stage.S, prospect.stage)])
                step = {"next_step": "Call", "next_step_on": today() + timedelta(days=1)}
                actions.move_prospect(**given, to=to, facts=step, reason="x", override=True)
            case 1:
                actions.edit_prospect(**given, amount=Decimal(dice.randint(1, 9999)) / 100)
            case 2:
                actions.edit_prospect(**given, currency=dice.choice(["CNY", "USD", "EUR"]))
            case 3:
                actions.transfer_prospect(**given, owner_id=dice.choice([rep, colleague]).pk)
            case 4 if dice.random() < 0.4:
                actions.close_prospect(
                    **given, outcome=Outcome.WON, ticks=[Evidence(Criterion.FIRST_PAYMENT, note="Bank")]
                )
            case 5 if dice.random() < 0.4:
                actions.close_prospect(**given, outcome=Outcome.LOST, reason=LossReason.PRICE)
            case 6:
                actions.add_prospect(by=rep, name="New", amount=Decimal(5), currency="USD")
    actions.slip_prospects(on=today())


@pytest.fixture(params=[1, 2, 3])
def dice(request):
    return random.Random(request.param)


@pytest.fixture
def rows(manager, rf):
    """How many prospects the list shows a manager for a selection and some words of the address."""

    def count(selection, **words):
        request = rf.get("/")
        request.user = manager
        filters = ProspectFilters(
            {**selection.parameters(), **words}, queryset=queries.visible_prospects(manager), request=request
        )
        assert filters.is_valid(), filters.errors
        return filters.qs.count()

    return count


def test_every_number_has_as_many_rows(busy_board, rep, manager, rows):
    for selection in (
        Selection(),
        Selection(owner_id=rep.pk),
        Selection(team_id=manager.team_id, period=Period.THIS_QUARTER),
    ):
        page = queries.dashboard(manager, selection)
        _shape_and_pace(page, partial(rows, selection))
        _forecast(page, partial(rows, selection))
        _moves_and_bridge(page, partial(rows, selection))


def _shape_and_pace(page, rows):
    for stage, count in page.shape.counts.items():
        assert rows(state="open", stage=[int(stage)]) == count
    for attention in set(Attention) - {Attention.STUCK}:
        assert rows(state="open", attention=attention.value) == getattr(page.attention, attention.value)
    for pace in page.paces:
        assert rows(state="open", stage=[int(pace.stage)], attention="beyond_norm") == pace.beyond
        since = page.on - timedelta(days=90)
        assert rows(moved="up", moved_from=int(pace.stage), since=since) == pace.went_up
    if page.selection.owner_id is None:
        for line in page.discipline:
            assert rows(state="open", attention="review_due", owner=line.owner.pk) == line.due


def _forecast(page, rows):
    for month in page.months:
        words = {"undated": "true"} if month.kind == "undated" else {}
        words |= {"expected_after": month.first, "expected_before": month.last}
        assert rows(state="open", **words) == month.count
        for line in month.currencies:
            assert rows(state="open", currency=line.currency, **words) == line.count


def _moves_and_bridge(page, rows):
    since = page.moves.since
    for kind in MoveKind:
        assert rows(moved=kind.value, since=since) == getattr(page.moves, kind.value)
    for move in page.moves.lines:
        words = {"moved_from": int(move.from_stage), "moved_to": int(move.to_stage), "moved_how": move.kind}
        assert rows(since=since, **words) == move.count
    for bridge in page.bridge.currencies:
        for movement in Movement:
            found = rows(movement=movement.value, week=page.bridge.week, currency=bridge.currency)
            assert found == bridge.counts[movement]


def test_stuck_and_unknown_words(rep, rf, colleague):
    make_prospect(rep, make_account(rep))
    request = rf.get("/")
    request.user = rep
    everything = queries.visible_prospects(rep)
    assert ProspectFilters({"attention": "stuck"}, queryset=everything, request=request).qs.count() == 0
    assert not ProspectFilters({"attention": "bored"}, queryset=everything, request=request).is_valid()
    assert ProspectFilters({"movement": "won"}, queryset=everything, request=request).qs.count() == 0
