"""Settings of the receivables: buckets, thresholds and interest, provision rates, limits of write-offs."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.answers import attempt, given_version, show_conflict
from core.errors import Conflict, NotFound
from core.models import Role
from core.permissions import allowed, require
from core.requests import StaffRequest
from core.workdays import today
from receivables import actions, queries
from receivables.choices import ProvisionBasis
from receivables.forms.settings import LimitForm, RatesForm, RuleForm

VERB = "receivables.set_rules"


def settings(request: StaffRequest) -> HttpResponse:
    """All of them on one page; the limits are the administrator's to change."""
    require(request.user, VERB)
    return _show(request)


@require_POST
def set_rule(request: StaffRequest) -> HttpResponse:
    """Buckets, thresholds, interest. Over somebody's newer edit both versions are shown (409)."""
    require(request.user, VERB)
    rule = queries.receivables_rule()
    form = RuleForm(request.POST, instance=rule)
    if form.is_valid():
        try:
            if attempt(
                form,
                lambda: actions.set_receivables_rule(by=request.user, version=given_version(request), **form.given()),
            ):
                return _saved(request)
        except Conflict as conflict:
            theirs = {name: form.initial.get(name) for name in form.cleaned_data}
            return show_conflict(request, form, conflict, theirs, cancel_url="..")
    return _show(request, rule=form)


@require_POST
def set_rates(request: StaffRequest, basis: str) -> HttpResponse:
    """The provision rates of one basis, from a day on."""
    require(request.user, VERB)
    if basis not in ProvisionBasis:
        raise NotFound
    form = _rates(ProvisionBasis(basis), request.POST)
    if form.is_valid():
        rates, begin = form.given()
        if _done(
            form,
            lambda: actions.set_provision_rates(
                by=request.user, basis=ProvisionBasis(basis), rates=rates, effective_on=begin
            ),
        ):
            return _saved(request)
    return _show(request, rates=form)


@require_POST
def set_limit(request: StaffRequest) -> HttpResponse:
    """Up to what a role may approve write-offs."""
    require(request.user, "settings.manage")
    form = LimitForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        if _done(
            form,
            lambda: actions.set_write_off_limit(
                by=request.user, role=Role(given["role"]), currency=given["currency"], amount=given["amount"]
            ),
        ):
            return _saved(request)
    return _show(request, limit=form)


def _done(form: forms.Form, act: Any) -> bool:
    """Whether the action went through, whatever it returns."""
    return bool(attempt(form, lambda: (act(),)))


def _saved(request: StaffRequest) -> HttpResponse:
    messages.success(request, _("Saved."))
    return redirect("receivables:settings")


def _rates(basis: ProvisionBasis, data: Any = None) -> RatesForm:
    edges = queries.receivables_rule().ageing_edges
    return RatesForm(basis, edges, queries.provision_rates(today())[basis], data)


def _show(request: StaffRequest, *, rule: Any = None, rates: Any = None, limit: Any = None) -> HttpResponse:
    found = queries.receivables_rule()
    known = queries.provision_rates(today())
    context = {
        "rule": rule or RuleForm(instance=found),
        "version": given_version(request) or found.version,
        "rates": [
            rates if rates and rates.basis == basis else RatesForm(basis, found.ageing_edges, known[basis])
            for basis in ProvisionBasis
        ],
        "limits": [{"limit": one, "role": Role(one.role).label} for one in queries.write_off_limits()],
        "limit": limit or LimitForm(),
        "may_set_limits": allowed(request.user, "settings.manage"),
    }
    is_refused = any(form is not None for form in (rule, rates, limit))
    return render(request, "receivables/settings.html", context, status=422 if is_refused else 200)
