"""The week's bridge: from what was open at the snapshot to what is open now, to the cent, each bar with its rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from django.db import connection
from django.db.models import Model, Q, QuerySet
from django.db.models.expressions import RawSQL
from django.utils import timezone

from core.users import Actor
from core.workdays import today
from prospects.choices import Movement
from prospects.models import ProspectSnapshot, WeeklySnapshot
from prospects.queries import conditions
from prospects.queries.board import EVERYTHING, Selection, open_prospects, selected_prospects
from prospects.rules import forecast
from prospects.rules.forecast import Bridge, Standing

M = TypeVar("M", bound=Model)


@dataclass(frozen=True)
class WeekBridge:
    """The bridge of a week, one per currency; without a snapshot there is none."""

    week: date
    taken_on: date
    currencies: Sequence[Bridge]


def latest_snapshot(before: date) -> WeeklySnapshot | None:
    """The newest snapshot of a week that began before this day: on a Monday that is last week's."""
    return WeeklySnapshot.objects.filter(week__lt=before).first() or WeeklySnapshot.objects.first()


def get_snapshot(week: date | None, on: date) -> WeeklySnapshot | None:
    """The snapshot of the week asked for, or the latest."""
    return WeeklySnapshot.objects.filter(week=week).first() if week else latest_snapshot(on)


def week_bridge(by: Actor, selection: Selection = EVERYTHING, week: date | None = None) -> WeekBridge | None:
    """What changed since the snapshot of `week` (the latest unless given); two statements."""
    on = today()
    snapshot = get_snapshot(week, on)
    if snapshot is None:
        return None
    sql, parameters = _standings(by, selection, snapshot, on)
    currencies: dict[str, list[Standing]] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            "select currency, was_open, entered, gone, sum(amount_then), sum(amount_now), count(*),"  # noqa: S608
            f" count(*) filter (where amount_then <> amount_now) from ({sql}) standing group by 1, 2, 3, 4",
            parameters,
        )
        for currency, was_open, entered, gone, then, now, count, changed in cursor.fetchall():
            currencies.setdefault(currency, []).append(
                Standing(
                    was_open,
                    then,
                    now,
                    entered=Movement(entered) if entered else None,
                    left=Movement(gone) if gone else None,
                    count=count,
                    changed=changed,
                )
            )
    bridges = [forecast.bridge(currency, standings) for currency, standings in currencies.items()]
    bridges.sort(key=lambda bridge: (-bridge.open_now, bridge.currency))
    return WeekBridge(snapshot.week, timezone.localtime(snapshot.taken_at).date(), bridges)


def in_movement(
    by: Actor,
    movement: Movement,
    selection: Selection = EVERYTHING,
    week: date | None = None,
    currency: str = "",
) -> Q:
    """Condition: the prospects behind one bar of the bridge (of one currency)."""
    on = today()
    snapshot = get_snapshot(week, on)
    if snapshot is None:
        return Q(pk__in=[])
    sql, parameters = _standings(by, selection, snapshot, on)
    if movement == Movement.CHANGED:
        where, more = "was_open and amount_then <> amount_now", []
    else:
        where, more = "(entered = %s or gone = %s)", [movement.value, movement.value]
    if currency:
        where, more = f"{where} and currency = %s", [*more, currency]
    chosen = f"select id from ({sql}) standing where {where}"  # noqa: S608  our own text; values are parameters
    return Q(pk__in=RawSQL(chosen, [*parameters, *more]))  # noqa: S611


def _standings(by: Actor, selection: Selection, snapshot: WeeklySnapshot, on: date) -> tuple[str, list[Any]]:
    """One row per prospect and currency: open then, open now, entered, gone, worth then, worth now.

    A prospect whose currency changed leaves in the old one and comes in in the new one.
    """
    base, base_parameters = _sql(
        snapshot_rows(by, selection, snapshot.week, on).values_list("prospect_id", "currency", "amount").order_by()
    )
    live, live_parameters = _sql(
        open_prospects(by, selection, on).values_list("id", "currency", "amount", "created_at", "outcome").order_by()
    )
    closed, closed_parameters = _sql(
        _in_period(selected_prospects(by, selection), selection, on)
        .filter(closed_on__isnull=False, closings__reopened_at=None, closings__at__gt=snapshot.taken_at)
        .values_list("id", "currency", "amount", "created_at", "outcome")
        .order_by()
    )
    sql = f"""
        with base (id, currency, amount) as ({base}),
        now (id, currency, amount, created_at, outcome) as ({live} union all {closed})
        select coalesce(base.id, now.id) id,
               coalesce(base.currency, now.currency) currency,
               base.id is not null was_open,
               case when base.id is not null then null when now.created_at > %s then 'new' else 'moved_in' end entered,
               case when now.id is not null then nullif(now.outcome, '')
                    else coalesce(closed.outcome, 'moved_out') end gone,
               coalesce(base.amount, 0) amount_then,
               coalesce(case when now.id is not null then now.amount
                             when closed.outcome is not null then closed.amount
                             else base.amount end, 0) amount_now
        from base full join now on now.id = base.id and now.currency = base.currency
        left join lateral (select p.outcome, p.amount from prospects_prospect p
                           where now.id is null and p.id = base.id and p.currency = base.currency
                             and p.closed_on is not null) closed on true"""  # noqa: S608  our own text; values are parameters
    return sql, [*base_parameters, *live_parameters, *closed_parameters, snapshot.taken_at]


def snapshot_rows(by: Actor, selection: Selection, week: date, on: date) -> QuerySet[ProspectSnapshot]:
    """What the selection held at the snapshot, by the owner, team and expected close of that time."""
    rows = _in_period(ProspectSnapshot.objects.visible_to(by), selection, on).filter(week=week)
    if selection.owner_id is not None:
        rows = rows.filter(owner=selection.owner_id)
    if selection.team_id is not None:
        rows = rows.filter(conditions.of_team(selection.team_id))
    return rows


def _in_period(rows: QuerySet[M], selection: Selection, on: date) -> QuerySet[M]:
    if selection.period is None:
        return rows
    return rows.filter(expected_close_on__range=forecast.span(selection.period, on))


def _sql(rows: QuerySet[Any, Any]) -> tuple[str, list[Any]]:
    sql, parameters = rows.query.sql_with_params()
    return sql, list(parameters)
