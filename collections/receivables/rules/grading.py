"""Which grade a debt should have, and when it gets it (C3, assurance §2.1).

The rule proposes from facts; a proposal that is worse is taken over at once, a better one only after money or a signed
plan has arrived. What a person confirmed or overruled stands until the rule proposes worse than what he saw.
"""

from __future__ import annotations

from dataclasses import dataclass

from receivables.choices import Cause, DebtorFactKind, Grade, GradeReason

GRADE_OF = {
    GradeReason.LIMITATION_EXPIRED: Grade.DEAD,
    GradeReason.DEREGISTERED: Grade.DEAD,
    GradeReason.ENFORCEMENT_ENDED: Grade.DEAD,
    GradeReason.OVERDUE_BAD: Grade.BAD,
    GradeReason.INSOLVENCY: Grade.BAD,
    GradeReason.LIMITATION_NEAR: Grade.BAD,
    GradeReason.GUARANTOR_LAPSED: Grade.BAD,
    GradeReason.OVERDUE_DOUBTFUL: Grade.DOUBTFUL,
    GradeReason.BROKEN_PROMISES: Grade.DOUBTFUL,
    GradeReason.DISTRESS: Grade.DOUBTFUL,
    GradeReason.UNREACHABLE: Grade.DOUBTFUL,
    GradeReason.DISPUTED: Grade.DOUBTFUL,
}
"""The grade each reason alone is enough for."""

DISTRESSING = frozenset({Cause.CRISIS, Cause.ACCIDENT})
"""Causes of not paying that are signs of distress themselves."""


@dataclass(frozen=True)
class Thresholds:
    """From where on a debt is doubtful or bad, in days and counts (settings)."""

    doubtful_after_days: int = 90
    doubtful_broken_promises: int = 2
    bad_after_days: int = 365
    bad_before_limitation_days: int = 90


@dataclass(frozen=True)
class Debt:
    """What is known of an open invoice and its debtor on a day. `limitation_days_left` is negative once it has passed."""

    days_past_due: int
    limitation_days_left: int
    limitation_revived: bool = False
    disputed_in_full: bool = False
    broken_promises: int = 0
    cause: Cause | None = None
    facts: frozenset[DebtorFactKind] = frozenset()


@dataclass(frozen=True)
class Proposal:
    """The grade the rule proposes and every reason that speaks for this grade or a milder one, worst first."""

    grade: Grade
    reasons: tuple[GradeReason, ...]


def propose(debt: Debt, thresholds: Thresholds) -> Proposal:
    """The worst grade any reason is enough for; without a reason it is normal collection."""
    late = debt.days_past_due > 0
    has = debt.facts.__contains__
    holds = {
        GradeReason.LIMITATION_EXPIRED: debt.limitation_days_left < 0 and not debt.limitation_revived,
        GradeReason.DEREGISTERED: has(DebtorFactKind.DEREGISTERED),
        GradeReason.ENFORCEMENT_ENDED: has(DebtorFactKind.ENFORCEMENT_ENDED),
        GradeReason.OVERDUE_BAD: debt.days_past_due > thresholds.bad_after_days,
        GradeReason.INSOLVENCY: has(DebtorFactKind.INSOLVENCY),
        GradeReason.LIMITATION_NEAR: debt.limitation_days_left <= thresholds.bad_before_limitation_days,
        GradeReason.GUARANTOR_LAPSED: has(DebtorFactKind.GUARANTOR_LAPSED),
        GradeReason.OVERDUE_DOUBTFUL: debt.days_past_due > thresholds.doubtful_after_days,
        GradeReason.BROKEN_PROMISES: late and debt.broken_promises >= thresholds.doubtful_broken_promises,
        GradeReason.DISTRESS: has(DebtorFactKind.DISTRESS) or debt.cause in DISTRESSING,
        GradeReason.UNREACHABLE: late and has(DebtorFactKind.UNREACHABLE),
        GradeReason.DISPUTED: late and debt.disputed_in_full,
    }
    reasons = tuple(reason for reason in GradeReason if holds[reason])
    return Proposal(max((GRADE_OF[reason] for reason in reasons), key=rank, default=Grade.NORMAL), reasons)


def decide(current: Grade, proposed: Grade, *, settled: bool, seen: Grade, money_since: bool) -> Grade:
    """The grade the invoice has after the rule proposed this one.

    `settled`: a person confirmed or overruled it when the rule proposed `seen`. `money_since`: money or a signed plan
    arrived since it got its grade.
    """
    if settled:
        return proposed if rank(proposed) > max(rank(current), rank(seen)) else current
    if rank(proposed) >= rank(current) or money_since:
        return proposed
    return current


def rank(grade: Grade) -> int:
    """0 for the mildest."""
    return grade.rank
