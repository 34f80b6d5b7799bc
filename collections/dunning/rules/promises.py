"""What became of a promise to pay (C10, assurance §2.2): worked out from the money that came, never by hand.

Money fills the instalments in the order of their days. An instalment is kept when all that was promised up to it had
come by its day and the grace; late money does not mend it. The first instalment that fails decides the promise. The
outcome depends on the days of the receipts alone: whatever order they were booked in, and however often it is asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby

from dunning.choices import PromiseState

ZERO = Decimal(0)
FAILED = (PromiseState.PARTLY, PromiseState.BROKEN)


@dataclass(frozen=True)
class Due:
    """An instalment: so much by `on`; money counts up to and including `until`, the day and its grace."""

    on: date
    until: date
    amount: Decimal


@dataclass(frozen=True)
class Receipt:
    """Money that came on a day; negative where it went back."""

    on: date
    amount: Decimal


@dataclass(frozen=True)
class Verdict:
    """What became of it, since which day (the day the money was complete, or the first day after the grace), what came."""

    state: PromiseState
    judged_on: date | None
    arrived: Decimal


def judge(dues: Sequence[Due], receipts: Iterable[Receipt], on: date) -> tuple[Verdict, list[Verdict]]:
    """The promise and each of its instalments, as known on the day `on`. The instalments come in the order of their days."""
    came = sorted((receipt for receipt in receipts if receipt.on <= on), key=lambda receipt: receipt.on)
    parts, wanted = [], ZERO
    for due in dues:
        parts.append(_instalment(due, wanted, came, on))
        wanted += due.amount
    arrived = min(max(_sum(came), ZERO), wanted)
    failed = next((place for place, part in enumerate(parts) if part.state in FAILED), None)
    if failed is not None:
        some = _sum(receipt for receipt in came if receipt.on <= dues[failed].until) > 0
        state = PromiseState.PARTLY if some else PromiseState.BROKEN
        return Verdict(state, parts[failed].judged_on, arrived), parts
    if all(part.state == PromiseState.KEPT for part in parts):
        return Verdict(PromiseState.KEPT, max(part.judged_on for part in parts if part.judged_on), arrived), parts
    return Verdict(PromiseState.OPEN, None, arrived), parts


def _instalment(due: Due, before: Decimal, came: Sequence[Receipt], on: date) -> Verdict:
    """`before` is what was promised for earlier days and comes first."""
    in_time = [receipt for receipt in came if receipt.on <= due.until]
    total = _sum(in_time)
    arrived = min(max(total - before, ZERO), due.amount)
    if arrived == due.amount:
        return Verdict(PromiseState.KEPT, _complete_on(in_time, before + due.amount), arrived)
    if on <= due.until:
        return Verdict(PromiseState.OPEN, None, arrived)
    state = PromiseState.PARTLY if arrived else PromiseState.BROKEN
    return Verdict(state, due.until + timedelta(days=1), arrived)


def _complete_on(in_time: Sequence[Receipt], wanted: Decimal) -> date | None:
    """The day from which on all of it was there and stayed."""
    total, day = ZERO, None
    for on, came in groupby(in_time, key=lambda receipt: receipt.on):
        total += _sum(came)
        day = (day or on) if total >= wanted else None
    return day


def _sum(receipts: Iterable[Receipt]) -> Decimal:
    return sum((receipt.amount for receipt in receipts), ZERO)
