"""Money that came in: entering it with its allocation, saying whose it is, taking it back; refunds."""

from __future__ import annotations

from decimal import Decimal
from functools import partial
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from core.answers import FORM_ID, attempt, saved, show_form
from core.money import format_money
from core.permissions import require
from core.requests import StaffRequest
from core.workdays import today
from receivables import actions, queries
from receivables.choices import Flow
from receivables.forms.payments import AssignForm, PaymentForm, RefundForm, RestForm, ReverseForm
from receivables.queries import PaymentRecord
from receivables.views.proposal import shown_for_payment
from receivables.views.sources import allocate_rest, beginning, left_figure, refund_line, reverse_source, source_line

CHANGED = "payment"


def record_payment(request: StaffRequest) -> HttpResponse:
    """Enter what came in and see at once where it goes; `?account=7&currency=CNY` begin it."""
    require(request.user, "receivables.record")
    form = PaymentForm(request.POST or None, by=request.user, initial=beginning(request) | {"received_on": today()})
    is_whole = form.is_valid()
    shown = shown_for_payment(request.user, form)
    if is_whole:
        given = form.given() if shown.settles else form.unallocated()
        recorded = attempt(form, lambda: actions.record_payment(by=request.user, **given))
        if recorded:
            return saved(request, recorded, _("Payment recorded."), changed=CHANGED, go=True)
    form.auto_id = FORM_ID
    context = {
        "form": form,
        "proposal": shown,
        "proposal_url": reverse("receivables:propose_payment"),
        "cancel_url": reverse("receivables:list_payments"),
        "paper": _("What came in"),
        "title": _("Record a payment"),
        "submit": _("Record payment"),
    }
    return render(request, "receivables/record_money.html", context, status=422 if form.errors else 200)


def payment(request: StaffRequest, payment_id: int) -> HttpResponse:
    """One receipt or refund: where it went, what is left."""
    record = queries.payment_record(request.user, payment_id)
    subject = record.payment
    names = ("allocate_payment", "assign_payment", "reverse_payment")
    context = {
        "payment": subject,
        "record": record,
        "is_refund": subject.flow == Flow.REFUND,
        "urls": {name: reverse(f"receivables:{name}", args=[subject.pk]) for name in names},
        "figures": _figures(record),
        "ledger": [source_line(row) for row in record.allocations],
        "refunds": [refund_line(row) for row in record.refunds],
    }
    return render(request, "receivables/payment.html", context)


def _figures(record: PaymentRecord) -> list[dict[str, Any]]:
    subject = record.payment
    settled = sum((row.amount for row in record.allocations), Decimal(0))
    figures = [{"label": _("Amount"), "value": format_money(subject.amount, subject.currency), "tone": ""}]
    if subject.flow == Flow.RECEIPT:
        figures += [
            {"label": _("Settles"), "value": format_money(settled, subject.currency), "tone": ""},
            left_figure(subject),
        ]
    return figures


def allocate_payment(request: StaffRequest, payment_id: int) -> HttpResponse:
    """Say where the rest of a receipt goes."""
    require(request.user, "receivables.allocate")
    subject = queries.get_payment(request.user, payment_id)
    act = partial(actions.allocate_payment, by=request.user, payment_id=payment_id)
    return allocate_rest(
        request, subject, RestForm, act, changed=CHANGED, on=subject.received_on, words=subject.designation
    )


def assign_payment(request: StaffRequest, payment_id: int) -> HttpResponse:
    """Say whose a receipt is that came without a known payer."""
    require(request.user, "receivables.record")
    subject = queries.get_payment(request.user, payment_id)
    form = AssignForm(request.POST or None, by=request.user)
    if form.is_valid():
        account = form.cleaned_data["account"]
        assigned = attempt(
            form, lambda: actions.assign_payment(by=request.user, payment_id=payment_id, account_id=account.pk)
        )
        if assigned:
            to = reverse("receivables:allocate_payment", args=[payment_id])
            return saved(request, to, _("Found. Now say what it settles."), changed=CHANGED, go=True)
    amount = format_money(subject.amount, subject.currency)
    return show_form(
        request,
        form,
        title=_("Whose money is it?"),
        subtitle=" · ".join(filter(None, [amount, subject.payer, subject.reference])),
        lead=_("Once said it cannot be changed: it could only be reversed and entered anew."),
        submit=_("It is theirs"),
        cancel_url=subject.get_absolute_url(),
        use_once=True,
    )


def reverse_payment(request: StaffRequest, payment_id: int) -> HttpResponse:
    """Take a payment back, whole: what it settled is open again."""
    require(request.user, "receivables.reverse")
    subject = queries.get_payment(request.user, payment_id)
    act = partial(actions.reverse_payment, by=request.user, payment_id=payment_id)
    return reverse_source(
        request, subject, act, changed=CHANGED, title=_("Reverse the payment"),
        lead=_("It is taken back once and whole; what it settled is open again. The rows stay."),
    )  # fmt: skip


def reverse_allocation(request: StaffRequest, allocation_id: int) -> HttpResponse:
    """Take one line back: the invoice is open again by it, the money can settle another."""
    require(request.user, "receivables.reverse")
    row = queries.get_allocation(request.user, allocation_id)
    form = ReverseForm(request.POST or None)
    form.fields.pop("on")
    if form.is_valid():
        undone = attempt(
            form,
            lambda: actions.reverse_allocation(
                by=request.user, allocation_id=allocation_id, reason=form.cleaned_data["reason"]
            ),
        )
        if undone:
            changed = "invoice" if request.htmx and "/invoices/" in (request.htmx.current_url or "") else CHANGED
            return saved(request, row.invoice, _("Taken back."), changed=changed)
    return show_form(
        request,
        form,
        title=_("Take this line back"),
        subtitle=f"{row.invoice} · {format_money(row.amount, row.invoice.currency)}",
        submit=_("Take it back"),
        submit_class="btn-danger",
        cancel_url=row.invoice.get_absolute_url(),
        use_once=True,
    )


def record_refund(request: StaffRequest) -> HttpResponse:
    """Enter money paid back; it is drawn from what the customer has unallocated."""
    require(request.user, "receivables.record")
    form = RefundForm(request.POST or None, by=request.user, initial=beginning(request) | {"paid_on": today()})
    if form.is_valid():
        recorded = attempt(form, lambda: actions.record_refund(by=request.user, **form.given()))
        if recorded:
            return saved(request, recorded, _("Refund recorded."), changed=CHANGED, go=True)
    return show_form(
        request,
        form,
        title=_("Record a refund"),
        lead=_("It is drawn from the customer’s unallocated payments, then from his credit notes, the oldest first."),
        submit=_("Record refund"),
        cancel_url=reverse("receivables:list_payments"),
        use_once=True,
    )
