"""What the screens of collecting show beside the queue and the brief; each in a statement or two."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Value

from accounts.queries import get_account
from core.users import Actor
from dunning.choices import MessageKind, PromiseState
from dunning.models import Case, CollectionCall, Instalment, Message, Promise
from dunning.queries.cases import visible_calls, visible_cases, visible_promises
from dunning.queries.promises import Kept
from dunning.rules.promises import FAILED

LATELY = timedelta(days=30)
QUARTER = timedelta(days=90)
SHOWN = 3


@dataclass(frozen=True)
class PromiseFigures:
    """Promises in figures: due on the day, past their day and in grace, open, broken lately, kept in the last quarter."""

    due: int
    in_grace: int
    open: int
    broken: int
    kept: Kept


def promise_figures(by: Actor, on: date) -> PromiseFigures:
    """The promises this person sees; one statement."""
    quarter, lately = Q(judged_on__gt=on - QUARTER), Q(judged_on__gt=on - LATELY)
    found = visible_promises(by).order_by().aggregate(
        open=Count("id", filter=Q(state=PromiseState.OPEN)),
        due=Count("id", filter=due_on(on)),
        in_grace=Count("id", filter=in_grace(on)),
        broken=Count("id", filter=Q(state__in=FAILED) & lately),
        kept=Count("id", filter=Q(state=PromiseState.KEPT) & quarter),
        partly=Count("id", filter=Q(state=PromiseState.PARTLY) & quarter),
        failed=Count("id", filter=Q(state=PromiseState.BROKEN) & quarter),
    )  # fmt: skip
    kept = Kept(found.pop("kept"), found.pop("partly"), found.pop("failed"))
    return PromiseFigures(**found, kept=kept)


def due_on(day: date) -> Q:
    """Condition: open, and a part of it falls due on the day."""
    return Q(state=PromiseState.OPEN) & _has_instalment(due_on=day)


def in_grace(day: date) -> Q:
    """Condition: open, a day of it has passed, and the grace has not."""
    return Q(state=PromiseState.OPEN) & _has_instalment(due_on__lt=day, state=PromiseState.OPEN)


def _has_instalment(**conditions: object) -> Q:
    return Q(Exists(Instalment.objects.filter(promise=OuterRef("pk"), **conditions)))


@dataclass(frozen=True)
class DaysWork:
    """What collecting asks for today: broken promises nobody has spoken about, next steps due, promises that fall due."""

    broken: int = 0
    steps: int = 0
    promises: int = 0

    @property
    def is_quiet(self) -> bool:
        return not (self.broken or self.steps or self.promises)


def days_work(by: Actor, on: date) -> DaysWork:
    """The figures of Today, of customers given to this person or to nobody; one statement, each part from its own index."""
    mine = Q(collector=None) | Q(collector=by.pk)
    cases = visible_cases(by).filter(mine, overdue_amount__gt=0, cease_contact=False)
    cases = cases.filter(Q(paused_until=None) | Q(paused_until__lte=on))
    due = Instalment.objects.filter(due_on=on, state=PromiseState.OPEN).values("promise")
    promises = visible_promises(by).filter(pk__in=due, state=PromiseState.OPEN)
    parts = [
        _counted(cases.filter(broken_since__isnull=False), "broken"),
        _counted(cases.filter(next_action_on__lte=on), "steps"),
        _counted(promises, "promises"),
    ]
    return DaysWork(**{row["part"]: row["count"] for row in parts[0].union(*parts[1:], all=True)})


def _counted(rows: QuerySet[Any], part: str) -> QuerySet[Any, dict[str, Any]]:
    counted: QuerySet[Any, dict[str, Any]] = rows.order_by().values(part=Value(part)).annotate(count=Count("id"))
    return counted


def confirmation_of(promise: Promise) -> Message | None:
    """The letter that puts a promise, which the person was shown, in writing; None while there is none."""
    return promise.messages.filter(kind=MessageKind.CONFIRMATION).defer("pdf").first()


@dataclass(frozen=True)
class AccountCollecting:
    """How collecting from an account stands: its file, running and broken promises, the last calls."""

    case: Case | None
    promises: list[Promise]
    calls: list[CollectionCall]

    @property
    def running(self) -> list[Promise]:
        return [promise for promise in self.promises if promise.state == PromiseState.OPEN]

    @property
    def broken(self) -> list[Promise]:
        """Broken, and nobody has spoken with them since."""
        since = self.case.broken_since if self.case else None
        return [
            promise
            for promise in self.promises
            if since and promise.state in FAILED and promise.judged_on and promise.judged_on >= since
        ]

    @property
    def is_empty(self) -> bool:
        return not (self.promises or self.calls or (self.case and self.case.overdue_amount))


def account_collecting(by: Actor, account_id: int) -> AccountCollecting:
    """For the account's page. NotFound for an account the person does not see; makes nothing."""
    account = get_account(by, account_id)
    case: Case | None = visible_cases(by).select_related("collector").filter(account=account).first()
    promises = visible_promises(by).filter(account=account).order_by("-id")[: 2 * SHOWN]
    calls = visible_calls(by).filter(account=account).select_related("by").order_by("-called_at", "-id")[:SHOWN]
    return AccountCollecting(case, list(promises), list(calls))
