"""The clock of the right to sue on each invoice (C14): three years from the due day, restarted by what provably happened."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from receivables.choices import InterruptionKind
from receivables.models import Allocation, Interruption, Invoice
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
    """The clocks of invoices that were found already, as they stand on a day; two statements."""
    invoices = {invoice.pk: invoice for invoice in rows}
    restarts = _restarts(invoices, on)
    return {pk: _clock(invoice, restarts[pk]) for pk, invoice in invoices.items()}


def _clock(invoice: Invoice, events: list[tuple[date, InterruptionKind, str]]) -> LimitationClock:
    events = sorted(events, key=lambda event: event[0])
    clock = limitation.run_clock(
        invoice.due_on, [limitation.Interruption(day, kind.is_by_debtor) for day, kind, _evidence in events]
    )
    restarts = [Restart(day, kind, evidence, day <= clock.expires_on) for day, kind, evidence in events]
    return LimitationClock(invoice.pk, clock.expires_on, clock.revived, restarts)


def _restarts(invoices: dict[int, Invoice], on: date) -> dict[int, list[tuple[date, InterruptionKind, str]]]:
    """What provably happened to each invoice up to this day: part payments that stand, and what was noted."""
    found: dict[int, list[tuple[date, InterruptionKind, str]]] = {pk: [] for pk in invoices}
    paid = Allocation.objects.filter(invoice__in=list(invoices), payment__isnull=False, amount__gt=0, on__lte=on)
    paid = paid.filter(Q(reversed_by=None) | Q(reversed_by__on__gt=on))
    for pk, day, reference in paid.values_list("invoice", "on", "payment__reference").order_by("on"):
        found[pk].append((day, InterruptionKind.PAYMENT, reference))
    by_account: dict[int, list[Invoice]] = {}
    for invoice in invoices.values():
        by_account.setdefault(invoice.account_id, []).append(invoice)
    noted = Interruption.objects.filter(account__in=list(by_account), on__lte=on)
    for event in noted:
        for invoice in by_account[event.account_id]:
            if event.invoice_id == invoice.pk or (event.invoice_id is None and invoice.issued_on <= event.on):
                found[invoice.pk].append((event.on, InterruptionKind(event.kind), event.evidence))
    return found
