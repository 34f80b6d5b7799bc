"""What the rule says of an invoice's grade and why; and the same of every open invoice as one SQL statement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from core.users import Actor
from receivables.choices import Cause, DebtorFactKind, Grade, GradeReason
from receivables.models import DebtorFact, GradeChange, Invoice, ReceivablesRule
from receivables.queries.facts import get_invoice, receivables_rule
from receivables.queries.limitation import LimitationClock, clock_steps, clocks_of, old_enough
from receivables.rules import grading
from receivables.rules.strategies import STRATEGIES, Strategy


@dataclass(frozen=True)
class GradeRecord:
    """An invoice's grade, what the rule proposes today and why, the clock of the right to sue, and how it came about."""

    invoice: Invoice
    proposed: Grade
    reasons: Sequence[GradeReason]
    clock: LimitationClock
    history: Sequence[GradeChange]

    @property
    def grade(self) -> Grade:
        """The grade it has."""
        return Grade(self.invoice.grade)

    @property
    def is_overruled(self) -> bool:
        """A person decided against what the rule proposed then."""
        return self.invoice.grade_is_settled and self.invoice.grade != self.invoice.grade_proposed

    @property
    def waits_for_money(self) -> bool:
        """The rule would grade it better; without money or a signed plan it stays."""
        return not self.invoice.grade_is_settled and self.proposed.rank < self.grade.rank

    @property
    def strategy(self) -> Strategy:
        """How a debt of this grade is worked."""
        return STRATEGIES[self.grade]


def grade_record(by: Actor, invoice_id: int, *, on: date) -> GradeRecord:
    """Everything about the grade of an invoice the person sees. NotFound otherwise."""
    invoice = get_invoice(by, invoice_id)
    proposal, clock = grade_proposal(invoice, on)
    history = GradeChange.objects.filter(invoice=invoice).select_related("by").order_by("-id")
    return GradeRecord(invoice, proposal.grade, proposal.reasons, clock, list(history[:25]))


def grade_proposal(
    invoice: Invoice, on: date, *, rule: ReceivablesRule | None = None
) -> tuple[grading.Proposal, LimitationClock]:
    """What the rule (that of the settings) proposes for an invoice on a day; four statements, three where it is given."""
    clock = clocks_of([invoice], on=on)[invoice.pk]
    broken, cause, facts = _known_of(invoice.account_id)
    debt = grading.Debt(
        days_past_due=(on - invoice.due_on).days,
        limitation_days_left=clock.days_left(on),
        limitation_revived=clock.revived,
        disputed_in_full=invoice.disputed_amount >= invoice.open_amount > 0,
        broken_promises=broken,
        cause=cause,
        facts=facts,
    )
    return grading.propose(debt, thresholds(rule or receivables_rule())), clock


_KNOWN = """
    select kind, null from receivables_debtorfact where account_id = %(account)s and ended_on is null
    union all select cause, 0 from receivables_causefinding where account_id = %(account)s and ended_on is null
    union all select '', count from receivables_brokenpromises where account_id = %(account)s"""


def _known_of(account_id: int) -> tuple[int, Cause | None, frozenset[DebtorFactKind]]:
    """What bears on the grades of a customer: how many promises he broke, the cause, the facts; one statement."""
    with connection.cursor() as cursor:
        cursor.execute(_KNOWN, {"account": account_id})
        found = cursor.fetchall()
    kinds, cause, count = set[DebtorFactKind](), None, 0
    for word, number in found:
        if number is None:
            kinds.add(DebtorFactKind(word))
        elif word:
            cause = Cause(word)
        else:
            count = number
    return count, cause, frozenset(kinds)


def thresholds(rule: ReceivablesRule) -> grading.Thresholds:
    """The thresholds as the settings have them."""
    return grading.Thresholds(
        rule.doubtful_after_days, rule.doubtful_broken_promises, rule.bad_after_days, rule.bad_before_limitation_days
    )


def debtor_facts(account_id: int) -> list[DebtorFact]:
    """What has been found out about a customer and still holds, newest first."""
    return list(DebtorFact.objects.filter(account=account_id, ended_on=None).select_related("by").order_by("-id"))


# ------------------------------------------------------------------ the rule as SQL

RANKS = "array['normal', 'doubtful', 'bad', 'dead']"
CONDITIONS = {
    GradeReason.LIMITATION_EXPIRED: "k.expires_on < %(on)s and not k.revived",
    GradeReason.DEREGISTERED: "'deregistered' = any(f.kinds)",
    GradeReason.ENFORCEMENT_ENDED: "'enforcement_ended' = any(f.kinds)",
    GradeReason.OVERDUE_BAD: "%(on)s::date - i.due_on > %(bad_after_days)s",
    GradeReason.INSOLVENCY: "'insolvency' = any(f.kinds)",
    GradeReason.LIMITATION_NEAR: "k.expires_on - %(on)s::date <= %(bad_before_limitation_days)s",
    GradeReason.GUARANTOR_LAPSED: "'guarantor_lapsed' = any(f.kinds)",
    GradeReason.OVERDUE_DOUBTFUL: "%(on)s::date - i.due_on > %(doubtful_after_days)s",
    GradeReason.BROKEN_PROMISES: "i.due_on < %(on)s and b.count >= %(doubtful_broken_promises)s",
    GradeReason.DISTRESS: "'distress' = any(f.kinds) or c.cause in ('crisis', 'accident')",
    GradeReason.UNREACHABLE: "i.due_on < %(on)s and 'unreachable' = any(f.kinds)",
    GradeReason.DISPUTED: "i.due_on < %(on)s and i.disputed_amount >= i.open_amount",
}
"""`rules.grading.propose`, condition by condition; a test holds the two together."""

REASONS = ", ".join(f"case when {condition} then '{reason}' end" for reason, condition in CONDITIONS.items())
PROPOSED = "case " + " ".join(
    f"when r.reasons && array[{', '.join(repr(str(reason)) for reason, of in grading.GRADE_OF.items() if of == grade)}]::varchar[]"
    f" then '{grade}'"
    for grade in (Grade.DEAD, Grade.BAD, Grade.DOUBTFUL)
) + " else 'normal' end"  # fmt: skip

PROPOSALS = f"""
{clock_steps("account_id between %(first)s and %(last)s")},
    facts as (
        select account_id, array_agg(kind) as kinds from receivables_debtorfact where ended_on is null group by 1
    ),
    proposals as (
        select i.id, i.account_id, i.grade, i.grade_reasons, i.grade_is_settled, i.grade_proposed, r.reasons,
            {PROPOSED} as proposed
        from receivables_invoice i
        left join facts f on f.account_id = i.account_id
        left join receivables_causefinding c on c.account_id = i.account_id and c.ended_on is null
        left join receivables_brokenpromises b on b.account_id = i.account_id
        left join clocks k on k.id = i.id
        cross join lateral (select array_remove(array[{REASONS}]::varchar[], null) as reasons) r
        where i.open_amount > 0 and i.account_id between %(first)s and %(last)s
    )
"""
"""Steps of a WITH: `proposals` has what the rule says of every open invoice of a stretch of accounts."""


def proposal_values(rule: ReceivablesRule, on: date) -> dict[str, Any]:
    """The values PROPOSALS takes, but the stretch of accounts."""
    named = thresholds(rule)
    return {
        "on": on,
        "old": old_enough(on, named.bad_before_limitation_days),
        "doubtful_after_days": named.doubtful_after_days,
        "doubtful_broken_promises": named.doubtful_broken_promises,
        "bad_after_days": named.bad_after_days,
        "bad_before_limitation_days": named.bad_before_limitation_days,
    }
