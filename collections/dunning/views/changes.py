"""Sheets of the call screen: papers, goal and hours, holding back."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from core.answers import attempt, saved, show_form
from core.errors import DomainError
from core.permissions import require
from core.requests import StaffRequest
from dunning import actions, queries
from dunning.forms import CaseForm, PapersForm, PauseForm
from receivables.choices import Paper, Papers


def edit_case(request: StaffRequest, account_id: int) -> HttpResponse:
    """Our goal and minimum, their hours and time zone, whether they may be contacted at all."""
    require(request.user, "dunning.collect")
    case = queries.get_case(request.user, account_id)
    form = CaseForm(request.POST or None, instance=case)
    if form.is_valid():
        done = attempt(form, lambda: actions.set_case(by=request.user, account_id=account_id, **form.cleaned_data))
        if done:
            return saved(request, _call_url(account_id), _("Saved."), changed="call")
    return show_form(
        request,
        form,
        title=_("Goal and hours"),
        subtitle=str(case.account),
        submit=_("Save"),
        cancel_url=_call_url(account_id),
    )


def pause_case(request: StaffRequest, account_id: int) -> HttpResponse:
    """No dunning before a day, with the reason."""
    require(request.user, "dunning.collect")
    case = queries.get_case(request.user, account_id)
    form = PauseForm(request.POST or None, initial={"until": case.paused_until, "reason": case.paused_because})
    if form.is_valid():
        done = attempt(form, lambda: actions.pause_case(by=request.user, account_id=account_id, **form.cleaned_data))
        if done:
            return saved(request, _call_url(account_id), _("Dunning is held."), changed="call")
    return show_form(
        request,
        form,
        title=_("Hold dunning"),
        subtitle=str(case.account),
        submit=_("Hold"),
        cancel_url=_call_url(account_id),
    )


def resume_case(request: StaffRequest, account_id: int) -> HttpResponse:
    """Go on with dunning."""
    require(request.user, "dunning.collect")
    queries.get_case(request.user, account_id)
    if request.method == "POST":
        actions.resume_case(by=request.user, account_id=account_id)
    return redirect("dunning:call", account_id=account_id)


def fix_papers(request: StaffRequest, account_id: int) -> HttpResponse:
    """The papers of the overdue invoices, all on one sheet (C5): only what has been received can be asked for."""
    require(request.user, "receivables.record")
    brief = queries.call_brief(request.user, account_id)
    items = [item for item in brief.items if item.is_overdue and (item.papers_missing or _is_sent(request, item))]
    forms = [
        (
            item,
            PapersForm(
                request.POST or None,
                prefix=f"invoice-{item.invoice.pk}",
                initial={"papers": item.invoice.papers, "missing_papers": item.invoice.missing_papers},
            ),
        )
        for item in items
    ]
    refusal = ""
    valid = [form.is_valid() for _item, form in forms]  # each says what is wrong with it
    if request.method == "POST" and all(valid):
        try:
            actions.fix_papers(by=request.user, account_id=account_id, papers=_given(forms))
        except DomainError as error:
            refusal = str(error.message)
        else:
            return saved(request, _call_url(account_id), _("The papers are noted."), changed="call")
    context = {
        "account": brief.account,
        "forms": forms,
        "refusal": refusal,
        "action": request.get_full_path(),
        "cancel_url": _call_url(account_id),
    }
    return render(request, "dunning/fix_papers.html", context, status=422 if request.method == "POST" else 200)


def _is_sent(request: StaffRequest, item: Any) -> bool:
    """Sent back with the form although a colleague has put it right since."""
    return f"invoice-{item.invoice.pk}-papers" in request.POST


def _given(forms: list[tuple[Any, PapersForm]]) -> dict[int, tuple[Papers, list[Paper]]]:
    """A tick at a missing paper says that they are incomplete; none left says that they are not."""
    given = {}
    for item, form in forms:
        missing = [Paper(code) for code in form.cleaned_data["missing_papers"]]
        papers = Papers(form.cleaned_data["papers"])
        given[item.invoice.pk] = (Papers.INCOMPLETE if missing else papers, missing)
    return given


def _call_url(account_id: int) -> str:
    return reverse("dunning:call", args=[account_id])
