"""The calendar of visits: its page, and the visits and special days of the span it shows."""

from __future__ import annotations

import json
from datetime import datetime, time
from typing import Any

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _

from core.errors import DomainError
from core.models import User
from core.permissions import allowed
from core.requests import StaffRequest
from relationships.choices import VisitKind
from relationships.queries import calendar_visits, get_person, people_to_look_at, special_days
from relationships.queries.plan import LONGEST, MOST
from relationships.views.tabs import visit_tabs

TEAM = "team"


def calendar(request: StaffRequest) -> HttpResponse:
    """Visits by month, week or as a list; `?who=` a person's id or `team`, oneself without."""
    who = request.GET.get("who", "")
    owners = _owners(request, who)
    people = people_to_look_at(request.user)
    context = {
        "tabs": visit_tabs("calendar"),
        "people": people if len(people) > 1 else [],
        "who": who if len(owners) > 1 else str(owners[0]),
        "is_team": who == TEAM,
        "on": request.GET.get("on", "") if parse_date(request.GET.get("on", "") or "-") else "",
        "may_plan": allowed(request.user, "visits.plan"),
        "now": timezone.localtime().strftime("%Y-%m-%dT%H:%M:%S"),
        "words": json.dumps(_words(), ensure_ascii=False),
    }
    return render(request, "relationships/calendar.html", context)


def _words() -> dict[str, str]:
    """The sentences the calendar says by itself."""
    return {
        "none": _("No visits in these days. Click a day in the month to plan one."),
        "works": _("Make-up working day"),
        "moved": _("Moved."),
        "conflict": _("Somebody else changed this visit meanwhile. It went back; look at it again."),
        "offline": _("The server could not be reached. The visit went back to where it was."),
        "cut": _("Too many visits to show them all. Choose one person, or a week."),
    }


def calendar_visits_of(request: StaffRequest) -> HttpResponse:
    """JSON: the visits from `start` to `end` (at most six weeks), and the days that are none to plan for."""
    start, end = (_instant(request.GET.get(word, "")) for word in ("start", "end"))
    if end <= start or end - start > LONGEST:
        raise DomainError(_("Ask for at most %(days)s days.") % {"days": LONGEST.days}, field="end")
    owners = _owners(request, request.GET.get("who", ""))
    rows = calendar_visits(request.user, owners, start, end)
    write = _Writer(request.user, owners)
    days = special_days(timezone.localdate(start), timezone.localdate(end))
    return JsonResponse(
        {
            "visits": [write.visit(row) for row in rows],
            "days": [{"day": day.day.isoformat(), "works": day.is_workday, "name": day.name} for day in days],
            "cut": len(rows) >= MOST,
        }
    )


class _Writer:
    """Puts visits into the calendar's words; what is the same for all is looked up once."""

    def __init__(self, by: User, owners: list[int]) -> None:
        self.by, self.owners, self.on = by, frozenset(owners), timezone.localdate()
        self.may_plan, self.may_record = allowed(by, "visits.plan"), allowed(by, "visits.record")
        self.kinds = {code: str(label) for code, label in VisitKind.choices}
        self.url = reverse("visits:visit", args=[0])
        self.move_url = reverse("api:visit-move", args=[0])
        self.record_url = reverse("prospects:record_planned_visit", args=[0])

    def visit(self, row: dict[str, Any]) -> dict[str, Any]:
        """One visit; times are the reader's own, without a zone. Whose it is, where it is not plain; who comes along moves none.

        `record_url` is there where the reader's own visit has come to its day: what is tapped then is written up.
        """
        is_planned, is_joined = row["recorded_at"] is None, row["owner_id"] not in self.owners
        at = timezone.localtime(row["at"])
        is_due = is_planned and row["owner_id"] == self.by.pk and at.date() <= self.on
        return {
            "id": row["id"],
            "version": row["version"],
            "account": row["account__short_name"] or row["account__name"],
            "owner": row["owner__full_name"] if is_joined or len(self.owners) > 1 else "",
            "kind": self.kinds[row["kind"]],
            "purpose": row["purpose"],
            "at": at.strftime("%Y-%m-%dT%H:%M:%S"),
            "minutes": row["minutes"],
            "done": not is_planned,
            "movable": is_planned and self.may_plan and not is_joined,
            "url": self.url.replace("/0/", f"/{row['id']}/"),
            "record_url": self.record_url.replace("/0/", f"/{row['id']}/") if is_due and self.may_record else "",
            "move_url": self.move_url.replace("/0/", f"/{row['id']}/"),
        }


def _owners(request: StaffRequest, who: str) -> list[int]:
    """Whose visits: everybody's one may look at, one person's, or one's own."""
    if who == TEAM:
        return [person.pk for person in people_to_look_at(request.user)]
    person, _people = get_person(request.user, int(who) if who.isdigit() else None)
    return [person.pk]


def _instant(text: str) -> datetime:
    """A day or a moment of the reader's, as the calendar says it."""
    try:
        moment = parse_datetime(text)
        day = None if moment else parse_date(text)
    except ValueError:
        moment = day = None
    if moment is None and day is None:
        raise DomainError(_("Enter a valid date."), field="start")
    moment = moment or datetime.combine(day, time.min)  # type: ignore[arg-type]
    return timezone.make_aware(moment) if timezone.is_naive(moment) else moment
