"""Promises and calls as lists, and what an account's page shows of them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import localize, number_format
from django.utils.http import urlencode
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.columns import Column, choice, day, link, moment, money, person, text
from core.lists import ListSpec, show_list
from core.permissions import allowed, require
from core.requests import StaffRequest
from core.workdays import today
from dunning.choices import CallOutcome, NextAction, PromiseState, Reached
from dunning.filters import CallFilters, PromiseFilters
from dunning.queries import (
    account_collecting,
    confirmation_of,
    get_promise,
    promise_figures,
    visible_calls,
    visible_promises,
)
from receivables.choices import Cause

STATE_TONES = {
    PromiseState.OPEN: "accent",
    PromiseState.KEPT: "good",
    PromiseState.PARTLY: "warn",
    PromiseState.BROKEN: "bad",
}
OUTCOME_TONES = {CallOutcome.PROMISE: "good", CallOutcome.REFUSED: "bad", CallOutcome.DISPUTE: "warn"}


def _who(field: str) -> Column:
    return text(field, _("Said by"))


PROMISES = ListSpec(
    key="promises",
    title=_("Promises to pay"),
    rows=visible_promises,
    columns=(
        link("account", _("Account"), field="account__name", to="accounts:account", pk="account_id"),
        choice("state", _("State"), PromiseState, tones=STATE_TONES),
        money("amount", _("Promised"), cents=True),
        money("arrived", _("Arrived"), cents=True),
        day("last_due_on", _("Last day")),
        day("made_on", pgettext_lazy("promise", "Made"), sort="made_on"),
        day("judged_on", _("Settled")),
        _who("said_by"),
        choice("channel", _("Channel"), Reached, shown=False),
        text("quote", _("In their words"), css="cell-wide"),
        person("by", _("Recorded by"), shown=False),
        text("currency", _("Currency"), shown=False),
    ),
    sort="-made_on",
    filters=PromiseFilters,
    empty_icon="heart-handshake",
    empty_title=_("No promises yet"),
    empty_text=_("What a customer promises on the phone is logged on the call screen and stands here until the money came."),
)  # fmt: skip

CALLS = ListSpec(
    key="collection_calls",
    title=_("Call log"),
    rows=visible_calls,
    columns=(
        link("account", _("Account"), field="account__name", to="accounts:account", pk="account_id"),
        choice("outcome", _("Outcome"), CallOutcome, tones=OUTCOME_TONES),
        moment("called_at", _("Called"), sort="called_at"),
        text("person", _("Spoke with")),
        choice("cause", _("Reason given"), Cause, css="cell-wrap"),
        text("said", _("What was said"), css="cell-wide cell-short"),
        choice("next_action", _("Next step"), NextAction),
        day("next_action_on", _("On")),
        person("by", _("Called by")),
        choice("channel", _("Channel"), Reached, shown=False),
    ),
    sort="-called_at",
    filters=CallFilters,
    empty_icon="phone",
    empty_title=_("No calls yet"),
    empty_text=_("Every collection call stands here: with whom, what was said, what comes next. Begin in the queue."),
)


def list_promises(request: StaffRequest) -> HttpResponseBase:
    """What was promised, what was kept; with the figures above."""
    return show_list(request, PROMISES, "dunning/list_promises.html", {"figures": _figures(request)})


def list_calls(request: StaffRequest) -> HttpResponseBase:
    """The call log (C9)."""
    return show_list(request, CALLS, "dunning/list_calls.html")


def confirmation(request: StaffRequest, promise_id: int) -> HttpResponse:
    """To the letter that puts a promise in writing (C10); a worker writes it right after the promise was logged."""
    require(request.user, "dunning.collect")
    letter = confirmation_of(get_promise(request.user, promise_id))
    if letter is not None:
        return redirect("dunning:message", message_id=letter.pk)
    messages.info(request, _now("The letter is not written yet. Try again in a moment."))
    return redirect("dunning:promises")


def account_panel(request: StaffRequest, account_id: int) -> HttpResponse:
    """How collecting stands, for the account's page: next step, running and broken promises, the last calls."""
    found = account_collecting(request.user, account_id)
    context = {
        "found": found,
        "account_id": account_id,
        "on": today(),
        "may_collect": allowed(request.user, "dunning.collect"),
        "step": NextAction(found.case.next_action).label if found.case and found.case.next_action else "",
    }
    return render(request, "dunning/_account_panel.html", context)


def _figures(request: StaffRequest) -> list[dict[str, Any]]:
    """Each leads to its rows. A part of the list asked for by htmx needs none."""
    if request.htmx and request.htmx.target == "list":
        return []
    found = promise_figures(request.user, today())
    percent = found.kept.percent
    return [
        {"label": _now("Due today"), "value": found.due, "url": _url(due="today"), "tone": ""},
        {
            "label": _now("Past their day, in grace"), "value": found.in_grace, "url": _url(due="grace"),
            "tone": "warn" if found.in_grace else "",
        },
        {"label": _now("Open"), "value": found.open, "url": _url(state=PromiseState.OPEN), "tone": ""},
        {
            "label": _now("Broken in 30 days"), "value": found.broken, "url": _url(failed="true"),
            "tone": "bad" if found.broken else "",
        },
        {
            "label": _now("Kept in 90 days"),
            "value": "–" if percent is None else f"{number_format(percent, 0)} %",
            "note": _now("%(kept)s of %(all)s") % {"kept": localize(found.kept.kept), "all": localize(found.kept.matured)},
            "url": _url(state=PromiseState.KEPT), "tone": "",
        },
    ]  # fmt: skip


def _url(**words: str) -> str:
    return f"{reverse('dunning:promises')}?{urlencode(words)}"
