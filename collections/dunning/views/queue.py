"""The queue: whom to call now, and why (C6, C7)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.answers import attempt, saved, show_form
from core.errors import Conflict, DomainError
from core.permissions import allowed, require
from core.requests import StaffRequest
from dunning import actions, queries
from dunning.forms import AssignForm
from dunning.models import Case
from dunning.queries import Whose
from dunning.queries.queue import COUNTED_TO
from dunning.views.queue_lines import draw_lines
from receivables.queries import visible_invoices

SKIPPED = "collecting_skipped"
"""Of the session: customers passed over since “Start calling”."""


def queue(request: StaffRequest) -> HttpResponse:
    """Whom to call now, one line a customer, the best first; `after` the next of them."""
    require(request.user, "dunning.collect")
    now, whose, after = queries.moment(), _whose(request), request.GET.get("after", "")
    page = queries.queue(request.user, now, whose=whose, after=after)
    may_assign = allowed(request.user, "dunning.assign")
    context: dict[str, Any] = {
        "lines": page.lines,
        "drawn": draw_lines(page.lines, now.at, may_assign=may_assign),
        "more_url": _url(whose, after=page.after) if page.after else "",
        "whose": whose,
        "may_assign": may_assign,
        "is_first": not after,
    }
    if request.htmx and after:
        return render(request, "dunning/_queue_lines.html", context)
    counts = queries.queue_counts(request.user, now, whose=whose)
    context |= {
        "counts": {name: _counted(getattr(counts, name)) for name in ("now", "later", "not_today")},
        "broken": counts.broken,
        "tabs": _tabs(whose, _counted(counts.total)),
        "claimed": queries.claimed_cases(request.user, now.at),
        "url": _url(whose),
        "is_new": not page.lines and not visible_invoices(request.user).exists(),
    }
    return render(request, "dunning/queue.html", context)


def start_calling(request: StaffRequest) -> HttpResponse:
    """Go to the customer I have taken up and not finished; else take the next whom nobody has."""
    require(request.user, "dunning.collect")
    if request.method != "POST":
        return redirect("dunning:queue")
    request.session.pop(SKIPPED, None)
    for case in queries.claimed_cases(request.user):
        return redirect("dunning:call", account_id=case.account_id)
    return to_next(request)


def to_next(request: StaffRequest) -> HttpResponse:
    """To the next customer of the queue; at its end to the queue, with the reason."""
    case = actions.claim_next(by=request.user, but=request.session.get(SKIPPED, []))
    if case is not None:
        return redirect("dunning:call", account_id=case.account_id)
    messages.info(request, _("Nobody is left whom a call may be made to just now."))
    return redirect("dunning:queue")


def claim_case(request: StaffRequest, account_id: int) -> HttpResponse:
    """Take this customer up and go to him; 409 while a colleague has him."""
    require(request.user, "dunning.collect")
    if request.method != "POST":
        return redirect("dunning:call", account_id=account_id)
    try:
        actions.claim_case(by=request.user, account_id=account_id)
    except Conflict as conflict:
        case: Case = conflict.current
        return render(request, "dunning/claimed.html", {"conflict": conflict, "case": case}, status=409)
    return redirect("dunning:call", account_id=account_id)


def next_case(request: StaffRequest, account_id: int) -> HttpResponse:
    """On to the next without logging: this one is given back and passed over until calling is started again."""
    require(request.user, "dunning.collect")
    case = queries.get_case(request.user, account_id)
    if request.method != "POST":
        return redirect("dunning:call", account_id=account_id)
    if case.claimed_by_id == request.user.pk:
        actions.release_case(by=request.user, account_id=account_id)
    skipped = request.session.get(SKIPPED, [])
    request.session[SKIPPED] = [*skipped, account_id]
    return to_next(request)


def release_case(request: StaffRequest, account_id: int) -> HttpResponse:
    """Give the customer back and go to the queue."""
    require(request.user, "dunning.collect")
    if request.method == "POST":
        actions.release_case(by=request.user, account_id=account_id)
    else:
        queries.get_case(request.user, account_id)
    return redirect("dunning:queue")


def assign_cases(request: StaffRequest) -> HttpResponse:
    """Give the customers chosen (`?account=7&account=9`) to a collector."""
    require(request.user, "dunning.assign")
    chosen = [int(pk) for pk in (request.POST or request.GET).getlist("account") if pk.isdigit()]
    form = AssignForm(request.POST or None)
    if form.is_valid():
        collector = form.cleaned_data["collector"]
        done = attempt(form, lambda: (_assign(request, form, chosen),))
        if done:
            name = str(collector) if collector else _("nobody in particular")
            text = ngettext("%(count)s customer: %(name)s.", "%(count)s customers: %(name)s.", len(chosen))
            return saved(
                request, reverse("dunning:queue"), text % {"count": len(chosen), "name": name}, changed="queue"
            )
    title = ngettext("Give %(count)s customer to …", "Give %(count)s customers to …", len(chosen))
    return show_form(
        request,
        form,
        "dunning/assign.html",
        title=title % {"count": len(chosen)},
        chosen=chosen,
        action=request.path,
        submit=_("Assign"),
        cancel_url=reverse("dunning:queue"),
    )


def _assign(request: StaffRequest, form: forms.BaseForm, chosen: list[int]) -> int:
    if not chosen:
        raise DomainError(_("Choose at least one customer."))
    collector = form.cleaned_data["collector"]
    return actions.assign_cases(by=request.user, account_ids=chosen, collector_id=collector.pk if collector else None)


def _whose(request: StaffRequest) -> Whose:
    text = request.GET.get("whose", "")
    return Whose(text) if text in set(Whose) else Whose.MINE


def _url(whose: Whose, **words: str) -> str:
    given = {**({} if whose == Whose.MINE else {"whose": whose.value}), **words}
    address = reverse("dunning:queue")
    return f"{address}?{urlencode(given)}" if given else address


def _counted(count: int) -> str:
    """A figure of the queue, which counts only so far."""
    text = number_format(min(count, COUNTED_TO), use_l10n=True, force_grouping=True)
    return f"{text}+" if count >= COUNTED_TO else text


def _tabs(whose: Whose, total: str) -> list[dict[str, Any]]:
    names = {Whose.MINE: _("Mine"), Whose.UNASSIGNED: _("Nobody’s"), Whose.ALL: _("All")}
    return [
        {"label": name, "url": _url(one), "current": one == whose, "count": total if one == whose else None}
        for one, name in names.items()
    ]
