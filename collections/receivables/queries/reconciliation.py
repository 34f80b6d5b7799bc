"""Comparisons with finance's list, for whoever reconciles."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from core.errors import NotFound
from core.permissions import require
from core.users import Actor
from receivables.choices import Difference
from receivables.models import Reconciliation, ReconciliationLine

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class DifferenceSum:
    """One kind of difference in a comparison: how many lines, what they come to (theirs less ours), how many unexplained."""

    difference: Difference
    lines: int
    amount: Decimal
    unexplained: int


def reconciliations(by: Actor) -> QuerySet[Reconciliation]:
    """All comparisons, the newest first, each with how many of its differences nobody has explained (`unexplained`)."""
    require(by, "receivables.reconcile")
    return (
        Reconciliation.objects.select_related("by")
        .annotate(unexplained=Count("lines", filter=Q(lines__cleared_note="")))
        .order_by("-id")
    )


def get_reconciliation(by: Actor, reconciliation_id: int) -> Reconciliation:
    """One of them; NotFound when it is not there."""
    found = reconciliations(by).filter(pk=reconciliation_id).first()
    if found is None:
        raise NotFound
    return found


def reconciliation_lines(
    by: Actor, reconciliation_id: int, *, difference: Difference | None = None, unexplained: bool = False
) -> QuerySet[ReconciliationLine]:
    """Its differences in the order of their kinds and numbers, with their invoices."""
    require(by, "receivables.reconcile")
    rows = ReconciliationLine.objects.filter(reconciliation=reconciliation_id).select_related("invoice__account")
    if difference:
        rows = rows.filter(difference=difference)
    return rows.filter(cleared_note="") if unexplained else rows


def difference_sums(by: Actor, reconciliation_id: int) -> list[DifferenceSum]:
    """The differences by kind; kinds without any are left out."""
    gap = Coalesce(F("theirs"), ZERO) - Coalesce(F("ours"), ZERO)
    rows = (
        reconciliation_lines(by, reconciliation_id)
        .order_by("difference")
        .values_list("difference")
        .annotate(lines=Count("pk"), gap=Sum(gap), left=Count("pk", filter=Q(cleared_note="")))
    )
    return [DifferenceSum(Difference(kind), lines, amount, left) for kind, lines, amount, left in rows]


def get_line(by: Actor, line_id: int, *, lock: bool = False) -> ReconciliationLine:
    """One difference; NotFound when it is not there."""
    require(by, "receivables.reconcile")
    rows = ReconciliationLine.objects.select_related("reconciliation")
    if lock:
        rows = rows.select_for_update(no_key=True, of=("self",))
    found = rows.filter(pk=line_id).first()
    if found is None:
        raise NotFound
    return found
