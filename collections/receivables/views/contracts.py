"""Contracts: what was agreed about paying, and the invoices under each."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from core.answers import attempt, given_version, saved, show_conflict, show_form
from core.errors import Conflict
from core.money import format_money
from core.permissions import require
from core.requests import StaffRequest
from core.workdays import today
from receivables import actions, queries
from receivables.forms.invoices import ContractForm, as_percent
from receivables.views.sources import beginning


def contract(request: StaffRequest, contract_id: int) -> HttpResponse:
    """What was agreed, and the invoices under it."""
    record = queries.contract_record(request.user, contract_id)
    subject = record.contract
    figures: list[dict[str, Any]] = [
        {"label": _("Worth"), "value": format_money(subject.amount, subject.currency)},
        {"label": _("Invoiced"), "value": format_money(record.invoiced, subject.currency)},
        {"label": _("Open"), "value": format_money(record.open_amount, subject.currency)},
    ]
    context = {
        "contract": subject,
        "record": record,
        "figures": figures,
        "percent": as_percent(subject.interest_per_day),
        "edit_url": reverse("receivables:edit_contract", args=[subject.pk]),
        "rows_url": f"{reverse('receivables:list_invoices')}?contract={subject.pk}",
        "on": today(),
    }
    return render(request, "receivables/contract.html", context)


def record_contract(request: StaffRequest) -> HttpResponse:
    """Enter what was agreed about paying."""
    require(request.user, "receivables.record")
    form = ContractForm(request.POST or None, by=request.user, initial=beginning(request))
    if form.is_valid():
        recorded = attempt(form, lambda: actions.record_contract(by=request.user, **form.given()))
        if recorded:
            return saved(request, recorded, _("Contract recorded."), changed="contract", go=True)
    return show_form(
        request,
        form,
        title=_("Enter a contract"),
        submit=_("Record contract"),
        cancel_url=reverse("receivables:list_contracts"),
        use_once=True,
    )


def edit_contract(request: StaffRequest, contract_id: int) -> HttpResponse:
    """Change what is known of a contract. Over somebody's newer edit both versions are shown (409)."""
    require(request.user, "receivables.record")
    subject = queries.get_contract(request.user, contract_id)
    form = ContractForm(request.POST or None, by=request.user, instance=subject)
    if form.is_valid():
        try:
            edited = attempt(
                form,
                lambda: actions.edit_contract(
                    by=request.user, contract_id=contract_id, version=given_version(request), **form.given()
                ),
            )
        except Conflict as conflict:
            theirs = {name: form.initial.get(name) for name in form.cleaned_data}
            return show_conflict(request, form, conflict, theirs, cancel_url=subject.get_absolute_url())
        if edited:
            return saved(request, edited, _("Saved."), changed="contract")
    return show_form(
        request,
        form,
        title=_("Edit contract"),
        subtitle=f"{subject} · {subject.account}",
        submit=_("Save"),
        cancel_url=subject.get_absolute_url(),
        version=given_version(request) or subject.version,
    )
