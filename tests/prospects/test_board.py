"""The board: columns, sums, scope, keyset, statements."""

from datetime import timedelta
from decimal import Decimal

import pytest

from core.workdays import today
from prospects import queries
from prospects.choices import Attention, Stage
from prospects.models import CycleNorm
from prospects.queries import Selection
from prospects.queries.board import PAGE
from tests.factories import make_account, make_prospect

pytestmark = pytest.mark.django_db


def column(board, stage):
    return next(column for column in board.columns if column.stage == stage)


def more(by, stage, after):
    return queries.more_cards(by, stage, Selection(), after)


def test_six_columns_with_sums_per_currency(rep):
    make_prospect(rep, stage=Stage.B, amount=Decimal("1000.00"))
    make_prospect(rep, stage=Stage.B, amount=Decimal("500.50"))
    make_prospect(rep, stage=Stage.B, amount=Decimal(10), currency="USD")
    make_prospect(rep, stage=Stage.A, amount=None)
    make_prospect(rep, stage=Stage.S, amount=Decimal(77), outcome="won", closed_on=today())
    make_prospect(rep, stage=Stage.S, amount=Decimal(99), outcome="won", closed_on=today() - timedelta(days=31))
    make_prospect(rep, stage=Stage.C, amount=Decimal(1), outcome="lost", closed_on=today())
    board = queries.board(rep)
    assert [item.stage.letter for item in board.columns] == ["E", "D", "C", "B", "A", "S"]
    b = column(board, Stage.B)
    assert b.count == 3
    assert [(total.currency, total.amount, total.weighted) for total in b.totals] == [
        ("CNY", Decimal("1500.50"), Decimal("750.25")),
        ("USD", Decimal("10.00"), Decimal("5.00")),
    ]
    assert column(board, Stage.C).count == 0
    assert column(board, Stage.S).totals[0].amount == 77
    assert board.count == 4
    assert board.totals[0].amount == Decimal("1500.50")


def test_what_cards_want_is_counted_whatever_is_shown(rep):
    make_prospect(rep, stage=Stage.B, amount=Decimal(5), next_step="", currency="USD")
    make_prospect(rep, stage=Stage.C, amount=Decimal(7), next_step="x", next_step_on=today() - timedelta(days=1))
    make_prospect(
        rep, stage=Stage.D, amount=Decimal(9), slipping_since=today(), slip_reason="no_next_step", falls_back_to=0
    )
    make_prospect(rep, stage=Stage.S, amount=Decimal(99), outcome="won", closed_on=today())
    board = queries.board(rep, Selection(attention=Attention.OVERDUE))
    assert [card.name for item in board.columns[:-1] for card in item.cards] == [column(board, Stage.C).cards[0].name]
    assert (board.count, [total.amount for total in board.totals]) == (1, [7])
    wanting = queries.board(rep).wanting
    assert wanting == board.wanting
    assert (wanting[Attention.NOTHING_PLANNED], wanting[Attention.OVERDUE], wanting[Attention.SLIPPING]) == (2, 1, 1)


def test_nothing_planned_comes_first_and_pages_follow_without_gaps(rep):
    days = [None, None, *range(-5, PAGE)]
    made = [
        make_prospect(rep, stage=Stage.D, next_step="x" if day is not None else "",
                      next_step_on=None if day is None else today() + timedelta(days=day // 2))
        for day in days
    ]  # fmt: skip
    first = column(queries.board(rep), Stage.D)
    assert [card.has_nothing_planned for card in first.cards[:3]] == [True, True, False]
    assert len(first.cards) == PAGE
    assert queries.board_column(rep, Stage.D) == first
    second, after = more(rep, Stage.D, first.after)
    assert after == ""
    shown = [card.id for card in (*first.cards, *second)]
    assert shown == [prospect.pk for prospect in made]
    third, _after = more(rep, Stage.D, "nonsense")
    assert [card.id for card in third] == shown[:PAGE]


def test_a_page_may_end_among_cards_without_a_date(rep):
    made = [make_prospect(rep, stage=Stage.D).pk for _number in range(PAGE * 2 + 20)]
    first = column(queries.board(rep), Stage.D)
    second, after = more(rep, Stage.D, first.after)
    third, _after = more(rep, Stage.D, after)
    assert [card.id for page in (first.cards, second, third) for card in page] == made


def test_won_cards_run_from_the_latest(rep):
    made = [
        make_prospect(rep, stage=Stage.S, outcome="won", closed_on=today() - timedelta(days=number // 10)).pk
        for number in range(PAGE + 10)
    ]
    first = column(queries.board(rep), Stage.S)
    second, _after = more(rep, Stage.S, first.after)
    shown = [card.id for card in (*first.cards, *second)]
    assert sorted(shown) == sorted(made)
    assert shown[:10] == sorted(made[:10], reverse=True)


def test_scope_and_filters(rep, colleague, other_rep, manager, director, executive, north, south):
    mine, theirs, far = make_prospect(rep), make_prospect(colleague), make_prospect(other_rep)
    shared = make_prospect(colleague, make_account(rep))

    def seen(by, **filters):
        return {card.id for item in queries.board(by, Selection(**filters)).columns for card in item.cards}

    assert seen(rep) == {mine.pk, shared.pk}
    assert seen(manager) == {mine.pk, theirs.pk, shared.pk}
    assert seen(director) == seen(executive) == {mine.pk, theirs.pk, far.pk, shared.pk}
    assert seen(director, team_id=south.pk) == {far.pk}
    assert seen(manager, team_id=south.pk) == set()
    assert seen(manager, owner_id=rep.pk) == {mine.pk}


def test_a_period_looks_at_the_expected_close(rep):
    soon = make_prospect(rep, expected_close_on=today())
    make_prospect(rep, expected_close_on=today() + timedelta(days=400))
    make_prospect(rep)
    cards = column(queries.board(rep, Selection(period="this_year")), Stage.E).cards
    assert [card.id for card in cards] == [soon.pk]


def test_a_card_knows_its_state(rep, north):
    CycleNorm.objects.create(team=north, stage=Stage.C, days=10)
    prospect = make_prospect(
        rep,
        stage=Stage.C,
        entered_stage_on=today() - timedelta(days=21),
        next_step="Call",
        next_step_on=today() - timedelta(days=1),
        slipping_since=today(),
        slip_reason="next_step_passed",
        falls_back_to=Stage.E,
    )
    card = queries.prospect_card(rep, prospect.pk)
    assert (card.days_in_class, card.norm_days, card.is_beyond_norm) == (21, 10, True)
    assert card.is_overdue
    assert not card.has_nothing_planned
    assert (card.falls_back_to, card.falls_back_on) == (Stage.E, today() + timedelta(days=14))
    assert card.is_review_due


def test_the_board_costs_the_same_with_few_and_many_cards(rep, manager, django_assert_max_num_queries):
    for stage in (Stage.E, Stage.D, Stage.C, Stage.B, Stage.A):
        for _number in range(PAGE + 10):
            make_prospect(rep, make_account(rep), stage=stage, amount=Decimal(100))
    manager.team_ids  # noqa: B018  one statement, cached on the request's user
    with django_assert_max_num_queries(4):
        board = queries.board(manager, Selection(team_id=manager.team_id))
        assert sum(len(column.cards) for column in board.columns) == 5 * PAGE
        assert all(card.account_name and card.owner_name for item in board.columns for card in item.cards)
