"""The board: six columns of cards with their sums (P1)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Count, Q, Sum, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce

from core.users import Actor
from core.workdays import today
from prospects.choices import OPEN_STAGES, Attention, Period, Stage
from prospects.models import NOTHING_PLANNED_FIRST, ProspectQuerySet
from prospects.queries.cards import CARD_FIELDS, Card, Row, cards
from prospects.queries.conditions import condition_of, of_team
from prospects.queries.prospects import visible_prospects
from prospects.queries.settings import BoardSettings, board_settings
from prospects.rules import forecast

PAGE = 50
WON_DAYS = 30
"""Without a period the column S shows what was won in the last so many days."""


@dataclass(frozen=True)
class Selection:
    """What the board, the dashboard and the review look at: an owner, a team with the teams below it, a period, and
    among the open ones only those that want something.
    """

    owner_id: int | None = None
    team_id: int | None = None
    period: Period | None = None
    attention: Attention | None = None

    def parameters(self) -> dict[str, Any]:
        """As the address says it."""
        named = {"owner": self.owner_id, "team": self.team_id, "period": self.period, "attention": self.attention}
        return {name: value for name, value in named.items() if value is not None}


def selected_prospects(by: Actor, selection: Selection) -> ProspectQuerySet:
    """Visible prospects of the selection's owner and teams, whatever their period, open and closed."""
    rows = visible_prospects(by)
    if selection.owner_id is not None:
        rows = rows.filter(owner=selection.owner_id)
    if selection.team_id is not None:
        rows = rows.filter(of_team(selection.team_id))
    return rows


def open_prospects(by: Actor, selection: Selection, on: date) -> ProspectQuerySet:
    """The selection's open prospects; with a period those expected to close in it."""
    rows = selected_prospects(by, selection).still_open()
    if selection.period is not None:
        rows = rows.filter(expected_close_on__range=forecast.span(selection.period, on))
    if selection.attention is not None:
        rows = rows.filter(condition_of(selection.attention, board_settings(), on))
    return rows


def won_prospects(by: Actor, selection: Selection, on: date) -> ProspectQuerySet:
    """The selection's won prospects: closed in its period, or in the last 30 days."""
    span = forecast.span(selection.period, on) if selection.period else (on - timedelta(days=WON_DAYS), on)
    return selected_prospects(by, selection).filter(stage=Stage.S, closed_on__range=span)


@dataclass(frozen=True)
class Total:
    """An amount and its weighted share in one currency."""

    currency: str
    amount: Decimal
    weighted: Decimal


@dataclass(frozen=True)
class Column:
    """One class of the board: how many, how much, a page of cards and the cursor of the next page."""

    stage: Stage
    count: int
    totals: Sequence[Total]
    cards: Sequence[Card]
    after: str = ""


EVERYTHING = Selection()


@dataclass(frozen=True)
class Board:
    """The six columns, E to S, the open classes' totals together, and how many cards want what: of all the selection's
    open cards, whatever attention it asks for.
    """

    selection: Selection
    columns: Sequence[Column]
    totals: Sequence[Total]
    wanting: Mapping[Attention, int] = field(default_factory=dict)

    @property
    def count(self) -> int:
        """Open cards."""
        return sum(column.count for column in self.columns if column.stage != Stage.S)

    @property
    def sum_lines(self) -> int:
        """Lines of sums of the class with the most currencies, at most five: that many every head keeps free."""
        return min(max((len(column.totals) for column in self.columns), default=0), 5)


def board(by: Actor, selection: Selection = EVERYTHING, settings: BoardSettings | None = None) -> Board:
    """Six columns with sums and their first 50 cards, those with nothing planned on top; three statements."""
    on, settings = today(), settings or board_settings()
    found: dict[Stage, list[Row]] = {stage: [] for stage in Stage}
    for row in _first_rows(by, selection, on):
        found[Stage(row["stage"])].append(row)
    sums, wanting = _sums_and_wants(by, selection, settings, on)
    columns = [
        _column(stage, sorted(found[stage], key=_place), settings, on, sums.get(stage, (0, {}))) for stage in Stage
    ]
    return Board(selection, columns, _open_totals(sums), wanting)


def board_figures(by: Actor, selection: Selection = EVERYTHING) -> Board:
    """The board without its cards: counts and sums; one statement."""
    on, settings = today(), board_settings()
    sums = _column_sums(by, selection, on)
    columns = [_column(stage, [], settings, on, sums.get(stage, (0, {}))) for stage in Stage]
    return Board(selection, columns, _open_totals(sums))


def board_column(by: Actor, stage: Stage, selection: Selection = EVERYTHING) -> Column:
    """One column afresh, with its sums and its first 50 cards; three statements."""
    on = today()
    rows = column_rows(by, selection, stage, on).order_by()
    count, amounts = 0, {}
    for currency, cards_in, amount in rows.values_list("currency").annotate(count=Count("id"), amount=_amount()):
        count, amounts[currency] = count + cards_in, amount
    return _column(stage, list(_page(by, selection, stage, on)), board_settings(), on, (count, amounts))


def more_cards(by: Actor, stage: Stage, selection: Selection, after: str) -> tuple[Sequence[Card], str]:
    """The 50 cards of a column behind a cursor, and the cursor of the next ones; two statements."""
    on = today()
    rows = list(_page(by, selection, stage, on, after))
    return cards(rows[:PAGE], board_settings(), on), _cursor_behind(rows)


def column_rows(by: Actor, selection: Selection, stage: Stage, on: date) -> ProspectQuerySet:
    """The prospects a column stands for, all of them."""
    if stage == Stage.S:
        return won_prospects(by, selection, on)
    return open_prospects(by, selection, on).filter(stage=stage)


_WANTED = RawSQL("wanted.stage", [])
_OWN_FIELDS = (*(path for path in CARD_FIELDS if "__" not in path), "team_id")
_NAMES = ("account__name", "account__short_name", "owner__full_name", "team__path")


def _first_rows(by: Actor, selection: Selection, on: date) -> list[Row]:
    """The first 51 rows of all six columns; one statement.

    The five open columns are one query run for each class, because to build it five times takes Django longer than
    PostgreSQL takes to answer; names are joined to the rows that are shown, not to those that are passed over.
    """
    opened = open_prospects(by, selection, on).filter(stage=_WANTED).order_by(NOTHING_PLANNED_FIRST, "id")
    won = column_rows(by, selection, Stage.S, on).order_by("-closed_on", "-id")
    open_sql, open_parameters = opened.values(*_OWN_FIELDS)[: PAGE + 1].query.sql_with_params()
    won_sql, won_parameters = won.values(*_OWN_FIELDS)[: PAGE + 1].query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(
            "select card.*, a.name, a.short_name, u.full_name, t.path from ("  # noqa: S608  values are parameters
            f"select open.* from unnest(%s::smallint[]) wanted (stage), lateral ({open_sql}) open"
            f" union all ({won_sql})) card join core_user u on u.id = card.owner_id"
            " left join accounts_account a on a.id = card.account_id left join core_team t on t.id = card.team_id",
            [[int(stage) for stage in OPEN_STAGES], *open_parameters, *won_parameters],
        )
        return [dict(zip((*_OWN_FIELDS, *_NAMES), row, strict=True)) for row in cursor.fetchall()]


def _page(by: Actor, selection: Selection, stage: Stage, on: date, after: str = "") -> Any:
    """51 rows of a column in its order behind a cursor; the 51st tells that there are more."""
    rows = column_rows(by, selection, stage, on)
    place = _read_cursor(after)
    if stage == Stage.S:
        if place:
            day, last = place
            rows = rows.filter(closed_on__lte=day).exclude(closed_on=day, pk__gte=last)
        rows = rows.order_by("-closed_on", "-id")
    else:
        if place and place[0] is None:
            rows = rows.filter(Q(next_step_on=None, pk__gt=place[1]) | Q(next_step_on__isnull=False))
        elif place:
            rows = rows.filter(next_step_on__gte=place[0]).exclude(next_step_on=place[0], pk__lte=place[1])
        rows = rows.order_by(NOTHING_PLANNED_FIRST, "id")
    return rows.values(*CARD_FIELDS)[: PAGE + 1]


def _place(row: Row) -> tuple[int, int]:
    """Where a row stands in its column, nothing planned first, of won ones the latest first."""
    if row["closed_on"]:
        return -row["closed_on"].toordinal(), -row["id"]
    return (row["next_step_on"].toordinal() if row["next_step_on"] else 0), row["id"]


def _cursor(row: Row) -> str:
    day = row["closed_on"] or row["next_step_on"]
    return f"{day.isoformat() if day else 'none'}.{row['id']}"


def _cursor_behind(rows: Sequence[Row]) -> str:
    """Where the next cards begin, if the one row too many is there."""
    return _cursor(rows[PAGE - 1]) if len(rows) > PAGE else ""


def _read_cursor(cursor: str) -> tuple[date | None, int] | None:
    """Day and id a cursor names; an unreadable one shows the first page."""
    day, _dot, last = cursor.partition(".")
    try:
        return (None if day == "none" else date.fromisoformat(day)), int(last)
    except ValueError:
        return None


Sums = dict[Stage, tuple[int, dict[str, Decimal]]]
WANTS = (
    Attention.NOTHING_PLANNED,
    Attention.OVERDUE,
    Attention.SLIPPING,
    Attention.BEYOND_NORM,
    Attention.REVIEW_DUE,
)


def _sums_and_wants(
    by: Actor, selection: Selection, settings: BoardSettings, on: date
) -> tuple[Sums, dict[Attention, int]]:
    """Count and amount per currency of each class, and what the open cards want; one statement.

    The open cards are read once for both, from the index `prospect_board_sums` alone. What the selection asks for is a
    filter on the sums, not on the rows, because the switches count what it hides.
    """
    asked = condition_of(selection.attention, settings, on) if selection.attention else None
    wants = [Count("id", filter=condition_of(want, settings, on)) for want in WANTS]
    opened = (
        open_prospects(by, replace(selection, attention=None), on)
        .order_by()
        .values_list("stage", "currency")
        .annotate(count=Count("id", filter=asked), amount=_amount(asked))
        .annotate(**{want.value: count for want, count in zip(WANTS, wants, strict=True)})
    )
    won = (
        won_prospects(by, selection, on)
        .order_by()
        .values_list("stage", "currency")
        .annotate(count=Count("id"), amount=_amount())
        .annotate(**{want.value: Value(0) for want in WANTS})
    )
    sums: Sums = {}
    wanting = dict.fromkeys(WANTS, 0)
    for stage, currency, count, amount, *wanted in opened.union(won, all=True):
        _add(sums, Stage(stage), currency, count, amount)
        for want, number in zip(WANTS, wanted, strict=True):
            wanting[want] += number
    return sums, wanting


def _amount(only: Q | None = None) -> Coalesce:
    return Coalesce(Sum("amount", filter=only), Value(Decimal(0)))


def _add(sums: Sums, stage: Stage, currency: str, count: int, amount: Decimal) -> None:
    if count:
        total, amounts = sums.get(stage, (0, {}))
        sums[stage] = total + count, {**amounts, currency: amount}


def _column_sums(by: Actor, selection: Selection, on: date) -> Sums:
    """Count and amount per currency of each class; one statement over open and lately won prospects."""
    parts = (open_prospects(by, selection, on), won_prospects(by, selection, on))
    first, second = (
        rows.order_by().values_list("stage", "currency").annotate(count=Count("id"), amount=_amount()) for rows in parts
    )
    sums: Sums = {}
    for stage, currency, count, amount in first.union(second, all=True):
        _add(sums, Stage(stage), currency, count, amount)
    return sums


def _column(stage: Stage, rows: Sequence[Row], settings: BoardSettings, on: date, sums: Any) -> Column:
    count, amounts = sums
    return Column(
        stage=stage,
        count=count,
        totals=_totals({currency: {stage: amount} for currency, amount in amounts.items()}),
        cards=cards(rows[:PAGE], settings, on),
        after=_cursor_behind(rows),
    )


def open_totals(
    figures: Iterable[tuple[Stage, str, int, Decimal]],
) -> tuple[dict[Stage, int], dict[Stage, list[Total]], list[Total]]:
    """Of (class, currency, count, amount) of open cards: cards per class, totals per class, and all together."""
    counts = dict.fromkeys(OPEN_STAGES, 0)
    amounts: dict[Stage, dict[str, Decimal]] = {stage: {} for stage in OPEN_STAGES}
    for stage, currency, count, amount in figures:
        counts[stage] += count
        amounts[stage][currency] = amounts[stage].get(currency, forecast.ZERO) + amount
    totals = {
        stage: _totals({currency: {stage: amount} for currency, amount in amounts[stage].items()})
        for stage in OPEN_STAGES
    }
    return counts, totals, _open_totals({stage: (counts[stage], amounts[stage]) for stage in OPEN_STAGES})


def _open_totals(sums: Sums) -> list[Total]:
    by_currency: dict[str, dict[Stage, Decimal]] = {}
    for stage, (_count, amounts) in sums.items():
        if stage != Stage.S:
            for currency, amount in amounts.items():
                by_currency.setdefault(currency, {})[stage] = amount
    return _totals(by_currency)


def _totals(by_currency: dict[str, dict[Stage, Decimal]]) -> list[Total]:
    """Sums per currency, the largest weighted one first."""
    totals = [
        Total(currency, sum(amounts.values(), forecast.ZERO), forecast.weighted(amounts))
        for currency, amounts in by_currency.items()
    ]
    return sorted(totals, key=lambda total: (-total.weighted, -total.amount, total.currency))
