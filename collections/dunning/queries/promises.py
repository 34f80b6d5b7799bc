"""What promises are judged by, and how many were kept."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import connection
from django.db.models import Count, Q

from dunning.choices import PromiseState
from dunning.models import Promise
from dunning.rules.promises import FAILED, Receipt
from receivables.models import BrokenPromises

RECEIPTS = """
    with asked as (
        select p.id, p.account_id, p.currency, p.made_on, coalesce(c.called_at, p.at) as said_at,
               exists (select from dunning_promise_invoices n where n.promise_id = p.id) as is_named
        from dunning_promise p left join dunning_collectioncall c on c.id = p.call_id
        where p.id = any(%s)
    ), counted as (
        select asked.id as promise_id, asked.is_named, paid.id, paid.received_on, paid.amount
        from asked
        join receivables_payment paid on paid.account_id = asked.account_id and paid.currency = asked.currency
        where paid.flow = 'receipt' and paid.reversed_on is null
          and (paid.received_on > asked.made_on or (paid.received_on = asked.made_on and paid.at > asked.said_at))
    ), moved as (
        select counted.promise_id, counted.received_on as on, given.amount
        from counted
        join receivables_allocation given on given.payment_id = counted.id
        join dunning_promise_invoices named
          on named.promise_id = counted.promise_id and named.invoice_id = given.invoice_id
        where counted.is_named
        union all
        select promise_id, received_on, amount from counted where not is_named
        union all
        select counted.promise_id, back.on, -back.amount
        from counted join receivables_refundline back on back.payment_id = counted.id
        where not counted.is_named
    )
    select promise_id, moved.on, sum(amount) from moved group by promise_id, moved.on
"""


def receipts_of(promise_ids: Sequence[int]) -> dict[int, list[Receipt]]:
    """The money that counts towards each promise, by the day it came; one statement for all of them.

    With invoices: what of payments was allocated to them, principal, interest and costs alike. Without: any money of
    the account in the promise's currency, less what of it was paid back. What was in before the promise was made does
    not count, nor does a payment that was reversed: it never came.
    """
    found: dict[int, list[Receipt]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(RECEIPTS, [list(promise_ids)])
        for promise_id, on, amount in cursor.fetchall():
            if amount:
                found[promise_id].append(Receipt(on, amount))
    return found


@dataclass(frozen=True)
class Kept:
    """Promises that have matured, and how many of them were kept (C10, C13). Open and replaced ones count nowhere."""

    kept: int = 0
    partly: int = 0
    broken: int = 0

    def __add__(self, other: Kept) -> Kept:
        return Kept(self.kept + other.kept, self.partly + other.partly, self.broken + other.broken)

    @property
    def matured(self) -> int:
        return self.kept + self.partly + self.broken

    @property
    def percent(self) -> Decimal | None:
        """Kept ÷ matured, percent; None while none has matured."""
        return Decimal(100 * self.kept) / self.matured if self.matured else None


def kept_by_account(account_ids: Iterable[int]) -> dict[int, Kept]:
    """How each account kept its promises."""
    rows = Promise.objects.filter(account__in=list(account_ids)).order_by().values("account")
    return {row.pop("account"): Kept(**row) for row in rows.annotate(**_COUNTS)}


def kept_between(start: date, end: date) -> Kept:
    """How promises judged from `start` to `end` were kept, of all accounts."""
    return Kept(**Promise.objects.filter(judged_on__range=(start, end)).aggregate(**_COUNTS))


def broken_counts(account_ids: Iterable[int] | None = None, *, since: date) -> dict[int, int]:
    """How many promises each account broke, wholly or in part, since a day: what the grading rule asks (C3)."""
    rows = Promise.objects.filter(state__in=FAILED, judged_on__gt=since)
    rows = rows if account_ids is None else rows.filter(account__in=list(account_ids))
    return dict(rows.order_by().values_list("account").annotate(Count("id")))


def counted_promises(account_ids: Iterable[int] | None = None) -> dict[int, int]:
    """The same as the ledger's app was told last."""
    rows = BrokenPromises.objects.filter(count__gt=0)
    rows = rows if account_ids is None else rows.filter(account__in=list(account_ids))
    return dict(rows.values_list("account", "count"))


_COUNTS = {
    state.value: Count("id", filter=Q(state=state))
    for state in (PromiseState.KEPT, PromiseState.PARTLY, PromiseState.BROKEN)
}
