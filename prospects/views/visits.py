"""Planning and recording a visit, which may be about prospects; and a prospect's follow-up on its page."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _

from accounts.models import Account
from accounts.queries import get_account
from core.answers import attempt, given_version, saved, show_form
from core.files.views import add_files
from core.permissions import allowed, require
from core.records import get_record, type_of
from core.requests import StaffRequest
from core.workdays import days_ahead, next_workday, today
from prospects import actions
from prospects.forms import PlanVisitForm, RecordVisitForm
from prospects.queries import get_prospect
from prospects.queries.follow_ups import follow_up_standing, prospects_of_visit
from relationships.choices import VisitKind
from relationships.models import Visit
from relationships.queries import VisitPeople, get_visit, landmines_at, visit_people

USUAL = 6  # kinds of contact shown at once


def record_visit(request: StaffRequest) -> HttpResponse:
    """A visit that was not planned; `?account=7` or `?prospect=9` says where, `?kind=call` how, `?on=` when it was."""
    require(request.user, "visits.record")
    account, initial = _asked_for(request)
    if not request.GET.get("on"):
        initial["at"] = None  # just now, unless somebody says otherwise
    form = RecordVisitForm(
        request.POST or None, request.FILES or None, by=request.user, account=account, initial=initial
    )
    if form.is_valid():
        given = {"account_id": form.cleaned_data["account"].pk, **form.given()}
        recorded = attempt(form, lambda: actions.record_visit(by=request.user, **given))
        if recorded:
            told = _keep_photos(request, recorded, form.cleaned_data["photos"])
            return saved(request, recorded, told, changed="visit", go=not _in_sheet(request))
    return _show(request, form, title=_("Log a visit"), submit=_("Log it"), account=account)


def record_planned_visit(request: StaffRequest, visit_id: int) -> HttpResponse:
    """What came of a planned visit: all but one line and the next step is there already."""
    require(request.user, "visits.record")
    visit = get_visit(request.user, visit_id)
    form = RecordVisitForm(
        request.POST or None, request.FILES or None, by=request.user, account=visit.account, planned=visit,
        initial=_as_planned(request, visit),
    )  # fmt: skip
    if form.is_valid():
        recorded = attempt(
            form,
            lambda: actions.record_planned_visit(
                by=request.user, visit_id=visit_id, version=given_version(request), **form.given()
            ),
        )
        if recorded:
            told = _keep_photos(request, recorded, form.cleaned_data["photos"])
            return saved(request, recorded, told, changed="visit", go=not _in_sheet(request))
    return _show(
        request, form, title=_("What came of it?"), submit=_("Log it"), account=visit.account, visit=visit,
        version=given_version(request) or visit.version,
    )  # fmt: skip


def _keep_photos(request: StaffRequest, visit: Visit, uploads: list[Any]) -> str:
    """Put the photos to the visit that was logged; what to tell of it. The visit stands even where a photo is damaged."""
    refused = add_files(request, get_record(request.user, type_of(visit), visit.pk), uploads) if uploads else []
    return _("Logged, but not every photo was kept. %(why)s") % {"why": " ".join(refused)} if refused else _("Logged.")


def plan_visit(request: StaffRequest) -> HttpResponse:
    """A visit to come; `?account=7` or `?prospect=9` says where, `?on=2026-11-24` when."""
    require(request.user, "visits.plan")
    account, initial = _asked_for(request)
    form = PlanVisitForm(request.POST or None, by=request.user, account=account, initial=initial)
    if form.is_valid():
        planned = attempt(form, lambda: actions.plan_visit(by=request.user, **form.given()))
        if planned:
            return saved(request, planned, _("Planned."), changed="visit")
    return _show(request, form, title=_("Plan a visit"), submit=_("Plan it"), account=account, use_once=True)


def visit_prospects(request: StaffRequest, visit_id: int) -> HttpResponse:
    """The prospects a visit is about, for the visit's page."""
    visit = get_visit(request.user, visit_id)
    context = {"prospects": prospects_of_visit(request.user, visit)}
    return render(request, "prospects/_visit_prospects.html", context)


def follow_up(request: StaffRequest, prospect_id: int) -> HttpResponse:
    """The follow-up of a prospect: counter, curve, interval, latest contacts; a part of its page."""
    prospect = get_prospect(request.user, prospect_id)
    standing = follow_up_standing(request.user, prospect)
    context = {
        "prospect": prospect,
        "standing": standing,
        "people": visit_people(standing.made),
        "may_record": prospect.is_open and allowed(request.user, "visits.record"),
    }
    return render(request, "prospects/_follow_up.html", context)


def _asked_for(request: StaffRequest) -> tuple[Account | None, dict[str, Any]]:
    """Where and how, as the address or the form so far says."""
    chosen = [int(pk) for pk in request.GET.getlist("prospects") if pk.isdigit()]
    initial: dict[str, Any] = {
        "prospects": chosen,
        "at": _moment(request.GET.get("on", "")),
        "kind": request.GET.get("kind") or "visit",
        "purpose": request.GET.get("purpose", "")[:200],
    }
    if (campaign := request.GET.get("campaign", "")).isdigit():
        initial["campaign"] = int(campaign)
    wanted = request.GET.get("prospect", "")
    if wanted.isdigit():
        prospect = get_prospect(request.user, int(wanted))
        initial |= {"prospects": [prospect.pk], "contacts": [prospect.contact_id] if prospect.contact_id else []}
        account_id = str(prospect.account_id or request.POST.get("account") or request.GET.get("account") or "")
    else:
        account_id = request.POST.get("account") or request.GET.get("account") or ""
    account = get_account(request.user, int(account_id)) if account_id.isdigit() else None
    return account, initial | {"account": account}


def _moment(on: str) -> datetime:
    """The moment asked for; of a day nine in the morning; without either the next working day."""
    try:
        day = parse_date(on)  # first: a day alone reads as its midnight too
        moment = None if day else parse_datetime(on)
    except ValueError:
        day = moment = None
    if moment:
        return moment if timezone.is_aware(moment) else timezone.make_aware(moment)
    return timezone.make_aware(datetime.combine(day or next_workday(today() + timedelta(days=1)), time(9)))


def _as_planned(request: StaffRequest, visit: Visit) -> dict[str, Any]:
    people = visit_people([visit]).get(visit.pk, VisitPeople())
    return {
        "account": visit.account,
        "kind": visit.kind,
        "at": min(visit.at, timezone.now()),
        "minutes": visit.minutes,
        "purpose": visit.purpose,
        "contacts": [contact.pk for contact in people.contacts],
        "colleagues": [colleague.pk for colleague in people.colleagues],
        "prospects": [prospect.pk for prospect in prospects_of_visit(request.user, visit)],
    }


def _show(request: StaffRequest, form: RecordVisitForm | PlanVisitForm, **context: Any) -> HttpResponse:
    account = context.get("account")
    template = "prospects/record_visit.html" if isinstance(form, RecordVisitForm) else "prospects/plan_visit.html"
    page = {
        "in_sheet": _in_sheet(request),
        "landmines": landmines_at(request.user, account.pk) if account else [],
        "kinds": _kinds(str(form["kind"].value() or VisitKind.VISIT)),
        "steps": [_("Send the offer"), _("Call back"), _("Visit again"), _("Meet who decides")],
        "days": [
            {"label": label, "day": day}
            for label, day in days_ahead(today(), {7: _("In a week"), 14: _("In two weeks")})
        ],
        "cancel_url": account.get_absolute_url() if account else reverse("visits:list_visits"),
    }
    return show_form(request, form, template, **page, **context)


def _in_sheet(request: StaffRequest) -> bool:
    """Whether the form slides in over another page; on a phone it is a page of its own that asks by htmx too."""
    return bool(request.htmx) and request.htmx.target != "content"


def _kinds(chosen: str) -> dict[str, Any]:
    """The kinds as chips, the usual ones apart from the others."""
    every = [
        {"value": kind.value, "label": kind.label, "icon": kind.icon, "is_chosen": kind.value == chosen}
        for kind in VisitKind
    ]
    others = every[USUAL:]
    return {"usual": every[:USUAL], "others": others, "other_chosen": any(kind["is_chosen"] for kind in others)}
