"""The provision of a day: what is open × the rate of its age or grade; kept by one person, approved by another."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.errors import DomainError
from core.permissions import allowed, require
from core.requests import StaffRequest
from receivables import actions, queries
from receivables.choices import ProvisionBasis
from receivables.forms.invoices import as_percent
from receivables.forms.settings import ProvisionForm
from receivables.views.dashboard import default_currency, rows_url


def provision(request: StaffRequest) -> HttpResponse:
    """The matrix of a day; working it out keeps it, another person approves it (assurance §2.3)."""
    _may_see_provision(request)
    form = ProvisionForm(request.GET)
    on, basis, currency = form.chosen(default_currency())
    matrix = queries.provision_matrix(request.user, on=on, basis=basis, currency=currency)
    context = {
        "form": ProvisionForm({"on": on, "basis": basis, "currency": currency}),
        "matrix": matrix,
        "lines": [
            {"line": line, "percent": as_percent(line.rate), "url": rows_url(line.query)} for line in matrix.lines
        ],
        "runs": list(queries.provision_runs(request.user)[:50]),
        "address": urlencode({"on": on.isoformat(), "basis": basis, "currency": currency}),
        "may_run": allowed(request.user, "receivables.provision"),
        "may_approve": allowed(request.user, "receivables.approve_provision"),
    }
    return render(request, "receivables/provision.html", context)


@require_POST
def run_provision(request: StaffRequest) -> HttpResponse:
    """Work the matrix out and keep it."""
    require(request.user, "receivables.provision")
    form = ProvisionForm(request.POST)
    on, basis, currency = form.chosen(default_currency())
    try:
        actions.run_provision(by=request.user, on=on, basis=ProvisionBasis(basis), currency=currency)
        messages.success(request, _("Worked out. Now somebody else approves it."))
    except DomainError as refusal:
        messages.error(request, str(refusal.message))
    words: dict[str, Any] = {"on": on, "basis": basis, "currency": currency}
    return redirect(f"{reverse('receivables:provision')}?{urlencode(words)}")


@require_POST
def approve_provision(request: StaffRequest, run_id: int) -> HttpResponse:
    """Approve what somebody else worked out."""
    require(request.user, "receivables.approve_provision")
    actions.approve_provision(by=request.user, run_id=run_id)
    messages.success(request, _("Approved."))
    return redirect("receivables:provision")


def _may_see_provision(request: StaffRequest) -> None:
    if not allowed(request.user, "receivables.approve_provision"):
        require(request.user, "receivables.provision")
