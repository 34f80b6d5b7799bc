"""The figures of collection (C13), exactly as assurance §2.2 defines them. Amounts of one currency; None where nothing divides."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from math import prod

ZERO = Decimal(0)


@dataclass(frozen=True)
class Month:
    """Credit sales of one calendar month and its days."""

    sales: Decimal
    days: int


@dataclass(frozen=True)
class Paid:
    """One invoice's amount, when it was due and when it was paid."""

    amount: Decimal
    due_on: date
    paid_on: date


def dso_simple(receivable: Decimal, sales: Decimal, days: int) -> Decimal | None:
    """DSO-1: receivable at the end ÷ credit sales of the period × its days."""
    return receivable / sales * days if sales else None


def dso_countback(receivable: Decimal, months: Iterable[Month]) -> Decimal | None:
    """DSO-2: take whole months' sales off the receivable, newest first, and count their days; the rest is a part of one.

    None when the months do not reach far enough back, or nothing was sold in them.
    """
    months = list(months)
    if not any(month.sales for month in months):
        return None
    left, days = receivable, ZERO
    for month in months:
        if left <= month.sales:
            return days + (left / month.sales * month.days if month.sales else ZERO)
        left -= month.sales
        days += month.days
    return days if left <= 0 else None


def dso_true(months: Iterable[tuple[Decimal, Decimal]]) -> Decimal | None:
    """DSO-3: for each month, Σ (open amount × days since its invoice) ÷ that month's sales, added up.

    `months` are those two amounts. Months without sales (balances taken over) are left out.
    """
    parts = [weighted / sales for weighted, sales in months if sales]
    return sum(parts, ZERO) if parts else None


def best_possible_dso(not_due: Decimal, sales: Decimal, days: int) -> Decimal | None:
    """What DSO would be if nothing were late: not-due receivable ÷ credit sales × days."""
    return dso_simple(not_due, sales, days)


def average_days_delinquent(dso: Decimal | None, best: Decimal | None) -> Decimal | None:
    """DSO less the best possible."""
    return dso - best if dso is not None and best is not None else None


def effectiveness(
    *, begin: Decimal, sales: Decimal, months: int, end_total: Decimal, end_current: Decimal
) -> Decimal | None:
    """Collection effectiveness index, percent: (B + S/N − E total) ÷ (B + S/N − E current) × 100."""
    base = begin + sales / months
    collectable = base - end_current
    return (base - end_total) / collectable * 100 if collectable else None


def roll_rates(before: Sequence[Decimal], after: Sequence[Decimal]) -> list[Decimal | None]:
    """Share of each bucket that stands in the next one a period later: after[k+1] ÷ before[k]."""
    return [later / earlier if earlier else None for earlier, later in zip(before, after[1:], strict=False)]


def expected_loss_rate(rates: Sequence[Decimal], start: int = 0, recovery: Decimal = ZERO) -> Decimal:
    """Share of bucket `start` that rolls all the way out, less what is recovered then."""
    return prod(rates[start:], start=Decimal(1)) * (1 - recovery)


def provision(amounts: Sequence[Decimal], rates: Sequence[Decimal]) -> Decimal:
    """Σ bucket × rate, to the cent, half up."""
    total = sum((amount * rate for amount, rate in zip(amounts, rates, strict=True)), ZERO)
    return total.quantize(Decimal("0.01"), ROUND_HALF_UP)
