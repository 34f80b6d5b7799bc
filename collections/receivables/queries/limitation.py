"""The clock of the right to sue on each invoice (C14): three years from the due day, restarted by what provably happened."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models.expressions import RawSQL

from core.sql import in_order
from receivables.choices import InterruptionKind, RightToSue
from receivables.models import Invoice
from receivables.queries.positions import Sql
from receivables.rules import limitation
from receivables.rules.limitation import PRESSING_DAYS, WARN_DAYS, YEARS

NEARNESS = {
    RightToSue.PASSED: (-36_500, -1),
    RightToSue.PRESSING: (0, PRESSING_DAYS),
    RightToSue.NEAR: (0, WARN_DAYS[0]),
}
"""From how many to how many days are left, the nearest first."""


@dataclass(frozen=True, slots=True)
class Restart:
    """Something that provably happened: the day, what, the evidence; whether it still restarted the clock."""

    on: date
    kind: InterruptionKind
    evidence: str
    counts: bool


@dataclass(frozen=True)
class LimitationClock:
    """The last day to sue on an invoice and how it came about. `revived`: the debtor acted after it, for counsel to judge."""

    invoice_id: int
    expires_on: date
    revived: bool
    restarts: Sequence[Restart]

    def days_left(self, on: date) -> int:
        """Negative when the last day has passed."""
        return (self.expires_on - on).days

    def nearness(self, on: date) -> RightToSue | None:
        """How near its last day is; None while nobody needs to be warned."""
        left = self.days_left(on)
        return next((each for each, (least, most) in NEARNESS.items() if least <= left <= most), None)


def clocks_of(rows: Iterable[Invoice], *, on: date) -> dict[int, LimitationClock]:
    """The clocks of invoices that were found already, as they stand on a day; one statement."""
    return clocks_since({invoice.pk: invoice.due_on for invoice in rows}, on=on)


def clocks_since(due: Mapping[int, date], *, on: date) -> dict[int, LimitationClock]:
    """The same of invoices of which the due days are known, by their ids."""
    restarts = _restarts(due, on)
    return {pk: _clock(pk, due_on, restarts[pk]) for pk, due_on in due.items()}


def _clock(pk: int, due_on: date, events: list[tuple[date, InterruptionKind, str]]) -> LimitationClock:
    clock = limitation.run_clock(
        due_on, [limitation.Interruption(day, kind.is_by_debtor) for day, kind, _evidence in events]
    )
    restarts = [Restart(day, kind, evidence, day <= clock.expires_on) for day, kind, evidence in events]
    return LimitationClock(pk, clock.expires_on, clock.revived, restarts)


RESTARTS = f"""
    select a.invoice_id, a."on", '{InterruptionKind.PAYMENT.value}', p.reference, 0 as noted, a.id
    from receivables_allocation a join receivables_payment p on p.id = a.payment_id
    where a.invoice_id = any(%(invoices)s) and a.amount > 0 and a."on" <= %(on)s
      and not exists (select 1 from receivables_allocation r where r.reverses_id = a.id and r."on" <= %(on)s)
    union all
    select i.id, n."on", n.kind, n.evidence, 1, -n.id
    from receivables_invoice i join receivables_interruption n on n.account_id = i.account_id
    where i.id = any(%(invoices)s) and n."on" <= %(on)s
      and (n.invoice_id = i.id or n.invoice_id is null and i.issued_on <= n."on")
    order by 2, 5, 6
"""


def _restarts(invoices: Iterable[int], on: date) -> dict[int, list[tuple[date, InterruptionKind, str]]]:
    """What provably happened to each invoice up to this day: part payments that stand, and what was noted."""
    found: dict[int, list[tuple[date, InterruptionKind, str]]] = {pk: [] for pk in invoices}
    for pk, day, kind, evidence, *_place in Sql(RESTARTS, {"invoices": list(found), "on": on}).rows():
        found[pk].append((day, InterruptionKind(kind), evidence))
    return found


# ------------------------------------------------------------------ the rule as SQL


def clock_steps(narrowed: str = "true") -> str:
    """`rules.limitation.run_clock` as steps of a WITH: `clocks` has id, expires_on and revived of old open invoices.

    Takes the values `on` and `old` (see `old_enough`); `narrowed` is a condition on the invoices.
    """
    return f"""
    old as (
        -- only these can be near the end of the three years; all others need no clock
        select id, account_id, issued_on, due_on from receivables_invoice
        where open_amount > 0 and due_on <= %(old)s and {narrowed}
    ),
    happened as (
        select o.id, o.due_on, a."on", true as by_debtor from old o
        join receivables_allocation a on a.invoice_id = o.id
        where a.payment_id is not null and a.amount > 0 and a."on" <= %(on)s and not exists (
            select 1 from receivables_allocation v where v.reverses_id = a.id and v."on" <= %(on)s)
        union all
        select o.id, o.due_on, n."on", n.kind not in ('demand', 'lawsuit') from old o
        join receivables_interruption n on n.account_id = o.account_id
            and (n.invoice_id = o.id or (n.invoice_id is null and o.issued_on <= n."on"))
        where n."on" <= %(on)s
    ),
    gaps as (
        -- an event counts if none before it, nor itself, came later than three years after what it restarted
        select id, due_on, "on", by_debtor, "on" > greatest(due_on,
            lag("on", 1, due_on) over (partition by id order by "on")) + interval '{YEARS} years' as late
        from happened
    ),
    judged as (
        select id, due_on, "on", by_debtor, bool_or(late) over (partition by id order by "on") as after_end from gaps
    ),
    clocks as (
        select o.id, (greatest(o.due_on, max(j."on") filter (where not j.after_end)) + interval '{YEARS} years')::date
            as expires_on, coalesce(bool_or(j.after_end and j.by_debtor), false) as revived
        from old o left join judged j on j.id = o.id group by o.id, o.due_on
    )"""


def old_enough(on: date, within: int) -> date:
    """Nothing that fell due after this day has a right to sue that may run out within so many days."""
    return on + timedelta(days=within + 1 - 365 * YEARS)


def invoices_near_the_end(nearness: RightToSue, *, on: date) -> RawSQL:
    """The ids of open invoices, whoever may see them, whose last day to sue is so near."""
    least, most = NEARNESS[nearness]
    sql = f"with {clock_steps()} select id from clocks where expires_on - %(on)s between %(least)s and %(most)s"
    values = {"on": on, "old": old_enough(on, most), "least": least, "most": most}
    return RawSQL(*in_order(sql, values))  # noqa: S611  ours, its values apart
