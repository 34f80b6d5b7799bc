"""Which debts a payment settles (assurance §2.4).

Without an agreement or a word of the debtor, Civil Code 560: due debts first; of the due ones the least secured; then
the heavier burden; then the earliest due; then, in equal parts of equal rank, pro rata. Inside one debt, Civil Code 561:
costs, then interest, then principal. The last cent goes to the last line; the lines add up to the payment exactly.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_DOWN, Decimal
from enum import StrEnum
from itertools import groupby
from typing import Any

CENT = Decimal("0.01")
ZERO = Decimal(0)


class Because(StrEnum):
    """Why a line stands where it does."""

    DUE = "due"
    LESS_SECURED = "less_secured"
    HEAVIER_BURDEN = "heavier_burden"
    EARLIER_DUE = "earlier_due"
    PRO_RATA = "pro_rata"
    NOT_YET_DUE = "not_yet_due"
    ONLY_DEBT = "only_debt"
    DESIGNATED = "designated"
    OLDEST_FIRST = "oldest_first"


@dataclass(frozen=True)
class Debt:
    """An open debt of one currency. `secured` is the part that a security covers, `burden` its yearly interest rate."""

    key: Any
    due_on: date
    open_amount: Decimal
    secured: Decimal = ZERO
    burden: Decimal = ZERO


@dataclass(frozen=True)
class Line:
    """So much of the payment to this debt, and why in this order."""

    key: Any
    amount: Decimal
    because: Because


@dataclass(frozen=True)
class Split:
    """A payment inside one debt: costs, interest, principal, and what is left over."""

    costs: Decimal
    interest: Decimal
    principal: Decimal
    left: Decimal


def propose_by_statute(payment: Decimal, debts: Iterable[Debt], on: date) -> list[Line]:
    """Lines by Civil Code 560. They add up to the payment, or to all debts when it exceeds them."""
    ranked = sorted(debts, key=lambda debt: _rank(debt, on))
    lines: list[Line] = []
    left = payment
    groups = [list(group) for _rank_, group in groupby(ranked, key=lambda debt: _rank(debt, on))]
    for place, group in enumerate(groups):
        if left <= 0:
            break
        behind = groups[place + 1][0] if place + 1 < len(groups) else None
        because = Because.PRO_RATA if len(group) > 1 else _because(group[0], behind, on)
        given = _pro_rata(min(left, sum((debt.open_amount for debt in group), ZERO)), group)
        lines += [Line(debt.key, amount, because) for debt, amount in zip(group, given, strict=True) if amount]
        left -= sum(given, ZERO)
    return lines


def propose_oldest_first(payment: Decimal, debts: Iterable[Debt]) -> list[Line]:
    """Lines by due day, those of a day in the order given: by agreement with the debtor only."""
    lines = []
    left = payment
    for debt in sorted(debts, key=lambda debt: debt.due_on):
        amount = min(left, debt.open_amount)
        if amount > 0:
            lines.append(Line(debt.key, amount, Because.OLDEST_FIRST))
            left -= amount
    return lines


def split_inside(payment: Decimal, *, costs: Decimal, interest: Decimal, principal: Decimal) -> Split:
    """Civil Code 561: costs of enforcement, then interest, then principal."""
    to_costs = min(payment, costs)
    to_interest = min(payment - to_costs, interest)
    to_principal = min(payment - to_costs - to_interest, principal)
    return Split(to_costs, to_interest, to_principal, payment - to_costs - to_interest - to_principal)


def _rank(debt: Debt, on: date) -> tuple[bool, Decimal, Decimal, date]:
    uncovered = debt.open_amount - min(debt.secured, debt.open_amount)
    share_secured = 1 - uncovered / debt.open_amount if debt.open_amount else ZERO
    return (debt.due_on > on, share_secured, -debt.burden, debt.due_on)


def _because(debt: Debt, behind: Debt | None, on: date) -> Because:
    """The first rule that puts the debt before the best of those behind it."""
    if behind is None:
        return Because.NOT_YET_DUE if debt.due_on > on else Because.ONLY_DEBT
    reasons = (Because.DUE, Because.LESS_SECURED, Because.HEAVIER_BURDEN, Because.EARLIER_DUE)
    ranks = zip(reasons, _rank(debt, on), _rank(behind, on), strict=True)
    return next((reason for reason, mine, best in ranks if mine != best), Because.PRO_RATA)


def _pro_rata(amount: Decimal, group: Sequence[Debt]) -> list[Decimal]:
    """`amount` over the group in proportion to what is open, to the cent; what rounding leaves goes to the last line."""
    total = sum((debt.open_amount for debt in group), ZERO)
    shares = [(amount * debt.open_amount / total).quantize(CENT, ROUND_DOWN) for debt in group]
    left = amount - sum(shares, ZERO)
    for place in range(len(group) - 1, -1, -1):
        room = min(left, group[place].open_amount - shares[place])
        shares[place] += room
        left -= room
    return shares
