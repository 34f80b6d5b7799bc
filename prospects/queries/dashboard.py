"""The pipeline dashboard: shape, pace, forecast, the week's bridge and moves, review discipline; at most 15 statements."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Aggregate, Count, F, FloatField, Func, IntegerField, Q, Sum, Value
from django.db.models.functions import Coalesce

from core.money import round_money
from core.users import Actor
from core.workdays import today
from prospects.choices import OPEN_STAGES, ChangeKind, Outcome, Stage
from prospects.models import StageChange
from prospects.queries import conditions
from prospects.queries.board import EVERYTHING, Selection, Total, open_prospects, open_totals, selected_prospects
from prospects.queries.bridge import WeekBridge, week_bridge
from prospects.queries.forecast import ForecastMonth, OpenFigures, forecast_of, open_figures
from prospects.queries.people import with_owner_names
from prospects.queries.review import Discipline, worst_first
from prospects.queries.settings import BoardSettings, board_settings
from prospects.rules import forecast, shape
from prospects.rules.cycle import DECIDING, SHIPPED_NORMS
from prospects.rules.shape import Reading
from prospects.rules.statistics import ENOUGH, wilson

LOOK_BACK_DAYS = 91
"""Pace, conversion and velocity are those of the last thirteen weeks."""


class _Percentile(Aggregate):
    template = "percentile_cont(%(share)s) within group (order by %(expressions)s)"
    output_field = FloatField()


_DAYS_OPEN = Func("closed_on", "opened_on", template="(%(expressions)s)", arg_joiner=" - ", output_field=IntegerField())


@dataclass(frozen=True)
class Shape:
    """The form of the board (P6): open cards and amounts per class, what is wrong with it."""

    counts: Mapping[Stage, int]
    totals: Mapping[Stage, Sequence[Total]]
    readings: Sequence[Reading]
    is_normal: bool

    @property
    def widest(self) -> int:
        """The fullest class, as the measure of the drawing."""
        return max(self.counts.values(), default=0)


@dataclass(frozen=True)
class Pace:
    """How long one class takes, against its norm (P5), and what is stuck in it."""

    stage: Stage
    norm_days: int
    median_days: float | None
    slow_days: float | None
    went_up: int
    went_down: int
    open: int
    beyond: int

    @property
    def is_deciding(self) -> bool:
        """C→B is always singled out: it decides."""
        return self.stage == DECIDING

    @property
    def is_slow(self) -> bool:
        return self.median_days is not None and self.median_days > self.norm_days

    @property
    def has_enough(self) -> bool:
        """Enough cases for the median to mean something."""
        return self.went_up >= ENOUGH


@dataclass(frozen=True)
class Move:
    """So many prospects changed class from here to there in this way."""

    from_stage: Stage
    to_stage: Stage
    kind: ChangeKind
    count: int

    @property
    def is_up(self) -> bool:
        return self.to_stage > self.from_stage


@dataclass(frozen=True)
class Moves:
    """The class changes since a Monday. A prospect counts once in each figure, however often it moved."""

    since: date
    lines: Sequence[Move]
    up: int
    down: int
    overridden: int
    fell_back: int


@dataclass(frozen=True)
class Velocity:
    """V = N · W · A ÷ L of the last thirteen weeks in one currency: money per day, with its parts."""

    currency: str
    deals: int
    won: int
    lost: int
    mean_won: Decimal
    cycle_days: int
    per_day: Decimal | None

    @property
    def win_rate(self) -> float:
        return self.won / (self.won + self.lost) if self.won + self.lost else 0.0

    @property
    def interval(self) -> tuple[float, float] | None:
        """95 % interval of the win rate."""
        return wilson(self.won, self.won + self.lost)


@dataclass(frozen=True)
class AttentionCounts:
    """Cards that want something done, counted."""

    nothing_planned: int
    overdue: int
    slipping: int
    beyond_norm: int
    review_due: int


@dataclass(frozen=True)
class Dashboard:
    """Everything on the page."""

    on: date
    selection: Selection
    shape: Shape
    totals: Sequence[Total]
    paces: Sequence[Pace]
    months: Sequence[ForecastMonth]
    bridge: WeekBridge | None
    moves: Moves
    velocity: Sequence[Velocity]
    attention: AttentionCounts
    discipline: Sequence[Discipline]

    @property
    def deciding(self) -> Pace:
        """C→B."""
        return next(pace for pace in self.paces if pace.is_deciding)


def dashboard(by: Actor, selection: Selection = EVERYTHING) -> Dashboard:
    """All figures for a selection; ten statements whatever the size of the board."""
    on, settings = today(), board_settings()
    figures = open_figures(by, selection, on)
    counts, totals, together = open_totals((row.stage, row.currency, row.count, row.amount) for row in figures)
    attention, beyond, discipline = _wants_of_owners(by, selection, settings, on)
    return Dashboard(
        on=on,
        selection=selection,
        shape=Shape(counts, totals, shape.anomalies(counts), shape.is_normal(counts)),
        totals=together,
        paces=_paces(by, selection, settings, counts, beyond, on),
        months=forecast_of(figures, on),
        bridge=week_bridge(by, selection),
        moves=moves_since(by, selection, forecast.week_of(on)),
        velocity=_velocity(by, selection, figures, on),
        attention=attention,
        discipline=discipline,
    )


def _wants_of_owners(
    by: Actor, selection: Selection, settings: BoardSettings, on: date
) -> tuple[AttentionCounts, dict[Stage, int], list[Discipline]]:
    """Cards that want something, those beyond the norm per class, and the owners’ review discipline; one statement."""
    grouped = (
        open_prospects(by, selection, on)
        .order_by()
        .values_list("owner_id", "stage")
        .annotate(open=Count("id"), **_wants(settings, on))
    )
    rows = with_owner_names(grouped)
    beyond: dict[Stage, int] = {}
    owners: dict[tuple[str, int], tuple[int, int]] = {}
    for name, owner_id, stage, count, *_others, slow, due in rows:
        beyond[Stage(stage)] = beyond.get(Stage(stage), 0) + slow
        in_all, late = owners.get((name, owner_id), (0, 0))
        owners[name, owner_id] = in_all + count, late + due
    discipline = worst_first((*owner, *figures) for owner, figures in owners.items())
    return _attention([counts for _name, _owner, _stage, _open, *counts in rows]), beyond, discipline


def _wants(settings: BoardSettings, on: date) -> dict[str, Count]:
    """What cards may want, in the order of AttentionCounts."""
    conditions_of = {
        "nothing_planned": conditions.NOTHING_PLANNED,
        "overdue": conditions.overdue(on),
        "slipping": conditions.SLIPPING,
        "beyond_norm": conditions.beyond_norm(settings.norms, on),
        "review_due": conditions.review_due(settings, on),
    }
    return {name: Count("id", filter=condition) for name, condition in conditions_of.items()}


def _attention(rows: Sequence[Sequence[int]]) -> AttentionCounts:
    """Counts of several groups as one."""
    return (
        AttentionCounts(*(sum(counts) for counts in zip(*rows, strict=True)))
        if rows
        else AttentionCounts(0, 0, 0, 0, 0)
    )


def _paces(
    by: Actor,
    selection: Selection,
    settings: BoardSettings,
    counts: Mapping[Stage, int],
    beyond: Mapping[Stage, int],
    on: date,
) -> list[Pace]:
    """Median days of the stays that ended upwards in the last thirteen weeks, per class; one statement."""
    up = Q(to_stage__gt=F("from_stage"))
    rows = (
        _changes(by, selection)
        .filter(conditions.MOVES, on__gt=on - timedelta(days=LOOK_BACK_DAYS))
        .order_by()
        .values_list("from_stage")
        .annotate(
            median=_Percentile("days_in_from", share=0.5, filter=up),
            slow=_Percentile("days_in_from", share=0.75, filter=up),
            up=Count("prospect", filter=up, distinct=True),
            down=Count("prospect", filter=~up, distinct=True),
        )
    )
    left = {Stage(stage): figures for stage, *figures in rows}
    team_path = conditions.team_path(selection.team_id) if settings.norms.teams and selection.team_id else ""
    paces = []
    for stage in OPEN_STAGES:
        median, slow, went_up, went_down = left.get(stage, (None, None, 0, 0))
        paces.append(
            Pace(
                stage=stage,
                norm_days=settings.norms.days(stage, team_path) or SHIPPED_NORMS[stage],
                median_days=median,
                slow_days=slow,
                went_up=went_up,
                went_down=went_down,
                open=counts.get(stage, 0),
                beyond=beyond.get(stage, 0),
            )
        )
    return paces


def _changes(by: Actor, selection: Selection) -> Any:
    """Class changes of the selection's prospects, whatever their period."""
    rows = selected_prospects(by, selection)
    if not rows.query.has_filters():  # who sees everything needs no join to find out
        return StageChange.objects.all()
    return StageChange.objects.filter(prospect__in=rows.order_by().values("pk"))


def moves_since(by: Actor, selection: Selection, since: date) -> Moves:
    """Class changes from that day on, by from, to and kind; one statement."""
    rows = (
        _changes(by, selection)
        .filter(conditions.MOVES, on__gte=since)
        .order_by()
        .values_list("prospect", "from_stage", "to_stage", "kind")
    )
    lines: dict[tuple[Stage, Stage, ChangeKind], set[int]] = {}
    figures: dict[str, set[int]] = {"up": set(), "down": set(), "overridden": set(), "fell_back": set()}
    for prospect_id, start, end, kind in rows:
        lines.setdefault((Stage(start), Stage(end), ChangeKind(kind)), set()).add(prospect_id)
        figures["up" if end > start else "down"].add(prospect_id)
        if kind in figures:
            figures[kind].add(prospect_id)
    moves = [Move(start, end, kind, len(ids)) for (start, end, kind), ids in lines.items()]
    moves.sort(key=lambda move: (not move.is_up, -move.to_stage, -move.count))
    return Moves(since, moves, **{name: len(ids) for name, ids in figures.items()})


def _velocity(by: Actor, selection: Selection, figures: Iterable[OpenFigures], on: date) -> list[Velocity]:
    """V = N · W · A ÷ L of the deals closed in the last thirteen weeks, per currency; N are its open cards from C up."""
    deals: Counter[str] = Counter()
    for row in figures:
        deals[row.currency] += row.count if row.stage >= Stage.C else 0
    won = Q(outcome=Outcome.WON)
    rows = (
        selected_prospects(by, selection)
        .filter(closed_on__gt=on - timedelta(days=LOOK_BACK_DAYS))
        .order_by()
        .values_list("currency")
        .annotate(
            won=Count("id", filter=won),
            lost=Count("id", filter=~won),
            amount=Coalesce(Sum("amount", filter=won), Value(Decimal(0))),
            days=_Percentile(_DAYS_OPEN, share=0.5, filter=won),
        )
    )
    return [_speed(deals[row[0]], *row) for row in rows if row[1]]


def _speed(deals: int, currency: str, won: int, lost: int, amount: Decimal, days: float | None) -> Velocity:
    mean, cycle = round_money(amount / won), round(days or 0)
    rate = Decimal(won) / (won + lost)
    return Velocity(currency, deals, won, lost, mean, cycle, forecast.velocity(deals, rate, mean, cycle))
