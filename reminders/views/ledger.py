"""The administrator's ledger: what was due, sent, failed, when it is tried next, and whether all of it goes well."""

from __future__ import annotations

from html import escape

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.views.decorators.http import require_POST

from core import columns
from core.columns import Column, Row, addresses
from core.health import told_by
from core.lists import ListSpec, show_list
from core.permissions import require
from core.requests import StaffRequest
from reminders import actions
from reminders.choices import Channel, State
from reminders.filters import LedgerFilters
from reminders.queries import get_occurrence, line_of
from reminders.queries.ledger import attempts_of, health, ledger_rows, siblings_of
from reminders.queries.why import reasons
from reminders.registry import RULES

MANAGE = "reminders.manage"
TONES = {State.SENT: "good", State.DONE: "good", State.PARKED: "bad", State.LEASED: "accent", State.SNOOZED: "accent"}


def ledger(request: StaffRequest) -> HttpResponseBase:
    """The list, under the figures of health."""
    require(request.user, MANAGE)
    return show_list(request, LEDGER, "reminders/ledger.html", _health(request))


def trace(request: StaffRequest, occurrence_id: int) -> HttpResponse:
    """Why somebody did or did not get it: the reasons, the channels, every attempt."""
    require(request.user, MANAGE)
    occurrence = get_occurrence(request.user, occurrence_id)
    page = {
        "line": line_of(occurrence),
        "siblings": siblings_of(occurrence),
        "attempts": attempts_of(occurrence),
        "reasons": reasons(occurrence),
    }
    return render(request, "reminders/trace.html", page)


@require_POST
def retry_occurrence(request: StaffRequest, occurrence_id: int) -> HttpResponse:
    """Try again what was given up."""
    actions.retry_occurrence(by=request.user, occurrence_id=occurrence_id)
    messages.success(request, _("It is tried again within a minute."))
    return redirect("reminders:trace", occurrence_id=occurrence_id)


def _health(request: StaffRequest) -> dict[str, object]:
    if request.htmx or "export" in request.GET:
        return {}
    now, clock = health(), told_by("clock")
    return {
        "health": now,
        "clock": clock,
        "clock_words": _("Nobody is told anything at the moment: the clock says “%(said)s”.") % {"said": clock},
        "due": sum(now.waiting.values()),
        "oldest": _age(now.lateness),
        "oldest_tone": "bad" if now.is_late else "",
        "parked_tone": "bad" if now.parked else "",
    }


def _age(seconds: float) -> str:
    """“12 min”, as long as it is short."""
    if seconds < 60:
        return _("%(count)s s") % {"count": int(seconds)}
    if seconds < 7200:
        return _("%(count)s min") % {"count": int(seconds // 60)}
    return _("%(count)s h") % {"count": int(seconds // 3600)}


def _title(row: Row) -> str:
    rule = RULES.get(row["rule"])
    return str(rule.title) if rule else str(row["rule"])


def _reminder(row: Row) -> SafeString:
    return SafeString(f'<a href="{PAGE(row["id"])}">{escape(_title(row))}</a>')


def _state(row: Row) -> SafeString:
    tone = TONES.get(State(row["state"]), "")
    badge = f'<span class="badge{" badge-" + tone if tone else ""}">{escape(str(State(row["state"]).label))}</span>'
    failed = row["error"] and row["state"] not in {State.SENT, State.DONE}
    return SafeString(badge + (f'<div class="cell-note">{escape(row["error"][:160])}</div>' if failed else ""))


def _state_word(row: Row) -> str:
    return str(State(row["state"]).label)


PAGE = addresses("reminders:trace")

LEDGER = ListSpec(
    key="reminders",
    title=_l("Reminders sent"),
    rows=ledger_rows,
    columns=(
        Column(
            key="reminder", label=_l("Reminder"), reads=("rule", "id"), cell=_reminder, export=_title, css="cell-main cell-wide"
        ),
        columns.person("recipient", _l("For")),
        columns.choice("channel", _l("Channel"), Channel),
        columns.moment("due_at", _l("Due"), sort="due_at"),
        columns.moment("sent_at", _l("Sent")),
        Column(key="state", label=_l("State"), reads=("state", "error"), cell=_state, export=_state_word),
        columns.number("attempts", _l("Attempts")),
        columns.moment("free_at", _l("Next try")),
        columns.text("slot_key", _l("Slot"), shown=False),
        columns.text("message", _l("Message"), shown=False),
    ),
    sort="-due_at",
    filters=LedgerFilters,
    views=(
        (_l("All"), {}),
        (_l("Given up"), {"state": State.PARKED.value}),
        (_l("Being sent"), {"state": State.LEASED.value}),
        (_l("Planned"), {"state": State.PLANNED.value}),
    ),
    empty_icon="bell",
    empty_title=_l("Nothing was due yet"),
    empty_text=_l("Each reminder leaves a line here for every way it was told, with what came of it."),
)  # fmt: skip
