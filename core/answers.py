"""How a page with a form answers: the form, the change made, a refusal on the form, somebody else's newer edit. And a paper.

    def edit_account(request: StaffRequest, account_id: int) -> HttpResponse:
        account = get_account(request.user, account_id)
        form = AccountForm(request.POST or None, instance=account)
        if form.is_valid():
            edited = attempt(form, lambda: actions.edit_account(by=request.user, …))
            if edited:
                return saved(request, edited, _("Saved."), changed="account")
        return show_form(request, form, "accounts/edit_account.html", …)

In the side sheet (htmx) a saved form answers 204 and tells the page behind, by `<changed>:changed`, to draw itself again.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, TypeVar

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from core import conflicts
from core.errors import Conflict, DomainError
from core.requests import StaffRequest

T = TypeVar("T")
UNKEPT = "private, no-store"
"""Cache-Control of what no browser and nobody on the way keeps: papers with a customer's figures, pages with personal facts."""
FORM_ID = "form_%s"  # a list behind the sheet has fields of the same names


def given_version(request: StaffRequest) -> int | None:
    """The version of the record the form was made from."""
    text = request.POST.get("version", "")
    return int(text) if text.isdigit() else None


def attempt(form: forms.BaseForm, act: Callable[[], T]) -> T | None:
    """What the action returns, or None after its refusal was written onto the form. A conflict passes through."""
    try:
        return act()
    except Conflict:
        raise
    except DomainError as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal.message))
        return None


def saved(
    request: StaffRequest, to: Any, message: str, *, changed: str, go: bool = False, undo: str = ""
) -> HttpResponse:
    """The change is made. In a sheet: it closes and the page behind draws itself again, or with `go` moves to `to`.

    `undo` is the address a POST to which takes it back; the news offers it.
    """
    if not request.htmx or go:
        messages.success(request, message)
        if not request.htmx:
            return redirect(to)
        url = to if isinstance(to, str) else to.get_absolute_url()
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    told = {
        "sheet:close": True,
        f"{changed}:changed": True,
        "toast": {"message": message, "tone": "good", "undo": undo},
    }
    return HttpResponse(status=204, headers={"HX-Trigger": json.dumps(told)})


def show_form(
    request: StaffRequest, form: forms.BaseForm, template: str = "core/form.html", **context: Any
) -> HttpResponse:
    """The form, on its page or in the side sheet; 422 when it came back with mistakes."""
    form.auto_id = FORM_ID
    context = {"form": form, "action": request.get_full_path(), **context}
    return render(request, template, context, status=422 if form.errors else 200)


# ------------------------------------------------------------------ two people edited the same record


def show_conflict(
    request: StaffRequest, form: forms.BaseForm, conflict: Conflict, theirs: dict[str, Any], **context: Any
) -> HttpResponse:
    """Both versions side by side (409). Sending the form again writes mine over theirs: it carries their version."""
    form.auto_id = FORM_ID
    page = {
        "conflict": conflict,
        "differences": conflicts.of_form(form, theirs),
        "form": form,
        "action": request.get_full_path(),
        **context,
    }
    return render(request, "core/conflict.html", page, status=409)


# ------------------------------------------------------------------ a paper


def pdf_answer(pdf: bytes, name: str) -> HttpResponse:
    """A PDF, shown by the browser itself and kept by nobody."""
    headers = {"Content-Disposition": f'inline; filename="{name}"', "Cache-Control": UNKEPT}
    return HttpResponse(pdf, content_type="application/pdf", headers=headers)
