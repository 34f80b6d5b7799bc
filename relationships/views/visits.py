"""Visits: the list, one visit, an account's visits, and changing one that is there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from html import escape
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy
from django.views.decorators.http import require_POST

from accounts.queries import get_account
from core.answers import attempt, given_version, saved, show_conflict, show_form
from core.columns import Cell, Column, Row, addresses, choice, day, link, moment, person, text
from core.errors import Conflict, DomainError
from core.lists import ListSpec, show_list
from core.permissions import require
from core.requests import StaffRequest
from core.words import listed
from core.workdays import days_ahead, today
from relationships import actions
from relationships.choices import Meeting, VisitKind
from relationships.filters import VisitFilters
from relationships.forms import CancelVisitForm, EditVisitForm, HandOverVisitForm, MoveVisitForm, SettleForm
from relationships.models import Visit
from relationships.queries import (
    VisitPeople,
    account_visits,
    attach_attendees,
    findings_at,
    findings_of_visit,
    get_visit,
    landmines_at,
    visible_visits,
    visit_people,
    who_may_go,
)
from relationships.rules.visits import is_fresh
from relationships.views.tabs import visit_tabs

VISIT = addresses("visits:visit")
SHORT = 3  # visits shown on an account's overview, to come and made


def _who(row: Row) -> str:
    return listed(attendee["name"] for attendee in row["attendees"])


def _kinds() -> Cell:
    names = {code: escape(str(label)) for code, label in VisitKind.choices}
    return lambda row: SafeString(f'<a href="{VISIT(row["id"])}">{names[row["kind"]]}</a>')


def _lag(row: Row) -> str:
    """How long after the visit it was written up."""
    if row["recorded_at"] is None:
        return ""
    return lag_in_words(max(row["recorded_at"] - row["at"], timedelta()))


def lag_in_words(lag: timedelta) -> str:
    """At once, 5 hours, 3 days."""
    if lag < timedelta(hours=1):
        return _now("at once")
    if lag < timedelta(days=2):
        hours = int(lag.total_seconds() // 3600)
        return ngettext("%(count)d hour later", "%(count)d hours later", hours) % {"count": hours}
    return ngettext("%(count)d day later", "%(count)d days later", lag.days) % {"count": lag.days}


VISITS = ListSpec(
    key="visits",
    title=_("Visits"),
    rows=visible_visits,
    columns=(
        link("account", _("Account"), field="account__name", to="accounts:account", pk="account_id"),
        Column(
            key="kind", label=pgettext_lazy("of a visit", "Kind"), reads=("kind", "id"), pen=_kinds,
            export=lambda row: str(VisitKind(row["kind"]).label),
        ),
        moment("at", _("When"), sort="at"),
        Column(key="who", label=_("With"), reads=(), cell=_who, export=_who, css="cell-wide"),
        text("purpose", _("Purpose"), css="cell-wide", shown=False),
        text("outcome", _("What came of it"), css="cell-short"),
        text("next_step", _("Next step"), css="cell-short"),
        day("next_step_on", _("On")),
        person("owner", _("Made by")),
        choice("meeting", _("Meeting"), Meeting, shown=False),
        Column(
            key="lag", label=_("Written up"), reads=("recorded_at", "at"), cell=_lag, export=_lag, shown=False
        ),
    ),
    sort="-at",
    filters=VisitFilters,
    extend=attach_attendees,
    views=(
        (_("My visits"), {"mine": "true"}),
        (_("Planned"), {"state": "planned", "sort": "at"}),
        (_("Recorded"), {"state": "recorded"}),
    ),
    empty_icon="map-pin",
    empty_title=_("No visits yet"),
    empty_text=_("Every visit, call and meeting with a customer is logged here, with its next step. Log the first one."),
    empty_action=(_("Log a visit"), "prospects:record_visit", "visits.record"),
)  # fmt: skip


def list_visits(request: StaffRequest) -> HttpResponseBase:
    """The contacts with customers one sees, planned and made."""
    return show_list(request, VISITS, "relationships/list_visits.html", {"tabs": visit_tabs("list")})


def visit(request: StaffRequest, visit_id: int) -> HttpResponse:
    """One visit: who, why, what came of it, what comes next."""
    found = get_visit(request.user, visit_id)
    lag = found.lag
    context = {
        "visit": found,
        "people": visit_people([found]).get(found.pk, VisitPeople()),
        "lag": lag_in_words(lag) if lag is not None else "",
        "findings": findings_of_visit(request.user, found),
        "landmines": landmines_at(request.user, found.account_id),
        "account": found.account,
        "lag_tone": "good" if lag is not None and is_fresh(lag) else "warn",
        "step_late": bool(found.next_step_on and found.next_step_settled_at is None and found.next_step_on < today()),
        "history_url": reverse("core:history", args=["relationships.visit", found.pk]),
    }
    return render(request, "relationships/visit.html", context)


def account_visits_panel(request: StaffRequest, account_id: int) -> HttpResponse:
    """What is planned at an account and what came of the latest visits, as a part of its record."""
    account = get_account(request.user, account_id)
    short = request.GET.get("short") == "1"
    coming, made = account_visits(request.user, account_id, limit=SHORT + 1 if short else 25)
    more = short and (len(coming) > SHORT or len(made) > SHORT)
    if short:
        coming, made = coming[:SHORT], made[:SHORT]
    people = visit_people([*coming, *made])
    context = {
        "account": account,
        "coming": [_line(row, people) for row in coming],
        "made": [_line(row, people) for row in made],
        "more": more,
        "list_url": f"{reverse('visits:list_visits')}?account={account.pk}",
        "findings": [] if short else findings_at(request.user, account_id),
    }
    return render(request, "relationships/visits_panel.html", context)


def _line(row: Visit, people: dict[int, VisitPeople]) -> dict[str, Any]:
    lag = row.lag
    return {
        "visit": row,
        "people": people.get(row.pk, VisitPeople()),
        "lag": lag_in_words(lag) if lag is not None else "",
        "is_late": lag is not None and not is_fresh(lag),
    }


def edit_visit(request: StaffRequest, visit_id: int) -> HttpResponse:
    """What the visit says. Over somebody's newer edit both versions are shown (409)."""
    require(request.user, "visits.record")
    found = get_visit(request.user, visit_id)
    form = EditVisitForm(request.POST or None, visit=found)
    page: dict[str, Any] = {"cancel_url": found.get_absolute_url()}
    if form.is_valid():
        change = partial(
            actions.edit_visit, by=request.user, visit_id=visit_id, version=given_version(request), **form.cleaned_data
        )
        try:
            edited = attempt(form, change)
        except Conflict as conflict:
            theirs = {name: getattr(found, name) for name in form.cleaned_data}
            return show_conflict(request, form, conflict, theirs, **page)
        if edited:
            return saved(request, edited, _now("Saved."), changed="visit")
    return show_form(
        request, form,
        title=_now("Edit the visit"), subtitle=found.account.name, submit=_now("Save"),
        version=given_version(request) or found.version, **page,
    )  # fmt: skip


def move_visit(request: StaffRequest, visit_id: int) -> HttpResponse:
    """Another time: a day by one tap, at the same hour, or a moment; `?at=` of a POST puts it there (Undo)."""
    require(request.user, "visits.plan")
    found = get_visit(request.user, visit_id)
    form = MoveVisitForm(_given(request, "at"), initial={"at": found.at})
    moved = _carry_out(
        request, form, "at", lambda version: actions.move_visit(
            by=request.user, visit_id=visit_id, version=version, **form.cleaned_data
        )
    )  # fmt: skip
    if moved:
        was, at = timezone.localtime(found.at), timezone.localtime(moved.at)
        told = _now("Moved to %(moment)s.") % {"moment": date_format(at, "SHORT_DATETIME_FORMAT")}
        back = {"at": was.strftime("%Y-%m-%dT%H:%M:%S")} if was.date() >= today() else {}
        return saved(request, moved, told, changed="visit", undo=_undo(request, "move_visit", moved, back))
    return show_form(
        request, form, "relationships/move_visit.html",
        title=_now("Move the visit"), subtitle=str(found), submit=_now("Move"), days=_days_ahead(found),
        version=given_version(request) or found.version, cancel_url=found.get_absolute_url(),
    )  # fmt: skip


def _days_ahead(found: Visit) -> list[dict[str, Any]]:
    """Working days a visit is put off to by one tap, at the hour it has."""
    hour = timezone.localtime(found.at).time()
    ahead = days_ahead(today(), {7: _now("In a week"), 14: _now("In two weeks")})
    return [{"label": label, "at": datetime.combine(day, hour)} for label, day in ahead]


def hand_over_visit(request: StaffRequest, visit_id: int) -> HttpResponse:
    """A colleague makes it; `?to=` of a POST says who, `?along=1` that the present owner comes along again (Undo)."""
    require(request.user, "visits.plan")
    found = get_visit(request.user, visit_id)
    people = who_may_go(found)
    form = HandOverVisitForm(_given(request, "to"), people=people)
    along = set(found.attendees.values_list("colleague", flat=True))
    given = _carry_out(
        request, form, "to", lambda version: actions.hand_over_visit(
            by=request.user, visit_id=visit_id, to_user_id=form.cleaned_data["to"], version=version,
            comes_along="along" in request.GET,
        )
    )  # fmt: skip
    if given:
        told = _now("Handed over to %(name)s") % {"name": given.owner}
        back = {"to": found.owner_id} | ({"along": 1} if given.owner_id in along else {})
        return saved(request, given, told, changed="visit", undo=_undo(request, "hand_over_visit", given, back))
    return show_form(
        request, form, "relationships/hand_over_visit.html",
        title=_now("Hand over the visit"), subtitle=str(found), submit=_now("Hand over"), people=people, account=found.account,
        version=given_version(request) or found.version, cancel_url=found.get_absolute_url(),
    )  # fmt: skip


def _given(request: StaffRequest, word: str) -> QueryDict | None:
    """What was sent: a choice of one tap, for Undo the word of the address, else the form."""
    if request.method != "POST":
        return None
    if choice := request.POST.get("choice"):
        return QueryDict(urlencode({word: choice}))
    return request.GET if word in request.GET else request.POST


def _carry_out(
    request: StaffRequest, form: forms.Form, word: str, change: Callable[[int | None], Visit]
) -> Visit | None:
    """`change(version)` as the form asks for; None when it comes back with mistakes.

    An Undo has no form to come back to: why it cannot be is told at the edge of the page.
    """
    is_undo = request.method == "POST" and word in request.GET
    if not is_undo:
        return attempt(form, lambda: change(given_version(request))) if form.is_valid() else None
    asked = request.GET.get("version", "")
    if not form.is_valid():
        raise DomainError(_now("This cannot be taken back any more."))
    try:
        return change(int(asked) if asked.isdecimal() else None)
    except Conflict as newer:
        raise DomainError(newer.message) from newer


def _undo(request: StaffRequest, view: str, now: Visit, back: dict[str, Any]) -> str:
    """The address that puts a visit back to what it was, unless somebody changes it first; none for an Undo itself."""
    if not back or back.keys() & request.GET.keys():
        return ""
    return f"{reverse(f'visits:{view}', args=[now.pk])}?{urlencode(back | {'version': now.version})}"


def cancel_visit(request: StaffRequest, visit_id: int) -> HttpResponse:
    """Call it off, with the reason."""
    require(request.user, "visits.plan")
    found = get_visit(request.user, visit_id)
    form = CancelVisitForm(request.POST or None)
    if form.is_valid():
        change = partial(
            actions.cancel_visit,
            by=request.user,
            visit_id=visit_id,
            version=given_version(request),
            **form.cleaned_data,
        )
        if cancelled := attempt(form, change):
            return saved(request, cancelled, _now("Called off."), changed="visit")
    return show_form(
        request, form,
        title=_now("Call the visit off"), subtitle=str(found), submit=_now("Call it off"), submit_class="btn-danger",
        version=given_version(request) or found.version, cancel_url=found.get_absolute_url(),
    )  # fmt: skip


def settle_next_step(request: StaffRequest, visit_id: int) -> HttpResponse:
    """What became of the next step: taken, or dropped for a reason; what came of it is logged from here too."""
    require(request.user, "visits.record")
    found = get_visit(request.user, visit_id)
    is_dropped = request.POST.get("how") == "dropped"
    form = SettleForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        change: dict[str, Any] = {"by": request.user, "visit_id": visit_id, "version": given_version(request)}
        act = partial(actions.settle_next_step, **change)
        if is_dropped:
            act = partial(actions.drop_next_step, **change, because=form.cleaned_data["because"])
        if settled := attempt(form, act):
            told = _now("Next step dropped.") if is_dropped else _now("Next step done.")
            return saved(
                request, settled, told, changed="visit", undo=reverse("visits:reopen_next_step", args=[visit_id])
            )
    return show_form(
        request, form, "relationships/settle_next_step.html",
        visit=found, version=given_version(request) or found.version, is_open=found.next_step_settled_at is None,
    )  # fmt: skip


@require_POST
def reopen_next_step(request: StaffRequest, visit_id: int) -> HttpResponse:
    """It was not taken after all."""
    opened = actions.reopen_next_step(by=request.user, visit_id=visit_id)
    return saved(request, opened, _now("The next step is open again."), changed="visit")
