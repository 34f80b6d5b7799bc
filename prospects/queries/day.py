"""What Today shows of the prospects: the first cards of each pile, and what the open ones come to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Case, Count, Q, QuerySet, SmallIntegerField, Sum, Value, When

from core.models import Role, User
from core.statements import Statement
from core.users import Actor
from prospects.choices import Stage
from prospects.models import Prospect, ProspectQuerySet
from prospects.queries.board import Total, open_totals
from prospects.queries.conditions import review_days, unreviewed
from prospects.queries.people import run_with_owner_names
from prospects.queries.prospects import visible_prospects
from prospects.queries.settings import BoardSettings
from prospects.rules.forecast import ZERO


def prospects_to_tend(by: Actor) -> ProspectQuerySet:
    """The prospects that are this person's concern: a rep's own, which he always sees; of the others all they see."""
    return Prospect.objects.filter(owner=by.pk) if by.role == Role.REP else visible_prospects(by)


# ------------------------------------------------------------------ piles


@dataclass(frozen=True)
class Pile:
    """Cards that want the same: the condition, and the day they are ordered by, the earliest first or the latest."""

    condition: Q
    day: str
    latest_first: bool = False

    @property
    def rank(self) -> str:
        """SQL: the lower, the nearer the top."""
        return f"{'-' if self.latest_first else ''}({self.day} - date '2000-01-01')"


@dataclass(frozen=True, slots=True)
class PileCard:
    """One card of a pile, with the day it stands there for."""

    id: int
    name: str
    account: str
    stage: Stage
    amount: Decimal | None
    currency: str
    owner: str
    next_step: str
    day: date | None


def fitting(rows: ProspectQuerySet, piles: Sequence[Pile]) -> QuerySet[Prospect, Any]:
    """Those of the rows that lie on a pile, each on the first that fits: its id, the days of the piles, which pile."""
    pile = Case(
        *(When(one.condition, then=Value(place)) for place, one in enumerate(piles)), output_field=SmallIntegerField()
    )
    return rows.filter(_any(piles)).order_by().values_list("id", *_days(piles)).annotate(pile=pile)


def first_cards(
    fits: tuple[str, Sequence[Any]], piles: Sequence[Pile], shown: int
) -> Sequence[tuple[Sequence[PileCard], int]]:
    """Of each pile its first cards and how many it holds in all; `fits` is the SQL of `fitting`. One statement.

    Piles are counted and ordered from narrow rows; names are joined to the few that are shown.
    """
    sql, parameters = fits
    rank = _by_pile(one.rank for one in piles)
    day = _by_pile(f"p.{one.day}" for one in piles)
    found: list[tuple[list[PileCard], int]] = [([], 0) for _pile in piles]
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            with lying (id, {", ".join(_days(piles))}, pile) as ({sql}),
            placed as (
                select id, pile, count(*) over (partition by pile) total,
                       row_number() over (partition by pile order by {rank} nulls first, id) place from lying
            ),
            few as (select * from placed where place <= %s limit %s)
            select pile, total, p.id, p.name, coalesce(nullif(a.short_name, ''), a.name, ''), p.stage, p.amount, p.currency,
                   u.full_name, p.next_step, {day}
            from few join prospects_prospect p on p.id = few.id join core_user u on u.id = p.owner_id
            left join accounts_account a on a.id = p.account_id
            order by pile, place""",  # noqa: S608  our own text; values are parameters
            [*parameters, shown, shown * len(piles)],  # the limit tells the planner how few they are
        )
        for place, total, *card in cursor.fetchall():
            found[place][0].append(PileCard(*card))
            found[place] = found[place][0], total
    return found


def _any(piles: Sequence[Pile]) -> Q:
    found = Q()
    for pile in piles:
        found |= pile.condition
    return found


def _days(piles: Iterable[Pile]) -> list[str]:
    return sorted({one.day for one in piles})


def _by_pile(expressions: Iterable[str]) -> str:
    """SQL: of each pile its own expression."""
    return f"case pile {' '.join(f'when {place} then {one}' for place, one in enumerate(expressions))} end"


# ------------------------------------------------------------------ the open cards together


@dataclass(frozen=True)
class OwnerReviews:
    """How many of an owner's open cards wait for their weekly review."""

    owner_id: int
    name: str
    due: int
    open: int


@dataclass(frozen=True)
class OpenCards:
    """Open cards together: how many, what they are worth, whose reviews are due, most first."""

    count: int
    totals: Sequence[Total]
    reviews: Sequence[OwnerReviews]

    @property
    def reviews_due(self) -> int:
        return sum(owner.due for owner in self.reviews)


def _open_groups(by: Actor, latest: date, before: datetime) -> QuerySet[Prospect, Any]:
    return (
        prospects_to_tend(by)
        .still_open()
        .order_by()
        .values_list("owner_id", "stage", "currency")
        .annotate(count=Count("id"), amount=Sum("amount"), due=Count("id", filter=unreviewed(latest, before)))
    )


OPEN_GROUPS = Statement(_open_groups)


def open_cards(by: User, settings: BoardSettings, on: date) -> OpenCards:
    """What the open cards that are this person's concern come to; one statement beside the settings."""
    groups = run_with_owner_names(*OPEN_GROUPS.sql(by, **review_days(settings, on)))
    figures = [(Stage(stage), currency, count, amount or ZERO) for _n, _o, stage, currency, count, amount, _d in groups]
    counts, _by_stage, together = open_totals(figures)
    owners: dict[int, OwnerReviews] = {}
    for name, owner_id, _stage, _currency, count, _amount, due in groups:
        so_far = owners.get(owner_id, OwnerReviews(owner_id, name, 0, 0))
        owners[owner_id] = OwnerReviews(owner_id, name, so_far.due + due, so_far.open + count)
    waiting = [owner for owner in owners.values() if owner.due]
    return OpenCards(sum(counts.values()), together, sorted(waiting, key=lambda owner: (-owner.due, owner.name)))
