"""The working calendar in the settings."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from core.answers import attempt, saved, show_form
from core.calendar import actions
from core.calendar.forms import CalendarFileForm, DayForm
from core.calendar.queries import MANUAL, WARN_BELOW, YEARS, calendar_year, find_day, official_days_left, official_until
from core.errors import NotFound
from core.permissions import require
from core.requests import StaffRequest
from core.words import listed
from core.workdays import today


def calendar(request: StaffRequest) -> HttpResponse:
    """One year, this one unless the address names another."""
    now = today()
    given = request.GET.get("year", "")
    year = int(given) if given.isascii() and given.isdigit() and len(given) == 4 else now.year
    year = min(max(year, YEARS[0]), YEARS[1])
    left = official_days_left(now)
    page = {
        "year": calendar_year(request.user, year, now),
        "official_until": official_until(),
        "days_left": left,
        "runs_out": left < WARN_BELOW,
        "manual": MANUAL,
    }
    return render(request, "core/calendar/calendar.html", page)


def edit_day(request: StaffRequest, day: str) -> HttpResponse:
    """Make one day a working day or a day off."""
    on = _day(day)
    row = find_day(request.user, on)
    # An ordinary day is opened to make it the other kind.
    works = row.is_workday if row else on.weekday() >= 5
    initial = {"is_workday": "work" if works else "off", "name": row.name if row else ""}
    form = DayForm(request.POST or None, initial=initial)
    back = f"{reverse('core:calendar')}?year={on.year}"
    if form.is_valid():
        done = attempt(form, lambda: actions.set_day(by=request.user, on=on, **form.cleaned_data))
        if done:
            return saved(request, back, _("Saved."), changed="calendar", go=True)
    return show_form(
        request, form, "core/calendar/edit_day.html", title=date_format(on, "DATE_FORMAT"),
        subtitle=date_format(on, "l"), day=on, row=row, submit=_("Save"), cancel_url=back,
    )  # fmt: skip


@require_POST
def clear_day(request: StaffRequest, day: str) -> HttpResponse:
    """Make one day ordinary again."""
    on = _day(day)
    actions.clear_day(by=request.user, on=on)
    messages.success(request, _("%(day)s is an ordinary day again.") % {"day": date_format(on, "DATE_FORMAT")})
    return redirect(f"{reverse('core:calendar')}?year={on.year}")


def import_calendar(request: StaffRequest) -> HttpResponse:
    """Take over a published calendar."""
    require(request.user, "calendar.manage")
    form = CalendarFileForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        file = form.cleaned_data["file"]
        done = attempt(form, lambda: actions.import_calendar(by=request.user, file_name=file.name, content=file.read()))
        if done:
            messages.success(request, _in_words(done))
            return redirect(f"{reverse('core:calendar')}?year={done.years[-1]}")
    return render(request, "core/calendar/import_calendar.html", {"form": form}, status=422 if form.errors else 200)


def _in_words(done: actions.ImportedCalendar) -> str:
    years = listed(done.years)
    if not (done.added or done.changed or done.removed):
        return _("Nothing new for %(years)s: the calendar is as the file says already.") % {"years": years}
    count = done.added + done.changed + done.removed
    return ngettext(
        "%(years)s is official now: %(count)s day changed.", "%(years)s is official now: %(count)s days changed.", count
    ) % {"years": years, "count": count}


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise NotFound from None
