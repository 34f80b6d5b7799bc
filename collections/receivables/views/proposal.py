"""The proposal beside a payment or credit note: where each cent goes and why, or the open invoices to name amounts for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from core.errors import DomainError, NotFound
from core.permissions import require
from core.requests import StaffRequest
from core.users import Actor
from receivables import queries
from receivables.choices import Part
from receivables.forms.payments import AllocationForm, CreditNoteForm, How, PaymentForm, read_designated
from receivables.models import Payment
from receivables.queries import OpenDebts, Proposal, ProposedLine
from receivables.views.invoice import because

ZERO = Decimal(0)


@dataclass
class Shown:
    """What the template draws: the lines of a rule, or the open invoices with boxes; what remains; why there is none."""

    how: How
    currency: str = ""
    amount: Decimal | None = None
    lines: list[dict[str, Any]] = field(default_factory=list)
    boxes: list[dict[str, Any]] = field(default_factory=list)
    total: Decimal = ZERO
    problem: str = ""
    hint: str = ""
    similar: Sequence[Payment] = ()

    @property
    def left(self) -> Decimal | None:
        """What settles nothing yet; below zero when more is named than there is."""
        return None if self.amount is None else self.amount - self.total

    @property
    def settles(self) -> bool:
        """Whether the action should be asked to settle anything: not where there is nothing to settle."""
        return bool(self.lines or self.boxes or self.problem)

    @property
    def is_too_much(self) -> bool:
        return self.left is not None and self.left < 0


def propose_payment(request: StaffRequest) -> HttpResponse:
    """The proposal for the payment that is being typed; the page asks again after every change."""
    require(request.user, "receivables.record")
    form = PaymentForm(request.GET, by=request.user)
    form.is_valid()
    return _answer(request, form, shown_for_payment(request.user, form))


def propose_credit_note(request: StaffRequest) -> HttpResponse:
    """The same for a credit note."""
    require(request.user, "receivables.record")
    form = CreditNoteForm(request.GET, by=request.user)
    form.is_valid()
    return _answer(request, form, shown_for(request.user, form, on_field="issued_on", charges=False))


def _answer(request: StaffRequest, form: AllocationForm, shown: Shown) -> HttpResponse:
    return render(request, "receivables/_proposal.html", {"proposal": shown, "form": form})


def shown_for_payment(by: Actor, form: PaymentForm) -> Shown:
    """The proposal for a payment, and the payments it may be a second copy of."""
    shown = shown_for(by, form, on_field="received_on")
    facts = form.facts()
    shown.similar = queries.similar_payments(by, **facts) if facts else ()
    return shown


def shown_for(by: Actor, form: AllocationForm, *, on_field: str, charges: bool = True) -> Shown:
    """The proposal for what a form holds so far, however little that is."""
    given = getattr(form, "cleaned_data", None) or dict(form.initial)
    shown = Shown(form.chosen, given.get("currency") or form["currency"].value(), given.get("amount"))
    account, on = given.get("account"), given.get(on_field)
    if account is None:
        shown.hint = _("Choose the customer to see where the money would go.")
    elif shown.how == How.LATER:
        shown.hint = _("It stays unallocated until somebody says where it goes.")
    elif shown.how != How.DESIGNATED and (shown.amount is None or on is None):
        shown.hint = _("Enter amount and day to see where the money would go.")
    elif shown.currency:
        words = given.get("designation") or ""
        fill(shown, by, account.pk, on, named=read_designated(form.data)[0], words=words, charges=charges)
    return shown


def shown_rest(by: Actor, form: AllocationForm, *, account_id: int, currency: str, rest: Decimal, on: date,
               words: str = "", charges: bool = True) -> Shown:  # fmt: skip
    """The proposal for the rest of a payment or credit note that is there already."""
    shown = Shown(form.chosen, currency, rest)
    fill(shown, by, account_id, on, named=read_designated(form.data)[0], words=words, charges=charges)
    return shown


def fill(
    shown: Shown,
    by: Actor,
    account_id: int,
    on: date | None,
    *,
    named: Mapping[int, Decimal],
    words: str,
    charges: bool,
) -> None:
    """Work the proposal out; what cannot be is said in the proposal's place."""
    debts = queries.open_debts(by, account_id, shown.currency, charges=charges)
    if not debts.invoices:
        shown.hint = _("Nothing is open in this currency: the money stays unallocated.")
        return
    if shown.how == How.DESIGNATED:
        shown.boxes = _boxes(debts, named, on)
        shown.total = sum(named.values(), ZERO)
        return
    if shown.amount is None or on is None:
        return
    try:
        found = queries.propose(shown.amount, debts, on=on, rule=shown.how.rule, words=words)
    except NotFound:
        raise
    except DomainError as refusal:
        shown.problem = str(refusal.message)
        return
    shown.lines = _lines(found, on)
    shown.total = found.total


def _lines(found: Proposal, on: date) -> list[dict[str, Any]]:
    return [_line(line, on) for line in found.lines]


def _line(line: ProposedLine, on: date) -> dict[str, Any]:
    rest = (line.charge.open_amount if line.charge else line.invoice.open_amount) - line.amount
    return {
        "invoice": line.invoice,
        "part": "" if line.part == Part.PRINCIPAL else Part(line.part).label,
        "amount": line.amount,
        "because": because(line.because),
        "rule": line.rule.label,
        "late": max(0, (on - line.invoice.due_on).days),
        "rest": rest,
    }


def _boxes(debts: OpenDebts, named: Mapping[int, Decimal], on: date | None) -> list[dict[str, Any]]:
    """The open invoices, the oldest due first, with what was typed beside them."""
    invoices = sorted(debts.invoices.values(), key=lambda invoice: (invoice.due_on, invoice.pk))
    return [
        {
            "invoice": invoice,
            "open": debts.open_of(invoice),
            "value": named.get(invoice.pk),
            "late": max(0, (on - invoice.due_on).days) if on else 0,
            "is_too_much": named.get(invoice.pk, ZERO) > debts.open_of(invoice),
        }
        for invoice in invoices
    ]
