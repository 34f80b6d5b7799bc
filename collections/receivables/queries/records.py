"""One invoice, payment, credit note or contract with everything its page shows, in a fixed number of statements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Count, Q, Sum

from core.models import AuditEvent
from core.timeline import PAGE, Happening, TimeLine, of_events, page
from core.users import Actor
from core.words import listed
from receivables.choices import Grade, GradeReason, Part
from receivables.models import (
    Allocation,
    Charge,
    Contract,
    CreditNote,
    Dispute,
    GradeChange,
    Invoice,
    Payment,
    ReceivablesRule,
    RefundLine,
    Reversal,
    WriteOff,
)
from receivables.queries.facts import (
    get_contract,
    get_credit_note,
    get_invoice,
    get_payment,
    visible_allocations,
    visible_contracts,
    visible_invoices,
)
from receivables.queries.grades import GradeRecord, grade_proposal
from receivables.rules import interest

ZERO = Decimal(0)
SHOWN = 25
SETTLED_BY = (
    "payment",
    "credit_note",
    "write_off",
    "charge",
    "by",
    "reversed_by",
)


@dataclass(frozen=True)
class InvoiceRecord:
    """A debt with all that was posted to it, what is disputed, claimed and asked for, and how sure the money is."""

    invoice: Invoice
    allocations: Sequence[Allocation]
    charges: Sequence[Charge]
    disputes: Sequence[Dispute]
    write_offs: Sequence[WriteOff]
    grading: GradeRecord
    interest_run: Decimal

    @property
    def open_charges(self) -> Decimal:
        """Interest and costs claimed and not settled."""
        return sum((charge.open_amount for charge in self.charges), ZERO)

    @property
    def open_disputes(self) -> list[Dispute]:
        """Those nobody has resolved."""
        return [dispute for dispute in self.disputes if dispute.resolved_on is None]


def invoice_record(by: Actor, invoice_id: int, *, on: date, rule: ReceivablesRule) -> InvoiceRecord:
    """The record of an invoice the person sees; the interest of the settings holds where its contract says nothing."""
    invoice = get_invoice(by, invoice_id)
    allocations = list(Allocation.objects.filter(invoice=invoice).select_related(*SETTLED_BY).order_by("on", "pk"))
    proposal, clock = grade_proposal(invoice, on, rule=rule)
    return InvoiceRecord(
        invoice=invoice,
        allocations=allocations,
        charges=list(Charge.objects.filter(invoice=invoice).order_by("on", "pk")),
        disputes=list(Dispute.objects.filter(invoice=invoice).select_related("by", "resolved_by")),
        write_offs=list(WriteOff.objects.filter(invoice=invoice).select_related("by", "decided_by")),
        grading=GradeRecord(invoice, proposal.grade, proposal.reasons, clock, ()),
        interest_run=_interest(invoice, allocations, on, rule.interest_per_day, rule.interest_basis),
    )


def _interest(
    invoice: Invoice, allocations: Sequence[Allocation], on: date, usual_per_day: Decimal, basis: int
) -> Decimal:
    """Late interest that has run until this day, claimed or not."""
    if on <= invoice.due_on:
        return ZERO
    agreed = invoice.contract.interest_per_day if invoice.contract else None
    rate = interest.daily_rate(usual_per_day if agreed is None else agreed, basis=basis)
    paid = [(row.on, row.amount) for row in allocations if row.part == Part.PRINCIPAL]
    parts = interest.segments(invoice.amount, invoice.due_on, on, reductions=paid, rates=[(invoice.due_on, rate)])
    return interest.interest(parts, basis=basis)


def invoice_time_line(by: Actor, invoice_id: int, *, before: datetime | None = None) -> TimeLine:
    """What happened to an invoice: events and the grades it got, newest first."""
    invoice = get_invoice(by, invoice_id)
    events = AuditEvent.objects.filter(account_id=invoice.account_id).filter(
        Q(details__invoice=invoice.pk)
        | Q(details__invoices__contains=[invoice.pk])
        | Q(target_type=invoice._meta.label_lower, target_id=invoice.pk)
    )
    grades = GradeChange.objects.filter(invoice=invoice).select_related("by").order_by("-id")
    if before:
        events, grades = events.filter(at__lt=before), grades.filter(at__lt=before)
    told = of_events(events.select_related("actor").order_by("-id")[: PAGE + 1])
    return page(
        told, [_of_grade(change) for change in grades[: PAGE + 1] if change.by_id is None]
    )  # a person's has its event


def _of_grade(change: GradeChange) -> Happening:
    worse = Grade(change.to_grade).rank > Grade(change.from_grade).rank
    reasons = [GradeReason(code).label for code in change.reasons if code in GradeReason]
    return Happening(
        at=change.at,
        title=f"{change.get_from_grade_display()} → {change.get_to_grade_display()}",
        text=listed(reasons),
        icon="gauge",
        tone="bad" if worse else "good",
    )


# ------------------------------------------------------------------ money in, credits


@dataclass(frozen=True)
class PaymentRecord:
    """A receipt or refund: where it went, what of it was paid back, and how it was taken back."""

    payment: Payment
    allocations: Sequence[Allocation]
    refunds: Sequence[RefundLine]
    reversal: Reversal | None


def payment_record(by: Actor, payment_id: int) -> PaymentRecord:
    """The record of a payment the person sees."""
    payment = get_payment(by, payment_id)
    return PaymentRecord(
        payment,
        _lines(by, Q(payment=payment)),
        list(
            RefundLine.objects.filter(Q(refund=payment) | Q(payment=payment))
            .select_related("refund", "payment", "credit_note", "reversed_by")
            .order_by("pk")
        ),
        reversal_of(payment),
    )


@dataclass(frozen=True)
class CreditNoteRecord:
    """A credit note: which invoices it lowered, what of it was paid back, and how it was taken back."""

    credit_note: CreditNote
    allocations: Sequence[Allocation]
    refunds: Sequence[RefundLine]
    reversal: Reversal | None


def credit_note_record(by: Actor, credit_note_id: int) -> CreditNoteRecord:
    """The record of a credit note the person sees."""
    note = get_credit_note(by, credit_note_id)
    refunds = RefundLine.objects.filter(credit_note=note).select_related("refund", "reversed_by").order_by("pk")
    return CreditNoteRecord(note, _lines(by, Q(credit_note=note)), list(refunds), reversal_of(note))


def reversal_of(source: Payment | CreditNote) -> Reversal | None:
    """Who took a payment or credit note back, when and why; None where nobody did."""
    if source.reversed_on is None:
        return None
    rows = Reversal.objects.select_related("by")
    return rows.filter(Q(payment=source) if isinstance(source, Payment) else Q(credit_note=source)).first()


def _lines(by: Actor, source: Q) -> list[Allocation]:
    rows = visible_allocations(by).filter(source)
    return list(rows.select_related("invoice__account", "charge", "by", "reversed_by").order_by("on", "pk"))


@dataclass(frozen=True)
class ContractRecord:
    """A contract with its newest invoices and what is open under it."""

    contract: Contract
    invoices: Sequence[Invoice]
    count: int
    invoiced: Decimal
    open_amount: Decimal


def contract_record(by: Actor, contract_id: int) -> ContractRecord:
    """The record of a contract the person sees."""
    contract = get_contract(by, contract_id)
    rows = visible_invoices(by).filter(contract=contract)
    sums = rows.aggregate(count=Count("pk"), invoiced=Sum("amount"), still=Sum("open_amount"))
    newest = list(rows.order_by("-id")[:SHOWN])
    return ContractRecord(contract, newest, sums["count"], sums["invoiced"] or ZERO, sums["still"] or ZERO)


def find_contracts(by: Actor, text: str, *, account_id: int | None = None, limit: int = 8) -> list[Contract]:
    """The few contracts whose number begins so, for a picker."""
    rows = visible_contracts(by).filter(Q(number__startswith=text) | Q(number__startswith=text.upper()))
    rows = rows.filter(account=account_id) if account_id else rows
    return list(rows.select_related("account").order_by("number")[:limit])
