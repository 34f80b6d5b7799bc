"""A complaint stops dunning for the amount it is about, and for no more (C4): which invoice, how much of it."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from core.answers import attempt, saved, show_form
from core.permissions import require
from core.requests import StaffRequest
from core.workdays import today
from dunning.views.shapes import HoldBackForm
from receivables.actions import open_dispute
from receivables.choices import DisputeReason
from receivables.queries import disputable_invoices
from relationships.queries import get_complaint


def hold_back(request: StaffRequest, complaint_id: int) -> HttpResponse:
    """Say which invoice it is about: a dispute in the customer's own words."""
    require(request.user, "receivables.dispute")
    complaint = get_complaint(request.user, complaint_id)
    account = complaint.account
    words = {"title": _("Hold back what it is about"), "subtitle": account.name}
    invoices = disputable_invoices(request.user, account.pk)
    if not invoices:
        return render(request, "dunning/nothing_to_hold_back.html", words)
    known = {"note": complaint.text, "reason": DisputeReason.QUALITY, "on": today()}
    form = HoldBackForm(request.POST or None, invoices=invoices, initial=known)
    if form.is_valid():
        dispute = attempt(form, lambda: open_dispute(by=request.user, **form.cleaned_data))
        if dispute:
            return saved(request, account, _("Dispute noted. Dunning stops for this amount."), changed="money")
    return show_form(
        request, form, **words, use_once=True, cancel_url=account.get_absolute_url(), submit=_("Note the dispute"),
        lead=_("Dunning stops for the disputed amount only; the rest is still asked for."),
    )  # fmt: skip
