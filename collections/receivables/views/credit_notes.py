"""Credit notes: entering one with what it lowers, its page, its rest, taking it back."""

from __future__ import annotations

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
from receivables.forms.payments import CreditNoteForm, How, RestForm, ReverseForm
from receivables.views.payments import beginning, refund_line, source_line
from receivables.views.proposal import shown_for, shown_rest

CHANGED = "credit-note"


class CreditRestForm(RestForm):
    """Where the rest of a credit note goes."""

    OFFERED = (How.BY_RULE, How.DESIGNATED)


def record_credit_note(request: StaffRequest) -> HttpResponse:
    """Enter a credit note and see which invoices it lowers."""
    require(request.user, "receivables.record")
    form = CreditNoteForm(request.POST or None, by=request.user, initial=beginning(request) | {"issued_on": today()})
    is_whole = form.is_valid()
    shown = shown_for(request.user, form, on_field="issued_on", charges=False)
    if is_whole:
        given = form.given() if shown.settles else form.unallocated()
        recorded = attempt(form, lambda: actions.record_credit_note(by=request.user, **given))
        if recorded:
            return saved(request, recorded, _("Credit note recorded."), changed=CHANGED, go=True)
    form.auto_id = FORM_ID
    context = {
        "form": form,
        "proposal": shown,
        "proposal_url": reverse("receivables:propose_credit_note"),
        "cancel_url": reverse("receivables:list_credit_notes"),
        "paper": _("What is credited"),
        "title": _("Enter a credit note"),
        "submit": _("Record credit note"),
    }
    return render(request, "receivables/record_money.html", context, status=422 if form.errors else 200)


def credit_note(request: StaffRequest, credit_note_id: int) -> HttpResponse:
    """One credit note: which invoices it lowered, what is left."""
    record = queries.credit_note_record(request.user, credit_note_id)
    subject = record.credit_note
    names = ("allocate_credit_note", "reverse_credit_note")
    left = subject.unallocated
    context = {
        "credit_note": subject,
        "record": record,
        "urls": {name: reverse(f"receivables:{name}", args=[subject.pk]) for name in names},
        "figures": [
            {"label": _("Amount"), "value": format_money(subject.amount, subject.currency), "tone": ""},
            {
                "label": _("Not allocated"),
                "value": format_money(left, subject.currency),
                "tone": "warn" if left else "good",
            },
        ],
        "ledger": [source_line(row) for row in record.allocations],
        "refunds": [refund_line(row) for row in record.refunds],
    }
    return render(request, "receivables/credit_note.html", context)


def allocate_credit_note(request: StaffRequest, credit_note_id: int) -> HttpResponse:
    """Say which invoices the rest of a credit note lowers."""
    require(request.user, "receivables.allocate")
    subject = queries.get_credit_note(request.user, credit_note_id)
    if not subject.unallocated:
        return saved(request, subject, _("There is nothing to allocate."), changed=CHANGED, go=True)
    if request.method == "POST":
        form = CreditRestForm(request.POST)
    else:
        form = CreditRestForm(request.GET if "how" in request.GET else None, initial={"seen": subject.unallocated})
    if request.method == "POST" and form.is_valid():
        seen = form.cleaned_data["seen"]
        done = attempt(
            form,
            lambda: actions.allocate_credit_note(
                by=request.user, credit_note_id=credit_note_id, seen=seen, **form.allocation()
            ),
        )
        if done:
            return saved(request, subject, _("Allocated."), changed=CHANGED, go=True)
    form.auto_id = FORM_ID
    shown = shown_rest(
        request.user, form, account_id=subject.account_id, currency=subject.currency, rest=subject.unallocated,
        on=subject.issued_on, charges=False,
    )  # fmt: skip
    if request.method == "GET" and request.htmx and "how" in request.GET:
        return render(request, "receivables/_proposal.html", {"proposal": shown})
    context = {
        "form": form,
        "proposal": shown,
        "proposal_url": request.path,
        "subject": subject,
        "account": subject.account,
        "rest": subject.unallocated,
        "cancel_url": subject.get_absolute_url(),
        "title": _("Allocate"),
        "submit": _("Allocate"),
    }
    status = 422 if request.method == "POST" and form.errors else 200
    return render(request, "receivables/allocate_rest.html", context, status=status)


def reverse_credit_note(request: StaffRequest, credit_note_id: int) -> HttpResponse:
    """Take a credit note back, whole."""
    require(request.user, "receivables.reverse")
    subject = queries.get_credit_note(request.user, credit_note_id)
    form = ReverseForm(request.POST or None)
    if form.is_valid():
        undone = attempt(
            form,
            lambda: actions.reverse_credit_note(by=request.user, credit_note_id=credit_note_id, **form.cleaned_data),
        )
        if undone:
            return saved(request, subject, _("Reversed."), changed=CHANGED)
    return show_form(
        request,
        form,
        title=_("Reverse the credit note"),
        subtitle=f"{subject} · {format_money(subject.amount, subject.currency)}",
        lead=_("It is taken back once and whole; what it lowered is open again. The rows stay."),
        submit=_("Reverse it"),
        submit_class="btn-danger",
        cancel_url=subject.get_absolute_url(),
        use_once=True,
    )
