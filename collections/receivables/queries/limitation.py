"""The clock of the right to sue on each invoice (C14): three years from the due day, restarted by what provably happened."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from receivables.choices import InterruptionKind
from receivables.models import Invoice
from receivables.queries.positions import Sql
from receivables.rules import limitation


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


def clocks_of(rows: Iterable[Invoice], *, on: date) -> dict[int, LimitationClock]:
    """The clocks of invoices that were found already, as they stand on a day; one statement."""
    invoices = {invoice.pk: invoice for invoice in rows}
    restarts = _restarts(invoices, on)
    return {pk: _clock(invoice, restarts[pk]) for pk, invoice in invoices.items()}


def _clock(invoice: Invoice, events: list[tuple[date, InterruptionKind, str]]) -> LimitationClock:
    clock = limitation.run_clock(
        invoice.due_on, [limitation.Interruption(day, kind.is_by_debtor) for day, kind, _evidence in events]
    )
    restarts = [Restart(day, kind, evidence, day <= clock.expires_on) for day, kind, evidence in events]
    return LimitationClock(invoice.pk, clock.expires_on, clock.revived, restarts)


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
