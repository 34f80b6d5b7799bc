"""What is done to one invoice, each in a side sheet: entering, papers, disputes, write-offs, claims, grade."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.queries import get_account
from core.answers import attempt, saved, show_form
from core.money import format_money
from core.permissions import require
from core.requests import StaffRequest
from core.workdays import today
from receivables import actions, queries
from receivables.actions.invoices import interest_until
from receivables.choices import Decision, Grade
from receivables.forms.invoices import (
    ChargeForm,
    DecisionForm,
    DisputeForm,
    GradeForm,
    InterestForm,
    InvoiceForm,
    PapersForm,
    ResolveForm,
    WriteOffForm,
)
from receivables.forms.payments import ReverseForm
from receivables.models import Invoice

CHANGED = "invoice"


def record_invoice(request: StaffRequest) -> HttpResponse:
    """Enter a debt by hand; `?account=7` fills in the customer."""
    require(request.user, "receivables.record")
    account = request.GET.get("account", "")
    initial: dict[str, Any] = {"issued_on": today()}
    if account.isdigit():
        initial["account"] = get_account(request.user, int(account))
    form = InvoiceForm(request.POST or None, by=request.user, initial=initial)
    if form.is_valid():
        recorded = attempt(form, lambda: actions.record_invoice(by=request.user, **form.given()))
        if recorded:
            return saved(request, recorded, _("Invoice recorded."), changed=CHANGED, go=True)
    return show_form(
        request,
        form,
        title=_("Enter an invoice"),
        lead=_("It cannot be changed afterwards: a mistake is credited."),
        submit=_("Record invoice"),
        cancel_url=reverse("receivables:list_invoices"),
        use_once=True,
    )


def set_papers(request: StaffRequest, invoice_id: int) -> HttpResponse:
    """How far the papers have come, which are missing, when money is expected (C5)."""
    invoice = _invoice(request, invoice_id, "receivables.record")
    form = PapersForm(
        request.POST or None,
        initial={name: getattr(invoice, name) for name in PapersForm.base_fields},
    )
    return _sheet(
        request,
        invoice,
        form,
        partial(actions.set_papers, by=request.user, invoice_id=invoice_id),
        done=_("Papers noted."),
        title=_("Papers"),
        submit=_("Save"),
    )


def open_dispute(request: StaffRequest, invoice_id: int) -> HttpResponse:
    """Note that the customer does not accept a part of it."""
    invoice = _invoice(request, invoice_id, "receivables.dispute")
    form = DisputeForm(request.POST or None, initial={"on": today()})
    return _sheet(
        request,
        invoice,
        form,
        partial(actions.open_dispute, by=request.user, invoice_id=invoice_id),
        done=_("Dispute noted. Dunning stops for this amount."),
        title=_("Note a dispute"),
        lead=_("Dunning stops for the disputed amount only; the rest is still asked for."),
        submit=_("Note the dispute"),
    )


def resolve_dispute(request: StaffRequest, dispute_id: int) -> HttpResponse:
    """Say how a dispute ended."""
    require(request.user, "receivables.dispute")
    dispute = queries.get_dispute(request.user, dispute_id)
    form = ResolveForm(request.POST or None, initial={"on": today()})
    return _sheet(
        request,
        dispute.invoice,
        form,
        partial(actions.resolve_dispute, by=request.user, dispute_id=dispute_id),
        done=_("Dispute closed."),
        title=_("Close the dispute"),
        subtitle=f"{dispute.invoice} · {format_money(dispute.amount, dispute.invoice.currency)} · {dispute.get_reason_display()}",
        lead=_("A credit or payment that follows from it is entered on its own."),
        submit=_("Close the dispute"),
    )


def request_write_off(request: StaffRequest, invoice_id: int) -> HttpResponse:
    """Ask that a part be given up in the books; somebody else decides."""
    invoice = _invoice(request, invoice_id, "receivables.request_write_off")
    form = WriteOffForm(request.POST or None, initial={"amount": invoice.open_amount})
    return _sheet(
        request,
        invoice,
        form,
        partial(actions.request_write_off, by=request.user, invoice_id=invoice_id),
        done=_("Sent for approval."),
        title=_("Ask for a write-off"),
        lead=_("Nothing changes until somebody else approves it. The claim itself goes on afterwards."),
        submit=_("Ask for it"),
    )


def decide_write_off(request: StaffRequest, write_off_id: int) -> HttpResponse:
    """Approve or refuse what somebody else asked for."""
    require(request.user, "receivables.approve_write_off")
    write_off = queries.get_write_off(request.user, write_off_id)
    form = DecisionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        approve = "approve" in request.POST
        decided = attempt(
            form,
            lambda: actions.decide_write_off(
                by=request.user, write_off_id=write_off_id, approve=approve, because=form.cleaned_data["because"]
            ),
        )
        if decided:
            told = _("Written off.") if decided.decision == Decision.APPROVED else _("Refused.")
            return saved(request, decided.invoice, told, changed=CHANGED)
    invoice = write_off.invoice
    limit = queries.write_off_limit(request.user, invoice.currency)
    return show_form(
        request,
        form,
        "receivables/decide_write_off.html",
        write_off=write_off,
        invoice=invoice,
        limit=limit,
        is_above=limit is None or write_off.amount > limit,
        is_own=write_off.by_id == request.user.pk,
        title=_("Write-off"),
        subtitle=f"{invoice} · {invoice.account}",
        cancel_url=reverse("receivables:approvals"),
        use_once=True,
    )


def reverse_write_off(request: StaffRequest, write_off_id: int) -> HttpResponse:
    """Take an approved write-off back: the invoice is open again."""
    require(request.user, "receivables.reverse")
    write_off = queries.get_write_off(request.user, write_off_id)
    form = ReverseForm(request.POST or None)
    return _sheet(
        request,
        write_off.invoice,
        form,
        partial(actions.reverse_write_off, by=request.user, write_off_id=write_off_id),
        done=_("The invoice is open again."),
        title=_("Take the write-off back"),
        subtitle=f"{write_off.invoice} · {format_money(write_off.amount, write_off.invoice.currency)}",
        submit=_("Take it back"),
        submit_class="btn-danger",
    )


def grade_invoice(request: StaffRequest, invoice_id: int) -> HttpResponse:
    """Confirm the grade the rule proposes, or overrule it with a reason (C3)."""
    require(request.user, "receivables.grade")
    record = queries.grade_record(request.user, invoice_id, on=today())
    form = GradeForm(request.POST or None, initial={"grade": record.proposed, "seen": record.grade})
    if form.is_valid():
        given = form.cleaned_data
        graded = attempt(
            form,
            lambda: actions.grade_invoice(
                by=request.user,
                invoice_id=invoice_id,
                grade=Grade(given["grade"]),
                note=given["note"],
                seen=Grade(given["seen"]),
            ),
        )
        if graded:
            return saved(request, record.invoice, _("Grade set."), changed=CHANGED)
    return show_form(
        request,
        form,
        "receivables/grade_invoice.html",
        record=record,
        proposed_reasons=[reason.label for reason in record.reasons],
        chosen=form["grade"].value(),
        grades=[(grade.value, grade.label, grade == record.proposed) for grade in Grade],
        title=_("Grade"),
        subtitle=f"{record.invoice} · {record.invoice.account}",
        submit=_("Set the grade"),
        cancel_url=record.invoice.get_absolute_url(),
        use_once=True,
    )


def add_charge(request: StaffRequest, invoice_id: int) -> HttpResponse:
    """Claim costs beside an invoice: court, lawyer, postage."""
    invoice = _invoice(request, invoice_id, "receivables.record")
    form = ChargeForm(request.POST or None, initial={"on": today()})
    return _sheet(
        request,
        invoice,
        form,
        partial(actions.add_charge, by=request.user, invoice_id=invoice_id),
        done=_("Costs claimed."),
        title=_("Claim costs"),
        lead=_("Payments settle costs and interest before the principal (Civil Code 561)."),
        submit=_("Claim"),
    )


def claim_interest(request: StaffRequest, invoice_id: int) -> HttpResponse:
    """Claim the late interest that has run so far, less what was claimed before."""
    invoice = _invoice(request, invoice_id, "receivables.record")
    form = InterestForm(request.POST or None, initial={"on": today()})
    run = format_money(interest_until(invoice, today()), invoice.currency)
    return _sheet(
        request,
        invoice,
        form,
        partial(actions.claim_interest, by=request.user, invoice_id=invoice_id),
        done=_("Interest claimed."),
        title=_("Claim interest"),
        lead=_("Until today %(amount)s have run; what was claimed before is taken off.") % {"amount": run},
        submit=_("Claim"),
    )


def _invoice(request: StaffRequest, invoice_id: int, verb: str) -> Invoice:
    require(request.user, verb)
    return queries.get_invoice(request.user, invoice_id)


def _sheet(
    request: StaffRequest, invoice: Invoice, form: forms.Form, act: Callable[..., Any], *, done: str, **words: Any
) -> HttpResponse:
    """A form about an invoice, `act(**what was typed)`: saved, the page behind draws itself again; refused, all stays."""
    if form.is_valid() and attempt(form, lambda: act(**form.cleaned_data)):
        return saved(request, invoice, done, changed=CHANGED)
    words = {"subtitle": f"{invoice} · {invoice.account}", "cancel_url": invoice.get_absolute_url()} | words
    return show_form(request, form, use_once=True, **words)
