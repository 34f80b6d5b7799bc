"""One account: overview, people, prospects, money profile, team, notes, history."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.actions import may_manage_team
from accounts.choices import DevelopmentStage
from accounts.forms import NoteForm
from accounts.models import Account
from accounts.queries import (
    StageStanding,
    account_channels,
    account_members,
    account_notes,
    account_time_line,
    get_account,
    is_visible,
    stage_standing,
    subsidiaries,
)
from core.navigation import address_of, url_of
from core.requests import StaffRequest
from core.workdays import today

TABS = ("overview", "visits", "people", "prospects", "money", "team", "notes", "history")
LONG_SILENCE = 21  # days after which a contact is called fading (R9)


def account(request: StaffRequest, account_id: int, tab: str = "overview") -> HttpResponse:
    """The record page on one of its tabs."""
    record = get_account(request.user, account_id)
    standing = stage_standing(record, today())
    context = {
        "account": record,
        "tab": tab,
        "tabs": _tabs(record, tab),
        "figures": _figures(record, standing),
        "steps": _steps(record),
        "line": account_time_line(record, changes=standing.changes),
        "panels": _panels(record),
        "may_manage_team": may_manage_team(request.user, record),
        "sees_parent": bool(record.parent_id and is_visible(request.user, record.parent_id)),
        **_matter(request, record, tab, standing),
    }
    return render(request, f"accounts/account_{tab}.html", context)


def account_time_line_page(request: StaffRequest, account_id: int) -> HttpResponse:
    """An older page of the time line."""
    record = get_account(request.user, account_id)
    before = parse_datetime(request.GET.get("before", "").replace(" ", "+"))
    context = {"line": account_time_line(record, before=before), "url": request.path}
    return render(request, "core/_time_line.html", context)


def _matter(request: StaffRequest, record: Account, tab: str, standing: StageStanding) -> dict[str, Any]:
    """What only this tab needs."""
    if tab == "overview":
        return {
            "standing": standing,
            "channels": account_channels(record),
            "members": account_members(record),
            "subsidiaries": subsidiaries(request.user, record),
        }
    if tab == "team":
        return {"members": account_members(record)}
    if tab == "notes":
        before = parse_datetime(request.GET.get("before", "").replace(" ", "+"))
        notes = account_notes(record, before=before, limit=26)
        return {"notes": notes[:25], "older": notes[24].at if len(notes) > 25 else None, "form": NoteForm()}
    return {}


def _tabs(record: Account, tab: str) -> list[dict[str, Any]]:
    words = {
        "overview": _("Overview"), "visits": _("Visits"), "people": _("People"), "prospects": _("Prospects"), "money": _("Money"),
        "team": _("Team"), "notes": _("Notes"), "history": _("History"),
    }  # fmt: skip
    counts = {"prospects": record.open_prospects or None}
    return [
        {
            "label": words[name],
            "url": record.get_absolute_url()
            if name == TABS[0]
            else reverse("accounts:account_tab", args=[record.pk, name]),
            "current": name == tab,
            "count": counts.get(name),
        }
        for name in TABS
    ]


def _figures(record: Account, standing: StageStanding) -> list[dict[str, Any]]:
    """The three figures of the header: pipeline, silence, progress."""
    on = today()
    return [
        _pipeline_figure(record, on),
        _silence_figure(record.last_contact_on, on),
        {
            "label": _("In this stage"),
            "value": _days(standing.days),
            "note": _("stage %(number)s of 8, %(name)s")
            % {"number": record.development_stage, "name": record.get_development_stage_display()},
        },
    ]


def _pipeline_figure(record: Account, on: date) -> dict[str, Any]:
    late = record.next_step_on is not None and record.next_step_on < on
    if record.next_step_on:
        day = date_format(record.next_step_on, "SHORT_DATE_FORMAT")
        note = (_("next step was due %(day)s") if late else _("next step %(day)s")) % {"day": day}
    else:
        note = _("nothing planned") if record.open_prospects else _("none on the board")
    return {
        "label": _("Open prospects"),
        "value": record.open_prospects,
        "note": note,
        "tone": "bad" if late or (record.open_prospects and not record.next_step_on) else "",
        "href": reverse("accounts:account_tab", args=[record.pk, "prospects"]),
    }


def _silence_figure(last: date | None, on: date) -> dict[str, Any]:
    if last is None:
        return {"label": _("Last contact"), "value": _("never"), "note": _("log the first talk")}
    days = (on - last).days
    return {
        "label": _("Last contact"),
        "value": _("today")
        if days == 0
        else ngettext("%(count)d day ago", "%(count)d days ago", days) % {"count": days},
        "note": date_format(last, "SHORT_DATE_FORMAT"),
        "tone": "warn" if days > LONG_SILENCE else "",
    }


def _days(count: int) -> str:
    return ngettext("%(count)d day", "%(count)d days", count) % {"count": count}


def _steps(record: Account) -> list[dict[str, Any]]:
    """The way through the eight stages."""
    here = record.development_stage
    return [
        {
            "number": stage.value,
            "label": stage.label,
            "state": "here" if stage == here else "passed" if stage < here else "ahead",
        }
        for stage in DevelopmentStage
    ]


def _panels(record: Account) -> dict[str, str]:
    """Parts that other apps serve, each under its own scope; empty where the app has none."""
    return {
        "people": _address("relationships:account_panel", record.pk),
        "visits": _address("visits:account_panel", record.pk),
        "year": _address("visits:account_year", record.pk),
        "landmines": _address("visits:landmines", record.pk),
        "record_visit": address_of("prospects:record_visit") + f"?account={record.pk}",
        "prospects": _address("prospects:account_panel", record.pk),
        "receivables": _address("receivables:account_panel", record.pk),
        "collecting": _address("dunning:account_panel", record.pk),
        "history": reverse("core:history", args=["accounts.account", record.pk]),
    }


def _address(name: str, pk: int) -> str:
    try:
        return url_of(name, pk)
    except NoReverseMatch:
        return ""
