"""What a customer owes, as the call screen shows it: the open invoices, the longest overdue first, and their sums."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery, Sum

from core.statements import Statement, columns_of
from core.users import SYSTEM, Actor
from core.words import listed
from dunning.choices import PromiseState
from dunning.models import Promise
from receivables.choices import Paper, Papers
from receivables.models import Charge, Contract, Invoice

SHOWN = 25
"""Open invoices on the call screen; the rest one click away."""
MOST = 200
"""And how many of them that click brings."""
ZERO = Decimal(0)
LACKING = Q(papers__in=[Papers.INCOMPLETE, Papers.COMPLETE]) | ~Q(missing_papers=[])


@dataclass(frozen=True)
class Item:
    """An open invoice: what is open of it, how late, how sure, and whether its papers are in order."""

    invoice: Invoice
    days: int
    claimed: Decimal
    promised: bool

    @property
    def is_overdue(self) -> bool:
        return self.days > 0

    @property
    def papers_missing(self) -> bool:
        """Whether something must be put right or sent before the money can be asked for."""
        return self.invoice.papers in (Papers.INCOMPLETE, Papers.COMPLETE) or bool(self.invoice.missing_papers)

    @property
    def missing(self) -> tuple[Paper, ...]:
        return tuple(Paper(code) for code in self.invoice.missing_papers)

    @property
    def lack(self) -> str:
        """The invoice and what is missing of it, in the reader's words: how far its papers are where nobody said which."""
        return f"{self.invoice} ({listed(paper.label for paper in self.missing) or self.invoice.get_papers_display()})"


@dataclass(frozen=True)
class Total:
    """What is open in one currency, of `count` invoices, `late` of them overdue.

    `unallocated` is money of theirs that settles nothing yet; it is not taken off.
    """

    currency: str
    open_amount: Decimal
    overdue: Decimal
    disputed: Decimal
    promised: Decimal
    unallocated: Decimal
    count: int
    late: int

    @property
    def callable(self) -> Decimal:
        """What can be asked for today."""
        return max(self.overdue - self.disputed - self.promised, ZERO)


def open_items(account_id: int, on: date, count: int = SHOWN) -> list[Item]:
    """The `count` invoices longest due; after them the overdue ones whose papers must be put right first, as many again."""
    found: list[Any] = _items(count).rows(SYSTEM, account_id=account_id, on=on)  # of an account the caller has read
    return [Item(one, (on - one.due_on).days, one.claimed or ZERO, one.is_promised) for one in found]


@cache
def _items(count: int) -> Statement[Invoice]:
    claimed = Charge.objects.filter(invoice=OuterRef("pk"), open_amount__gt=0).order_by().values("invoice")
    named = Promise.invoices.through.objects.filter(invoice=OuterRef("pk"), promise__state=PromiseState.OPEN)

    def longest_due(by: Actor, account_id: int, on: date) -> QuerySet[Invoice]:
        rows = Invoice.objects.filter(account=account_id).still_open()
        first = rows.order_by("due_on", "id").values("pk")[:count]
        return (
            rows.filter(Q(pk__in=first) | Q(LACKING, due_on__lt=on))
            .annotate(
                claimed=Subquery(claimed.annotate(sum=Sum("open_amount")).values("sum")), is_promised=Exists(named)
            )
            .order_by("due_on", "id")[: 2 * count]
        )

    return Statement(longest_due, brings={"contract": columns_of(Contract)})


TOTALS = """
    select currency, sum(opened), sum(overdue), sum(disputed), sum(promised), sum(unallocated), sum(items), sum(late) from (
        select currency, open_amount as opened, case when due_on < %(on)s then open_amount else 0 end as overdue,
               case when due_on < %(on)s then disputed_amount else 0 end as disputed, 0 as promised, 0 as unallocated,
               1 as items, case when due_on < %(on)s then 1 else 0 end as late
        from receivables_invoice where account_id = %(account)s and open_amount > 0
        union all
        select currency, 0, 0, 0, amount - arrived, 0, 0, 0 from dunning_promise where account_id = %(account)s and state = 'open'
        union all
        select currency, 0, 0, 0, 0, unallocated, 0, 0 from receivables_payment where account_id = %(account)s and unallocated > 0
        union all
        select currency, 0, 0, 0, 0, unallocated, 0, 0 from receivables_creditnote where account_id = %(account)s and unallocated > 0
    ) fact
    group by currency having sum(items) > 0 order by sum(overdue) desc, currency
"""


def open_totals(account_id: int, on: date) -> list[Total]:
    """Sums per currency of all open invoices, the largest first; one statement."""
    with connection.cursor() as cursor:
        cursor.execute(TOTALS, {"account": account_id, "on": on})
        return [Total(*row) for row in cursor.fetchall()]
