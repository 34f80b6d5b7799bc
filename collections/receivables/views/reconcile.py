"""Our open items beside finance's list: bringing the list, what differs, how each difference is explained (C1)."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from core.answers import attempt, saved, show_form
from core.permissions import require
from core.requests import StaffRequest
from core.workdays import today
from receivables import actions, queries
from receivables.choices import Difference
from receivables.forms.settings import ExplainForm, ReconcileForm
from receivables.models import Reconciliation, ReconciliationLine
from receivables.queries.reconciliation import get_line
from receivables.views.dashboard import default_currency

SHOWN = 50


def reconcile(request: StaffRequest) -> HttpResponse:
    """Bring finance's list of a day; below, the comparisons so far."""
    require(request.user, "receivables.reconcile")
    form = ReconcileForm(
        request.POST or None, request.FILES or None, initial={"on": today(), "currency": default_currency()}
    )
    if request.method == "POST" and form.is_valid():
        made = attempt(form, lambda: _compare(request, form))
        if made:
            return saved(
                request, reverse("receivables:reconciliation", args=[made.pk]), _("Compared."), changed="money"
            )
    context = {"form": form, "comparisons": list(queries.reconciliations(request.user)[:SHOWN])}
    return render(request, "receivables/reconcile.html", context, status=422 if form.errors else 200)


def _compare(request: StaffRequest, form: ReconcileForm) -> Reconciliation:
    """The file is read once and not kept: the comparison keeps what differs."""
    given = form.cleaned_data
    sent = given["file"]
    with TemporaryDirectory() as folder:
        path = Path(folder, f"list{Path(sent.name).suffix.lower()}")
        with path.open("wb") as copy:
            for chunk in sent.chunks():
                copy.write(chunk)
        return actions.reconcile_file(
            by=request.user, on=given["on"], currency=given["currency"], path=path, file_name=sent.name
        )


def reconciliation(request: StaffRequest, reconciliation_id: int) -> HttpResponse:
    """One comparison: what agrees, and every difference with its explanation."""
    require(request.user, "receivables.reconcile")
    found = queries.get_reconciliation(request.user, reconciliation_id)
    asked = request.GET.get("difference", "")
    difference = Difference(asked) if asked in Difference else None
    rows = queries.reconciliation_lines(
        request.user, reconciliation_id, difference=difference, unexplained="unexplained" in request.GET
    )
    page = Paginator(rows, SHOWN).get_page(request.GET.get("page"))
    context = {
        "reconciliation": found,
        "sums": queries.difference_sums(request.user, reconciliation_id),
        "views": _views(request.path, asked, "unexplained" in request.GET),
        "page": page,
        "lines": [{"line": line, "gap": (line.theirs or 0) - (line.ours or 0)} for line in page],
        "newer_url": _page_url(request, page.previous_page_number()) if page.has_previous() else "",
        "older_url": _page_url(request, page.next_page_number()) if page.has_next() else "",
    }
    return render(request, "receivables/reconciliation.html", context)


def _views(path: str, asked: str, only_unexplained: bool) -> list[dict[str, Any]]:
    choices = [(_("All"), path, not asked and not only_unexplained)]
    choices += [(str(kind.label), f"{path}?difference={kind.value}", asked == kind) for kind in Difference]
    choices.append((_("Not explained"), f"{path}?unexplained=1", only_unexplained))
    return [{"label": label, "url": url, "current": current} for label, url, current in choices]


def _page_url(request: StaffRequest, number: int) -> str:
    words = request.GET.copy()
    words["page"] = str(number)
    return f"{request.path}?{words.urlencode()}"


def explain_difference(request: StaffRequest, line_id: int) -> HttpResponse:
    """Say how a difference came about."""
    require(request.user, "receivables.reconcile")
    line = get_line(request.user, line_id)
    form = ExplainForm(request.POST or None, initial={"note": line.cleared_note})
    to = reverse("receivables:reconciliation", args=[line.reconciliation_id])
    if form.is_valid():
        done: ReconciliationLine | None = attempt(
            form, lambda: actions.clear_line(by=request.user, line_id=line_id, note=form.cleaned_data["note"])
        )
        if done:
            return saved(request, to, _("Explained."), changed="reconciliation")
    return show_form(
        request,
        form,
        title=_("Explain the difference"),
        subtitle=f"{line.number} · {line.get_difference_display()}",
        submit=_("Save"),
        cancel_url=to,
        use_once=True,
    )
