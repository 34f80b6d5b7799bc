"""The ageing as a table, as of any day: by account, owner, team or grade; by days past due or by account age (C2)."""

from __future__ import annotations

from typing import Any, get_args

from django.http import StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from core import exports
from core.permissions import allowed
from core.requests import StaffRequest
from receivables import queries
from receivables.queries import Ageing, AgeLine
from receivables.queries.age_sums import AgeBasis, AgeGroup
from receivables.queries.ageing import PAGE
from receivables.views.dashboard import currency_tabs, default_currency, rows_url, selection_form

EXPORTED = 100_000
"""Lines of an export: more than there are customers with open items."""


def ageing(request: StaffRequest) -> HttpResponseBase:
    """One page of lines, the totals of the currency below; every amount opens its invoices."""
    form = selection_form(request)
    basis: AgeBasis = "age" if request.GET.get("basis") == "age" else "overdue"
    asked = request.GET.get("group", "")
    group: AgeGroup = asked if asked in get_args(AgeGroup) and asked != "none" else "account"  # type: ignore[assignment]
    whole = queries.ageing(request.user, on=form.on, basis=basis, group="none", selection=form.selection())
    currencies = sorted((line.currency for line in whole.totals), key=lambda code: (code != default_currency(), code))
    chosen = request.GET.get("currency", "")
    currency = chosen if chosen in currencies else (currencies[0] if currencies else default_currency())
    report = queries.ageing(
        request.user, on=form.on, basis=basis, group=group, currency=currency, selection=form.selection(),
        after=request.GET.get("after", ""), limit=EXPORTED if "export" in request.GET else PAGE,
    )  # fmt: skip
    words = {**form.words, "currency": currency, "basis": basis, "group": group}
    if request.GET.get("export") == "csv":
        return _export(request, report, words)
    context = {
        "form": form,
        "on": form.on,
        "is_past": form.is_past,
        "clear_url": request.path if form.words else "",
        "kept": [(name, value) for name, value in words.items() if name in {"currency", "basis", "group"}],
        "tabs": currency_tabs(request.path, {k: v for k, v in words.items() if k != "currency"}, currencies, currency),
        "groups": [_choice(request.path, words, "group", one, label) for one, label in _group_names()],
        "bases": [_choice(request.path, words, "basis", one, label) for one, label in _basis_names()],
        "report": report,
        "rows": [_row(line, group) for line in report.lines],
        "totals": [_row(line, "none") for line in report.totals],
        "is_overdue_basis": basis == "overdue",
        "export_url": f"{request.path}?{urlencode({**words, 'export': 'csv'})}"
        if allowed(request.user, "exports.run")
        else "",
        "older_url": f"{request.path}?{urlencode({**words, 'after': report.after})}" if report.after else "",
        "newer_url": f"{request.path}?{urlencode(words)}" if request.GET.get("after") else "",
    }
    return render(request, "receivables/ageing.html", context)


def _export(request: StaffRequest, report: Ageing, words: dict[str, Any]) -> HttpResponseBase:
    """The lines to the cent, as CSV."""
    exports.record_export(by=request.user, list_key="ageing", format="csv", filters=words)
    heading = [
        words["group"], _("Currency"), *(bucket.label for bucket in report.buckets), _("Open"), _("Overdue"), _("Disputed"),
        _("Not applied"),
    ]  # fmt: skip
    rows = (
        [line.label, line.currency, *line.amounts, line.total, line.overdue, line.disputed, line.unapplied]
        for line in report.lines
    )
    response = StreamingHttpResponse(
        iter(list(exports.csv_lines(heading, rows))), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = f'attachment; filename="ageing-{report.on.isoformat()}.csv"'
    return response


def _group_names() -> list[tuple[str, str]]:
    return [("account", _("Account")), ("owner", _("Owner")), ("team", _("Team")), ("grade", _("Grade"))]


def _basis_names() -> list[tuple[str, str]]:
    return [("overdue", _("Days past due")), ("age", _("Account age"))]


def _choice(path: str, words: dict[str, Any], name: str, value: str, label: str) -> dict[str, Any]:
    return {"label": label, "url": f"{path}?{urlencode({**words, name: value})}", "current": words[name] == value}


def _row(line: AgeLine, group: AgeGroup) -> dict[str, Any]:
    return {
        "line": line,
        "url": reverse("accounts:account", args=[line.key]) if group == "account" and line.key else "",
        "rows_url": rows_url(line.query),
        "cells": [(cell, rows_url(cell.query)) for cell in line.cells],
    }
