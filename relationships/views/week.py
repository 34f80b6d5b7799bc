"""The plan of one week: its days, and beside them who else wants a visit (V2)."""

from __future__ import annotations

from datetime import date, timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.answers import saved
from core.errors import DomainError
from core.permissions import allowed, require
from core.requests import StaffRequest
from core.workdays import today
from relationships import actions
from relationships.queries import get_person, visits_of_week, week_of_person
from relationships.rules.week import free_moment, monday_of
from relationships.views.tabs import visit_tabs


def week(request: StaffRequest) -> HttpResponse:
    """`?on=2026-11-24` says which week, `?who=7` whose; this week and oneself without."""
    who = request.GET.get("who", "")
    person, people = get_person(request.user, int(who) if who.isdigit() else None)
    on = today()
    monday = monday_of(_day(request.GET.get("on", "")) or on)
    is_own = person == request.user
    context = {
        "tabs": visit_tabs("week"),
        "week": week_of_person(request.user, person, monday, on),
        "people": people if len(people) > 1 else [],
        "person": person,
        "monday": monday,
        "sunday": monday + timedelta(days=6),
        "before_url": _address(monday - timedelta(days=7), who),
        "after_url": _address(monday + timedelta(days=7), who),
        "now_url": "" if monday == monday_of(on) else _address(on, who),
        "may_plan": is_own and allowed(request.user, "visits.plan"),
        "may_record": is_own and allowed(request.user, "visits.record"),
        "is_own": is_own,
    }
    return render(request, "relationships/week.html", context)


@require_POST
def plan_candidate(request: StaffRequest) -> HttpResponse:
    """One tap, or a drag to a day: a visit of an hour in the first free hour of that day."""
    require(request.user, "visits.plan")
    day = _day(request.POST.get("day", ""))
    account_id, campaign_id = request.POST.get("account", ""), request.POST.get("campaign", "")
    if day is None or not account_id.isdigit():
        raise DomainError(_("Enter a valid date."), field="day")
    taken = [
        (visit.at, visit.minutes)
        for visit in visits_of_week(request.user, request.user, monday_of(day))
        if timezone.localdate(visit.at) == day
    ]
    at = free_moment(day, taken, timezone.get_current_timezone(), timezone.now())
    visit = actions.plan_visit(
        by=request.user, account_id=int(account_id), at=at, purpose=request.POST.get("purpose", "")[:200],
        campaign_id=int(campaign_id) if campaign_id.isdigit() else None,
    )  # fmt: skip
    said = _("%(account)s: planned for %(time)s.") % {
        "account": visit.account, "time": timezone.localtime(at).strftime("%H:%M"),
    }  # fmt: skip
    return saved(request, _address(day, ""), said, changed="visit")


def _day(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None


def _address(day: date, who: str) -> str:
    return f"{reverse('visits:week')}?on={day.isoformat()}" + (f"&who={who}" if who.isdigit() else "")
