"""What every money action shares: writing allocations and taking them back, with the stored sums they change.

The callers hold the locks: invoices in the order of their ids, then the payment, credit note or write-off. Stored sums
(`open_amount`, `disputed_amount`, `unallocated`) change here and nowhere else, in the transaction of their rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Max, Q, Sum
from django.utils.translation import gettext as _

from core.errors import Conflict, DomainError
from core.money import round_money
from core.users import Actor, as_row
from core.workdays import today
from receivables.choices import AllocationRule, Part
from receivables.models import Allocation, Charge, CreditNote, Dispute, Invoice, Payment, RefundLine, WriteOff
from receivables.queries.proposal import OpenDebts, ProposedLine, propose

ZERO = Decimal(0)
LARGEST = Decimal(10) ** 16
SHOWN = 3

Source = Payment | CreditNote | WriteOff


# ------------------------------------------------------------------ input


def clean_amount(amount: Decimal, *, field: str = "amount") -> Decimal:
    """The amount, above zero and with no more than two places; refused otherwise, never rounded in silence."""
    if not amount.is_finite() or amount <= 0:
        raise DomainError(_("An amount is above zero."), field=field, code="not_positive")
    if amount != round_money(amount):
        raise DomainError(_("An amount has at most two decimal places."), field=field, code="too_exact")
    if amount >= LARGEST:
        raise DomainError(_("This amount is too large."), field=field, code="too_large")
    return round_money(amount)


def clean_day(on: date | None, *, field: str = "on", not_before: date | None = None) -> date:
    """The day, today unless given; the books know no day to come, and none before what it is about."""
    on = on or today()
    if on > today():
        raise DomainError(_("That day is still to come."), field=field, code="in_the_future")
    if not_before and on < not_before:
        raise DomainError(_("That is before the day it is about."), field=field, code="too_early")
    return on


def required(text: str, message: Any, *, field: str = "reason") -> str:
    """The text, trimmed; refused when there is none."""
    text = text.strip()
    if not text:
        raise DomainError(message, field=field, code="required")
    return text


# ------------------------------------------------------------------ writing


def post(by: Actor, source: Source, lines: Sequence[ProposedLine], on: date) -> list[Allocation]:
    """Write the lines as allocations of the source and lower what is open by them.

    A line counts from `on`, but never from a day before its invoice was issued nor before an allocation of the same
    invoice or source was last taken back: so the sums of every past day stay what they were, and within their bounds.
    """
    if not lines:
        return []
    invoices = {line.invoice.pk: line.invoice for line in lines}
    undone, last = _days_of(invoices)
    floor = max(on, last_undone(source) or on)
    rows = []
    for line in lines:
        day = max(
            floor, line.invoice.issued_on, undone.get(line.invoice.pk, floor), line.charge.on if line.charge else floor
        )
        rows.append(
            Allocation(
                invoice=line.invoice, charge=line.charge, part=line.part, amount=line.amount, on=day,
                rule=line.rule, because=line.because, by=as_row(by), **_as_source(source),
            )
        )  # fmt: skip
        if line.charge:
            line.charge.open_amount -= line.amount
        else:
            line.invoice.open_amount -= line.amount
            last[line.invoice.pk] = max(day, last.get(line.invoice.pk, day))
    for invoice in invoices.values():
        invoice.settled_on = (
            last[invoice.pk] if invoice.open_amount == 0 and invoice.settled_on is None else invoice.settled_on
        )
        invoice.disputed_amount = min(invoice.disputed_amount, invoice.open_amount)
    _store(invoices.values(), [line.charge for line in lines if line.charge])
    return list(Allocation.objects.bulk_create(rows))


def allocate_rest(
    by: Actor,
    source: Payment | CreditNote,
    debts: OpenDebts,
    *,
    since: date,
    on: date | None,
    seen: Decimal | None,
    rule: AllocationRule | None,
    designated: Mapping[int, Decimal] | None,
    words: str = "",
) -> tuple[list[Allocation], dict[str, Any]]:
    """Settle the debts with what is left of a source, both locked: the lines, and what the event says of them.

    It counts from `since`, the day of the source, or a later one. Conflict (409) when the rest is not what the user has
    `seen` of it; DomainError when nothing fits.
    """
    if seen is not None and seen != source.unallocated:
        raise Conflict(_("Somebody else allocated a part of it meanwhile."), current=source)
    on = clean_day(on or since, not_before=since)
    proposal = propose(source.unallocated, debts, on=since, rule=rule, designated=designated, words=words)
    if not proposal.lines:
        raise DomainError(_("There is no open invoice it could settle."), code="nothing_open")
    rows = post(by, source, proposal.lines, on)
    source.unallocated = proposal.left
    source.save(update_fields=["unallocated"])
    return rows, {"rules": proposal.rules, "on_day": on, **told(rows, source.currency)}


def undo(by: Actor, rows: Sequence[Allocation], invoices: dict[int, Invoice], on: date) -> list[Allocation]:
    """Take these allocations back: a row with the opposite amount each, and what they settled is open again.

    `invoices` are the locked ones. `on` may not lie before the day an allocation counts from.
    """
    if not rows:
        return []
    charges = {row.charge.pk: row.charge for row in rows if row.charge}
    for row in rows:
        if row.charge:
            charges[row.charge.pk].open_amount += row.amount
        else:
            invoices[row.invoice_id].open_amount += row.amount
    disputed = open_disputes(invoices)
    for invoice in invoices.values():
        if invoice.open_amount:
            invoice.settled_on = None
        invoice.disputed_amount = min(disputed.get(invoice.pk, ZERO), invoice.open_amount)
    _store(invoices.values(), charges.values())
    return list(
        Allocation.objects.bulk_create(
            Allocation(
                invoice=invoices[row.invoice_id], charge_id=row.charge_id, payment_id=row.payment_id,
                credit_note_id=row.credit_note_id, write_off_id=row.write_off_id, part=row.part, amount=-row.amount,
                on=max(on, row.on), rule=row.rule, because=row.because, reverses=row, by=as_row(by),
            )
            for row in rows
        )
    )  # fmt: skip


def take_back(
    by: Actor, source: Payment | CreditNote, invoices: dict[int, Invoice], on: date
) -> tuple[date, list[Allocation]]:
    """Undo every line of a locked payment or credit note and close it; the day of it, not before its last line, and the rows.

    `invoices` are those it settled, locked before it was: Conflict (409) when somebody allocated to another meanwhile.
    DomainError when a part was refunded. As of any day its allocations end when it does itself.
    """
    rows = live_allocations(source)
    if not {row.invoice_id for row in rows} <= set(invoices):
        raise Conflict(_("Somebody else allocated a part of it meanwhile."), current=source)
    if source.unallocated + sum((row.amount for row in rows), ZERO) != source.amount:
        raise DomainError(_("Part of it was paid back. Reverse the refund first."), code="refunded")
    on = max([on, last_undone(source) or on, *(row.on for row in rows)])
    undone = undo(by, rows, invoices, on)
    source.unallocated, source.reversed_on = ZERO, on
    source.save(update_fields=["unallocated", "reversed_on"])
    return on, undone


def live_allocations(source: Source) -> list[Allocation]:
    """The allocations of a payment, credit note or write-off that nobody took back yet."""
    rows = Allocation.objects.filter(reverses=None, reversed_by=None, **_as_source(source))
    return list(rows.select_related("charge").order_by("pk"))


def last_undone(source: Source) -> date | None:
    """The day something of this source was last taken back; nothing new of it may count from an earlier one."""
    of_source = _as_source(source)
    days = [Allocation.objects.filter(amount__lt=0, **of_source).aggregate(on=Max("on"))["on"]]
    if not isinstance(source, WriteOff):
        days.append(RefundLine.objects.filter(amount__lt=0, **of_source).aggregate(on=Max("on"))["on"])
    return max((day for day in days if day), default=None)


def open_disputes(invoices: Iterable[int]) -> dict[int, Decimal]:
    """Invoice id → what of it is disputed, resolved disputes apart."""
    rows = Dispute.objects.filter(invoice_id__in=list(invoices), resolved_on=None).order_by()
    return dict(rows.values_list("invoice_id").annotate(Sum("amount")))


# ------------------------------------------------------------------ words for events


def in_money(amount: Decimal, currency: str) -> str:
    """An amount as events tell it, the same in every language: CNY 1,200.00."""
    return f"{currency} {amount:,.2f}"


def told(rows: Sequence[Allocation], currency: str) -> dict[str, Any]:
    """What an event says of allocations: how much, which invoices."""
    total = abs(sum((row.amount for row in rows), ZERO))
    numbers = list(dict.fromkeys(str(row.invoice) for row in rows))
    more = f" +{len(numbers) - SHOWN}" if len(numbers) > SHOWN else ""
    return {
        "money": in_money(total, currency),
        "amount": total,
        "currency": currency,
        "numbers": ", ".join(numbers[:SHOWN]) + more,
        "invoices": sorted({row.invoice_id for row in rows}),
    }


# ------------------------------------------------------------------ parts


def _as_source(source: Source) -> dict[str, Any]:
    names = {Payment: "payment", CreditNote: "credit_note", WriteOff: "write_off"}
    return {names[type(source)]: source}


def _days_of(invoices: Iterable[int]) -> tuple[dict[int, date], dict[int, date]]:
    """By invoice: the day an allocation was last taken back, and the latest day any principal counts from."""
    rows = Allocation.objects.filter(invoice_id__in=list(invoices)).order_by().values_list("invoice_id")
    found = rows.annotate(undone_on=Max("on", filter=Q(amount__lt=0)), last_on=Max("on", filter=Q(part=Part.PRINCIPAL)))
    undone: dict[int, date] = {}
    last: dict[int, date] = {}
    for invoice_id, undone_on, last_on in found:
        if undone_on:
            undone[invoice_id] = undone_on
        if last_on:
            last[invoice_id] = last_on
    return undone, last


def _store(invoices: Iterable[Invoice], charges: Iterable[Charge]) -> None:
    """Write the stored sums, all invoices in one statement: a key account settles a thousand at once."""
    rows = [(row.pk, row.open_amount, row.disputed_amount, row.settled_on) for row in invoices]
    with connection.cursor() as cursor:
        cursor.execute(
            "update receivables_invoice i set open_amount = new.open_amount, disputed_amount = new.disputed_amount,"
            " settled_on = new.settled_on from unnest(%s::bigint[], %s::numeric[], %s::numeric[], %s::date[])"
            " as new (id, open_amount, disputed_amount, settled_on) where i.id = new.id",
            [list(column) for column in zip(*rows, strict=True)],
        )
    if charges := {charge.pk: charge for charge in charges}.values():
        Charge.objects.bulk_update(charges, ["open_amount"])
