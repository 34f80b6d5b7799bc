"""What the pages of payments and credit notes share: where one went, its rest, taking it back.

Either settles invoices: in the templates and here both are a *source*.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from accounts.queries import get_account
from core.answers import FORM_ID, attempt, saved, show_form
from core.money import CURRENCIES, format_money
from core.requests import StaffRequest
from receivables import queries
from receivables.choices import AllocationRule, Part
from receivables.forms.payments import RestForm, ReverseForm
from receivables.models import Allocation, CreditNote, Payment, RefundLine, Reversal
from receivables.views.invoice import because
from receivables.views.proposal import shown_rest


def beginning(request: StaffRequest) -> dict[str, Any]:
    """Customer and currency as a link from elsewhere names them."""
    account, currency = request.GET.get("account", ""), request.GET.get("currency", "")
    found: dict[str, Any] = {"account": get_account(request.user, int(account))} if account.isdigit() else {}
    return found | ({"currency": currency} if currency in CURRENCIES else {})


def left_figure(source: Payment | CreditNote) -> dict[str, Any]:
    """What of it settles nothing yet."""
    left = source.unallocated
    return {
        "label": _("Not allocated"),
        "value": format_money(left, source.currency),
        "tone": "warn" if left else "good",
    }


def source_line(row: Allocation) -> dict[str, Any]:
    """One line of where money went: invoice, part, rule and reason."""
    undone = getattr(row, "reversed_by", None)
    return {
        "id": row.pk,
        "on": row.on,
        "invoice": row.invoice,
        "part": "" if row.part == Part.PRINCIPAL else Part(row.part).label,
        "rule": AllocationRule(row.rule).label,
        "because": because(row.because),
        "amount": row.amount,
        "undone": undone,
        "undoes": row.reverses_id,
        "may_undo": not row.reverses_id and undone is None,
        "by": row.by,
    }


def refund_line(row: RefundLine) -> dict[str, Any]:
    """What was paid back of a receipt or credit note, or what a refund was drawn from."""
    source: Any = row.payment or row.credit_note
    return {"on": row.on, "amount": row.amount, "refund": row.refund, "source": source, "undoes": row.reverses_id}


def allocate_rest(
    request: StaffRequest,
    source: Payment | CreditNote,
    form_type: type[RestForm],
    act: Callable[..., Any],
    *,
    changed: str,
    on: date,
    words: str = "",
    charges: bool = True,
) -> HttpResponse:
    """Say where the rest of a source goes; `act(seen=…, …)` allocates it. On the way, htmx asks for the proposal alone.

    `on` is its day, `words` what the customer wrote, `charges` whether it may settle costs and interest.
    """
    if reversal := queries.reversal_of(source):
        messages.warning(request, _told(reversal, source))
        return redirect(source)
    if source.account_id is None or not source.unallocated:
        return saved(request, source, _("There is nothing to allocate."), changed=changed, go=True)
    if request.method == "POST":
        form = form_type(request.POST)
    else:
        form = form_type(request.GET if "how" in request.GET else None, initial={"seen": source.unallocated})
    if request.method == "POST" and form.is_valid():
        if attempt(form, lambda: act(seen=form.cleaned_data["seen"], **form.allocation())):
            return saved(request, source, _("Allocated."), changed=changed, go=True)
    form.auto_id = FORM_ID
    shown = shown_rest(
        request.user, form, account_id=source.account_id, currency=source.currency, rest=source.unallocated,
        on=on, words=words, charges=charges,
    )  # fmt: skip
    if request.method == "GET" and request.htmx and "how" in request.GET:
        return render(request, "receivables/_proposal.html", {"proposal": shown})
    context = {
        "form": form,
        "proposal": shown,
        "proposal_url": request.path,
        "subject": source,
        "account": source.account,
        "rest": source.unallocated,
        "cancel_url": source.get_absolute_url(),
        "title": _("Allocate"),
        "submit": _("Allocate"),
    }
    status = 422 if request.method == "POST" and form.errors else 200
    return render(request, "receivables/allocate_rest.html", context, status=status)


def _told(reversal: Reversal, source: Payment | CreditNote) -> str:
    """What somebody reads who comes to allocate what a colleague took back meanwhile."""
    return _("%(name)s reversed %(source)s on %(moment)s: nothing of it is left to allocate. Reason: %(reason)s") % {
        "source": source,
        "moment": date_format(localtime(reversal.at), "SHORT_DATETIME_FORMAT"),
        "name": reversal.by or "Keyline",
        "reason": reversal.reason,
    }


def reverse_source(
    request: StaffRequest, source: Payment | CreditNote, act: Callable[..., Any], *, changed: str, **words: Any
) -> HttpResponse:
    """Take a source back, whole: `act(reason=…, on=…)`; `words` are the form's title and lead."""
    form = ReverseForm(request.POST or None)
    if form.is_valid() and attempt(form, lambda: act(**form.cleaned_data)):
        return saved(request, source, _("Reversed."), changed=changed)
    return show_form(
        request,
        form,
        subtitle=f"{source} · {format_money(source.amount, source.currency)}",
        submit=_("Reverse it"),
        submit_class="btn-danger",
        cancel_url=source.get_absolute_url(),
        use_once=True,
        **words,
    )
