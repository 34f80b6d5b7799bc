"""What became of promises: worked out from the money that came, as often as one likes (C10)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from core import audit
from core.permissions import require
from core.users import SYSTEM, Actor
from core.workdays import today
from dunning import events
from dunning.actions.promises import in_words
from dunning.actions.refresh import refresh_cases
from dunning.choices import NextAction, PromiseState
from dunning.models import Case, Instalment, Promise
from dunning.queries.promises import broken_counts, counted_promises, receipts_of
from dunning.queries.settings import Calendar, dunning_rule
from dunning.rules.promises import FAILED, Due, Verdict, judge
from receivables.actions import note_broken_promises
from receivables.models import Allocation, Payment, Reversal

CHUNK = 500
LOOK_BACK = timedelta(days=3)
BROKEN_WITHIN = timedelta(days=365)
TOLD = {
    PromiseState.KEPT: events.PROMISE_KEPT,
    PromiseState.PARTLY: events.PROMISE_PARTLY_KEPT,
    PromiseState.BROKEN: events.PROMISE_BROKEN,
    PromiseState.OPEN: events.PROMISE_REOPENED,
    PromiseState.REPLACED: events.PROMISE_OVERTAKEN,
}


def judge_promises(
    *, by: Actor = SYSTEM, account_ids: Collection[int] | None = None, on: date | None = None
) -> dict[str, int]:
    """Settle promises as known on the day `on`: kept as soon as the money is in, partly kept or broken after the grace.

    Of these accounts all that were not replaced; without accounts the open ones, and those of accounts whose money
    moved in the last days, so that nothing is lost with a broker. A broken promise brings its customer back on top.
    What was judged is judged again from the same rows: a second run changes nothing, and a payment taken back or
    booked late puts right what was said before. A promise that would so be open again although the customer has since
    promised the same money anew is replaced by that later one: no two promises wait for the same money. Returns how
    many promises changed into which state.
    """
    require(by, "dunning.collect")
    on = on or today()
    ids = sorted(set(account_ids) if account_ids is not None else _to_look_at())
    changed: Counter[str] = Counter()
    for start in range(0, len(ids), CHUNK):
        changed += _judge_chunk(by, ids[start : start + CHUNK], on)
    return dict(changed)


def _to_look_at() -> set[int]:
    since = timezone.now() - LOOK_BACK
    moved = {
        *Payment.objects.filter(at__gte=since, account__isnull=False).values_list("account", flat=True),
        *Allocation.objects.filter(at__gte=since).values_list("invoice__account", flat=True),
        *Reversal.objects.filter(at__gte=since, payment__account__isnull=False).values_list(
            "payment__account", flat=True
        ),
    }
    judged = Promise.objects.exclude(state=PromiseState.REPLACED).filter(account__in=moved)
    running = Promise.objects.filter(state=PromiseState.OPEN)
    return {*running.values_list("account", flat=True), *judged.values_list("account", flat=True)}


@transaction.atomic
def _judge_chunk(by: Actor, account_ids: Sequence[int], on: date) -> Counter[str]:
    # The case before its promises, as everywhere.
    cases = Case.objects.filter(account__in=account_ids).order_by("account_id").select_for_update(no_key=True)
    by_account = {case.account_id: case for case in cases}
    rows = Promise.objects.filter(~Q(state=PromiseState.REPLACED), account__in=account_ids).order_by("pk")
    promises = list(rows.select_for_update(no_key=True).prefetch_related("instalments"))
    if not promises:
        return Counter()
    receipts = receipts_of([promise.pk for promise in promises])
    dues = _dues(promises)
    changed: Counter[str] = Counter()
    touched: set[int] = set()
    for promise in promises:
        was = promise.state
        verdict, parts = judge(dues[promise.pk], receipts.get(promise.pk, []), on)
        later = _promised_anew(promise) if was != PromiseState.OPEN == verdict.state else None
        if later:
            promise.replaced_by = later
            verdict, parts = _replaced(verdict, on), [_replaced(part, on) for part in parts]
        if not _store(promise, verdict, parts):
            continue
        touched.add(promise.account_id)
        if promise.state != was:
            changed[promise.state] += 1
            _follow_up(by_account.get(promise.account_id), promise, on)
            _tell(by, promise)
    refresh_cases(account_ids=touched, on=on)
    return changed


def _promised_anew(promise: Promise) -> Promise | None:
    """The next promise of the same money: any in this currency, unless both name invoices and share none."""
    names = promise.invoices.values("pk")
    later = Promise.objects.filter(account=promise.account_id, currency=promise.currency, pk__gt=promise.pk)
    if names:
        later = later.filter(Q(invoices=None) | Q(invoices__in=names))
    return later.order_by("pk").first()


def _replaced(verdict: Verdict, on: date) -> Verdict:
    """What was still awaited is awaited no longer."""
    return (
        replace(verdict, state=PromiseState.REPLACED, judged_on=on) if verdict.state == PromiseState.OPEN else verdict
    )


def _dues(promises: Iterable[Promise]) -> dict[int, list[Due]]:
    found = {promise.pk: sorted(promise.instalments.all(), key=lambda part: part.due_on) for promise in promises}
    days = [part.due_on for parts in found.values() for part in parts]
    calendar, grace = Calendar(min(days), max(days)), dunning_rule().grace_workdays
    return {
        pk: [Due(part.due_on, calendar.add_workdays(part.due_on, grace), part.amount) for part in parts]
        for pk, parts in found.items()
    }


def _store(promise: Promise, verdict: Verdict, parts: Sequence[Verdict]) -> bool:
    """Write what differs; whether anything did."""
    rows = sorted(promise.instalments.all(), key=lambda part: part.due_on)
    stale: list[Instalment] = [row for row, part in zip(rows, parts, strict=True) if _apply(row, part)]
    Instalment.objects.bulk_update(stale, ["state", "judged_on", "arrived"])
    is_stale = _apply(promise, verdict)
    if is_stale:
        promise.save(update_fields=["state", "judged_on", "arrived", "replaced_by"])
    return is_stale or bool(stale)


def _apply(row: Promise | Instalment, verdict: Verdict) -> bool:
    if (row.state, row.judged_on, row.arrived) == (verdict.state, verdict.judged_on, verdict.arrived):
        return False
    row.state, row.judged_on, row.arrived = verdict.state, verdict.judged_on, verdict.arrived
    return True


def _follow_up(case: Case | None, promise: Promise, on: date) -> None:
    """A failed promise is spoken about the same morning; after a kept one nobody waits any longer."""
    if case is None:
        return
    if promise.state in FAILED:
        case.next_action, case.next_action_on = NextAction.CALL, on
    elif promise.state == PromiseState.KEPT and case.next_action == NextAction.WAIT:
        case.next_action, case.next_action_on = "", None
    case.save(update_fields=["next_action", "next_action_on"])


def _tell(by: Actor, promise: Promise) -> None:
    audit.record(
        TOLD[PromiseState(promise.state)],
        by=by,
        on=promise,
        account_id=promise.account_id,
        money=in_words(promise.amount, promise.currency),
        arrived=in_words(promise.arrived, promise.currency),
        person=promise.said_by,
    )


def count_broken_promises(
    *, by: Actor = SYSTEM, account_ids: Collection[int] | None = None, on: date | None = None
) -> int:
    """Tell the ledger's app how many promises each account broke in the last twelve months: its grades rest on it (C3).

    Told only where the number differs from what was told before. Returns of how many accounts it did.
    """
    require(by, "receivables.grade")
    now = broken_counts(account_ids, since=(on or today()) - BROKEN_WITHIN)
    told = counted_promises(account_ids)
    changed = sorted(
        account_id for account_id in now.keys() | told.keys() if now.get(account_id, 0) != told.get(account_id, 0)
    )
    for account_id in changed:
        note_broken_promises(by=by, account_id=account_id, count=now.get(account_id, 0))
    return len(changed)
