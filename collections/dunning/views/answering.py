"""When calls are answered (assurance §2.8): the hours of the week, of all customers or of one."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.dates import WEEKDAYS, WEEKDAYS_ABBR

from core.permissions import require
from core.requests import StaffRequest
from dunning import queries
from dunning.queries.answering import answer_rates
from dunning.rules.slots import Tally

LEVELS = (80, 60, 40, 20, 0)
"""From how many percent on a cell has which of five shades, the darkest first."""


@dataclass(frozen=True)
class Cell:
    """An hour of the week: percent answered, of how many calls, and its shade (0 to 4); no calls, no percent."""

    tally: Tally
    percent: int | None
    level: int


def answer_hours(request: StaffRequest) -> HttpResponse:
    """How many calls were answered, by hour and weekday on the customers’ own clocks; `?account=` only that customer’s."""
    require(request.user, "dunning.collect")
    asked = request.GET.get("account", "")
    case = queries.get_case(request.user, int(asked)) if asked.isdecimal() and len(asked) < 19 else None
    rates = answer_rates(timezone.now(), case.account_id if case else None)
    found = rates.own if case else rates.everybody
    hours = sorted({hour for _weekday, hour in found})
    days = sorted({*range(5), *(weekday for weekday, _hour in found)})
    context = {
        "account": case.account if case else None,
        "days": [(WEEKDAYS[day], WEEKDAYS_ABBR[day]) for day in days],
        "rows": [(f"{hour:02}:00", [_cell(found.get((day, hour), Tally())) for day in days]) for hour in hours],
        "whole": sum(found.values(), Tally()),
    }
    return render(request, "dunning/answer_hours.html", context)


def _cell(tally: Tally) -> Cell:
    if not tally.calls:
        return Cell(tally, None, 0)
    percent = round(100 * tally.answered / tally.calls)
    return Cell(tally, percent, len(LEVELS) - 1 - next(place for place, least in enumerate(LEVELS) if percent >= least))
