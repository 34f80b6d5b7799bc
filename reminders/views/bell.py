"""The bell and what is done with one reminder, wherever it stands: in the bell's panel, in the list, on a page of its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from core.answers import attempt
from core.htmx import add_trigger
from core.permissions import require
from core.requests import StaffRequest
from core.workdays import name_next, today
from reminders import actions
from reminders.forms import HandOverForm, SnoozeForm
from reminders.models import Occurrence
from reminders.queries import database_now, get_occurrence, head_of, latest, line_of, people, unread_upto, working_days
from reminders.queries.why import reasons
from reminders.rules.later import NEXT_WEEK, TODAY, TOMORROW, later
from reminders.rules.snoozing import MOST_SNOOZES

MOST = 99
LATEST = 15
SHOWN = ("snooze", "hand_over", "why")


def bell(request: StaffRequest) -> HttpResponse:
    """The latest reminders in the side sheet; whoever opens it has seen them. Without JavaScript: the list."""
    if not request.htmx:
        return redirect("reminders:list_reminders")
    found = latest(request.user, LATEST)
    page = {"lines": [line_of(row) for row in found], "more": len(found) == LATEST}
    response = render(request, "reminders/bell.html", page)
    actions.mark_read(by=request.user, occurrence_ids=[row.pk for row in found])
    add_trigger(response, "reminders:changed", True)
    return response


@never_cache
def count_unread(request: StaffRequest) -> JsonResponse:
    """The number on the bell and how it is read out; “99+” beyond that."""
    count = unread_upto(request.user, MOST + 1)
    label = _("Reminders")
    if count:
        label = _("Reminders: %(count)s unread") % {"count": f"{MOST}+" if count > MOST else count}
    return JsonResponse({"count": f"{MOST}+" if count > MOST else str(count or ""), "label": label})


def reminder(request: StaffRequest, occurrence_id: int) -> HttpResponse:
    """One reminder; `show` opens what is asked for: putting off, handing over, why one gets it."""
    occurrence = head_of(get_occurrence(request.user, occurrence_id))
    shown = request.GET.get("show", "")
    return _show(request, occurrence, shown if shown in SHOWN else "")


def open_reminder(request: StaffRequest, occurrence_id: int) -> HttpResponse:
    """To the record it is about; where there is none, to the reminder itself. It is no longer unread."""
    occurrence = head_of(get_occurrence(request.user, occurrence_id))
    actions.mark_read(by=request.user, occurrence_ids=[occurrence.pk])
    if occurrence.url.startswith("/"):
        return redirect(occurrence.url)
    return redirect("reminders:reminder", occurrence_id=occurrence.pk)


@require_POST
def finish_reminder(request: StaffRequest, occurrence_id: int) -> HttpResponse:
    """It is dealt with."""
    done = actions.finish_reminder(by=request.user, occurrence_id=occurrence_id)
    return _acted(request, done, _("Done"))


@require_POST
def acknowledge_reminder(request: StaffRequest, occurrence_id: int) -> HttpResponse:
    """I see to it: it stays and no longer climbs."""
    kept = actions.acknowledge_reminder(by=request.user, occurrence_id=occurrence_id)
    return _again(request, kept)


@require_POST
def snooze_reminder(request: StaffRequest, occurrence_id: int) -> HttpResponse:
    """Told again later."""
    occurrence = _to_act_on(request, occurrence_id)
    form = SnoozeForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        until = _moment(occurrence, given["choice"], given["on"])
        if until is None:
            form.add_error(None, _("The working day is nearly over. Choose tomorrow."))
        else:
            put_off = attempt(form, _snooze(request, occurrence, until, given["reason"]))
            if put_off:
                here = timezone.localtime(until)
                return _acted(
                    request,
                    put_off,
                    _("Put off until %(moment)s") % {"moment": date_format(here, "SHORT_DATETIME_FORMAT")},
                )
    return _show(request, occurrence, "snooze", form=form)


def _snooze(request: StaffRequest, occurrence: Occurrence, until: Any, reason: str) -> Callable[[], Occurrence]:
    return lambda: actions.snooze_reminder(by=request.user, occurrence_id=occurrence.pk, until=until, reason=reason)


@require_POST
def hand_over_reminder(request: StaffRequest, occurrence_id: int) -> HttpResponse:
    """A colleague sees to it."""
    occurrence = _to_act_on(request, occurrence_id)
    form = HandOverForm(request.POST, by=request.user)
    if form.is_valid():
        to, note = form.cleaned_data["to"], form.cleaned_data["note"]
        theirs = attempt(
            form,
            lambda: actions.hand_over_reminder(
                by=request.user, occurrence_id=occurrence.pk, to_user_id=to.pk, reason=note
            ),
        )
        if theirs:
            return _acted(request, occurrence, _("Handed over to %(name)s") % {"name": to})
    return _show(request, occurrence, "hand_over", form=form)


@require_POST
def take_back(request: StaffRequest, occurrence_id: int) -> HttpResponse:
    """Undo what was done last."""
    again = actions.take_back(by=request.user, occurrence_id=occurrence_id)
    return _again(request, again)


# ------------------------------------------------------------------ answers


def _to_act_on(request: StaffRequest, occurrence_id: int) -> Occurrence:
    """The reminder, for whoever is told and those who lead him; others who see it are refused before they fill in a form."""
    occurrence = head_of(get_occurrence(request.user, occurrence_id))
    if occurrence.recipient_id != request.user.pk:
        require(request.user, "reminders.lead")
    return occurrence


def _moment(occurrence: Occurrence, choice: str, on: Any = None) -> Any:
    now = database_now()
    zone = people([occurrence.recipient_id], now).zone_of(occurrence.recipient_id)
    return later(choice, now, zone, working_days(now.date()), on)


def _again(request: StaffRequest, occurrence: Occurrence) -> HttpResponse:
    """The reminder as it is now, in its place; without JavaScript on its page."""
    occurrence = head_of(occurrence)
    if not request.htmx:
        return redirect("reminders:reminder", occurrence_id=occurrence.pk)
    response = _show(request, occurrence, "")
    add_trigger(response, "reminders:changed", True)
    return response


def _show(request: StaffRequest, occurrence: Occurrence, shown: str, *, form: forms.Form | None = None) -> HttpResponse:
    """The reminder with what was asked for open beneath it: a part of the page for htmx, else a page of its own."""
    page: dict[str, Any] = {
        "line": line_of(occurrence),
        "shown": shown,
        "is_own": occurrence.recipient_id == request.user.pk,
    }
    if shown == "snooze":
        page |= {"form": form or SnoozeForm(), "choices": _choices(occurrence), "asks_why": _asks_why(occurrence, form)}
    elif shown == "hand_over":
        page["form"] = form or HandOverForm(by=request.user)
    elif shown == "why":
        page["reasons"] = reasons(occurrence)
    template = "reminders/_reminder.html" if request.htmx else "reminders/reminder.html"
    response = render(request, template, page, status=422 if form and form.errors else 200)
    patch_vary_headers(response, ["HX-Request"])
    return response


def _acted(request: StaffRequest, occurrence: Occurrence, told: str) -> HttpResponse:
    """One line in the reminder's place: what was done, and a way back. Without JavaScript: the list, with the news."""
    occurrence = head_of(occurrence)
    if not request.htmx:
        messages.success(request, told)
        return redirect("reminders:list_reminders")
    response = render(request, "reminders/_acted.html", {"line": line_of(occurrence), "told": told})
    add_trigger(response, "reminders:changed", True)
    return response


def _choices(occurrence: Occurrence) -> list[dict[str, Any]]:
    """The quick choices that mean something now, each with its moment in the reader's zone."""
    named = {TODAY: _("Later today"), TOMORROW: "", NEXT_WEEK: _("Next week")}
    return [
        {"value": value, "label": label or name_next(today(), timezone.localdate(moment)), "moment": moment}
        for value, label in named.items()
        if (moment := _moment(occurrence, value)) is not None
    ]


def _asks_why(occurrence: Occurrence, form: forms.Form | None) -> bool:
    """Whether a reason is asked for: from the sixth time on, or when one was missing."""
    return occurrence.snoozes >= MOST_SNOOZES or bool(form and "reason" in form.errors)
