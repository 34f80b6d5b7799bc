"""Credit notes: entering one with what it lowers, its page, its rest, taking it back."""

from __future__ import annotations

from functools import partial

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from core.answers import FORM_ID, attempt, saved
from core.money import format_money
from core.permissions import require
from core.requests import StaffRequest
from core.workdays import today
from receivables import actions, queries
from receivables.forms.payments import CreditNoteForm, How, RestForm
from receivables.views.proposal import shown_for
from receivables.views.sources import allocate_rest, beginning, left_figure, refund_line, reverse_source, source_line

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
    context = {
        "credit_note": subject,
        "record": record,
        "urls": {name: reverse(f"receivables:{name}", args=[subject.pk]) for name in names},
        "figures": [
            {"label": _("Amount"), "value": format_money(subject.amount, subject.currency), "tone": ""},
            left_figure(subject),
        ],
        "ledger": [source_line(row) for row in record.allocations],
        "refunds": [refund_line(row) for row in record.refunds],
    }
    return render(request, "receivables/credit_note.html", context)


def allocate_credit_note(request: StaffRequest, credit_note_id: int) -> HttpResponse:
    """Say which invoices the rest of a credit note lowers."""
    require(request.user, "receivables.allocate")
    subject = queries.get_credit_note(request.user, credit_note_id)
    act = partial(actions.allocate_credit_note, by=request.user, credit_note_id=credit_note_id)
    return allocate_rest(request, subject, CreditRestForm, act, changed=CHANGED, on=subject.issued_on, charges=False)


def reverse_credit_note(request: StaffRequest, credit_note_id: int) -> HttpResponse:
    """Take a credit note back, whole."""
    require(request.user, "receivables.reverse")
    subject = queries.get_credit_note(request.user, credit_note_id)
    act = partial(actions.reverse_credit_note, by=request.user, credit_note_id=credit_note_id)
    return reverse_source(
        request, subject, act, changed=CHANGED, title=_("Reverse the credit note"),
        lead=_("It is taken back once and whole; what it lowered is open again. The rows stay."),
    )  # fmt: skip
