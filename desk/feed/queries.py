"""What stands in somebody's calendar feed: visits he makes or joins, and the days on which something of his is due.

Everything is read anew with each request and in the scope this person has at that moment: what was handed to somebody
else, or lies at an account he no longer sees, is gone with the next reading.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from core.models import User
from core.permissions import allowed
from core.workdays import today
from dunning.choices import NextAction, PromiseState
from dunning.queries.cases import visible_cases, visible_promises
from prospects.queries import visible_prospects
from relationships.choices import VisitKind
from relationships.queries import visible_visits

BACK = timedelta(days=92)
AHEAD = timedelta(days=366)
MOST = 1_000
"""Entries of each kind, those ahead first: nobody has more, and no calendar program is kept waiting."""


@dataclass(frozen=True)
class Entry:
    """One line of the calendar. `start` is a moment with its `minutes`, or the day of something due."""

    uid: str
    version: int
    changed_at: datetime
    start: datetime | date
    title: str
    path: str
    minutes: int = 0
    place: str = ""
    notes: tuple[str, ...] = ()
    brief_path: str = ""
    is_cancelled: bool = False


def feed_entries(by: User, on: date | None = None) -> list[Entry]:
    """The person's calendar from three months back to a year ahead; one statement a kind. In the active language."""
    on = on or today()
    parts = (_visits, _visit_steps, _prospect_steps, _calls, _promises)
    return [entry for part in parts for entry in part(by, on)]


def _visits(by: User, on: date) -> Iterator[Entry]:
    rows = visible_visits(by).of_people([by.pk], at__gte=_start(on - BACK), at__lt=_start(on + AHEAD))
    fields = (
        "id",
        "version",
        "updated_at",
        "at",
        "minutes",
        "kind",
        "purpose",
        "cancelled_at",
        "recorded_at",
        *ACCOUNT,
    )
    for row in rows.order_by("-at", "-id").values(*fields)[:MOST]:
        is_planned = row["cancelled_at"] is None and row["recorded_at"] is None
        yield Entry(
            uid=f"visit-{row['id']}",
            version=row["version"],
            changed_at=row["updated_at"],
            start=row["at"],
            minutes=row["minutes"],
            title=f"{VisitKind(row['kind']).label}: {_account(row)}",
            place=", ".join(filter(None, (row["account__address"], row["account__city"]))),
            notes=tuple(filter(None, (row["purpose"],))),
            path=reverse("visits:visit", args=[row["id"]]),
            brief_path=reverse("desk:visit_brief", args=[row["id"]]) if is_planned else "",
            is_cancelled=row["cancelled_at"] is not None,
        )


def _visit_steps(by: User, on: date) -> Iterator[Entry]:
    rows = visible_visits(by).with_open_step().filter(owner=by, next_step_on__range=_days(on))
    for row in rows.order_by("-next_step_on", "-id").values(*STEP, *ACCOUNT)[:MOST]:
        yield _step(row, "visit-step", reverse("visits:visit", args=[row["id"]]), _account(row))


def _prospect_steps(by: User, on: date) -> Iterator[Entry]:
    rows = visible_prospects(by).still_open().filter(owner=by, next_step_on__range=_days(on))
    for row in rows.order_by("-next_step_on", "-id").values(*STEP, "name", *ACCOUNT)[:MOST]:
        about = " · ".join(filter(None, (row["name"], _account(row))))
        yield _step(row, "prospect-step", reverse("prospects:prospect", args=[row["id"]]), about)


def _step(row: dict[str, Any], kind: str, path: str, about: str) -> Entry:
    return Entry(
        uid=f"{kind}-{row['id']}",
        version=row["version"],
        changed_at=row["updated_at"],
        start=row["next_step_on"],
        title=f"{row['next_step'] or _('Next step')} ({about})",
        path=path,
    )


def _calls(by: User, on: date) -> Iterator[Entry]:
    """What a collector said he would do next."""
    if not allowed(by, "dunning.collect"):
        return
    rows = visible_cases(by).filter(collector=by, next_action_on__range=_days(on)).order_by("-next_action_on", "-id")
    for row in rows.values("id", "account_id", "next_action", "next_action_on", "updated_at", *ACCOUNT)[:MOST]:
        action = NextAction(row["next_action"]).label if row["next_action"] else _("Next step")
        yield Entry(
            uid=f"collecting-{row['id']}",
            version=int(row["updated_at"].timestamp()),  # a case counts no versions
            changed_at=row["updated_at"],
            start=row["next_action_on"],
            title=f"{capfirst(action)}: {_account(row)}",
            path=reverse("dunning:call", args=[row["account_id"]]),
        )


def _promises(by: User, on: date) -> Iterator[Entry]:
    """The last days of promises to pay whose account he collects from."""
    if not allowed(by, "dunning.collect"):
        return
    rows = visible_promises(by).filter(
        state=PromiseState.OPEN, account__case__collector=by, last_due_on__range=_days(on)
    )
    for row in rows.order_by("-last_due_on", "-id").values("id", "account_id", "last_due_on", "at", *ACCOUNT)[:MOST]:
        yield Entry(
            uid=f"promise-{row['id']}",
            version=0,  # a promise is never edited, only replaced
            changed_at=row["at"],
            start=row["last_due_on"],
            title=_("Promise to pay due: %(account)s") % {"account": _account(row)},
            path=reverse("dunning:call", args=[row["account_id"]]),
        )


ACCOUNT = ("account__name", "account__short_name", "account__address", "account__city")
STEP = ("id", "version", "updated_at", "next_step", "next_step_on")


def _account(row: dict[str, Any]) -> str:
    return str(row["account__short_name"] or row["account__name"] or "")


def _days(on: date) -> tuple[date, date]:
    return on - BACK, on + AHEAD


def _start(on: date) -> datetime:
    return datetime.combine(on, time.min, tzinfo=timezone.get_current_timezone())
