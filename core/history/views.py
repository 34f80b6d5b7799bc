"""The history of one record, and the whole audit trail."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.dateparse import parse_datetime
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from core import audit, columns, tick
from core.columns import Cell, Column, Row
from core.history.filters import EventFilters, JobFilters
from core.history.queries import all_events, all_jobs, record_history
from core.lists import ListSpec, show_list
from core.models import AuditEvent, JobState
from core.requests import StaffRequest


def history(request: StaffRequest, record_type: str, record_id: int) -> HttpResponse:
    """Who changed what on one record and why: a part of its page, in the side sheet, or a page of its own."""
    page = record_history(request.user, record_type, record_id, before=_instant(request.GET.get("before", "")))
    response = render(request, "core/history/history.html", {"history": page, "frame": _frame(request)})
    patch_vary_headers(response, ["HX-Request", "HX-Target"])
    return response


def list_events(request: StaffRequest) -> HttpResponseBase:
    """The audit trail."""
    return show_list(request, EVENTS, "core/history/list_events.html")


def list_jobs(request: StaffRequest) -> HttpResponseBase:
    """What the clock has done."""
    return show_list(request, JOBS, "core/history/list_jobs.html")


def _frame(request: StaffRequest) -> str:
    if not request.htmx:
        return "layouts/page.html"
    return "layouts/sheet.html" if request.htmx.target == "sheet" else "core/history/bare.html"


def _instant(text: str) -> datetime | None:
    try:
        at = parse_datetime(text.replace(" ", "+"))
    except ValueError:
        return None
    return timezone.make_aware(at) if at and timezone.is_naive(at) else at


def _sentence(row: Row) -> str:
    return audit.sentence(AuditEvent(code=row["code"], details=row["details"]))


def _actor(row: Row) -> str:
    return str(row["actor__full_name"] or "Keyline")


def _job() -> Cell:
    names = tick.names()
    return lambda row: names.get(row["job"]) or str(row["job"])


def _state(row: Row) -> SafeString:
    tone = {JobState.DONE: " badge-good", JobState.FAILED: " badge-warn", JobState.PARKED: " badge-bad"}.get(
        row["state"], ""
    )
    note = f'<div class="cell-note">{escape(row["error"].strip().splitlines()[-1][:160])}</div>' if row["error"] else ""
    return SafeString(f'<span class="badge{tone}">{escape(JobState(row["state"]).label)}</span>{note}')


EVENTS = ListSpec(
    key="events",
    title=_("Audit trail"),
    rows=all_events,
    columns=(
        columns.moment("at", _("When"), sort="id"),
        Column(key="actor", label=_("Who"), reads=("actor__full_name",), cell=_actor, export=_actor),
        Column(
            key="what",
            label=_("What"),
            reads=("code", "details"),
            cell=_sentence,
            export=_sentence,
            css="cell-wide cell-wrap",
        ),
        columns.text("code", _("Code"), shown=False),
    ),
    sort="-at",
    filters=EventFilters,
    empty_icon="history",
    empty_title=_("Nothing has happened yet"),
    empty_text=_("Every change by a person or a job leaves a line here that nobody can alter."),
)

JOBS = ListSpec(
    key="jobs",
    title=_("Jobs"),
    rows=all_jobs,
    columns=(
        Column(key="job", label=_("Job"), reads=("job",), pen=_job, export=lambda row: row["job"], css="cell-main"),
        columns.day("slot", _("For the day")),
        columns.moment("due_at", _("Due"), sort="due_at"),
        columns.moment("started_at", _("Started")),
        columns.moment("finished_at", _("Finished")),
        columns.number("attempts", _("Attempts")),
        Column(
            key="state", label=_("State"), reads=("state", "error"), cell=_state,
            export=lambda row: JobState(row["state"]).label,
        ),
    ),
    sort="-due_at",
    filters=JobFilters,
    empty_icon="clock-cog",
    empty_title=_("No job has run yet"),
    empty_text=_("The clock plans its daily and weekly jobs here as they fall due."),
)  # fmt: skip
