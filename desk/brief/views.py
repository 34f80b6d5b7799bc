"""The brief on the screen and as PDF."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from core.answers import UNKEPT, pdf_answer
from core.errors import DomainError
from core.requests import StaffRequest
from core.typesetting import TypesettingError
from desk.brief.documents import brief_pdf, facts_of, file_name, goal_note, more_of
from desk.brief.queries import Brief, fitted, visit_brief
from desk.brief.rules import PartKey, in_columns
from relationships.queries import get_visit


def show_brief(request: StaffRequest, visit_id: int) -> HttpResponse:
    """The page for the phone and for printing. A visit that is over leads to what came of it.

    No browser keeps a page with a birthday on it.
    """
    if not get_visit(request.user, visit_id).is_planned:
        return redirect("visits:visit", visit_id)
    brief = fitted(visit_brief(request.user, visit_id))
    landmines = brief.part(PartKey.LANDMINES)
    page = {
        "brief": brief,
        "visit": brief.visit,
        "facts": facts_of(brief),
        "goal_note": goal_note(brief),
        "landmines": landmines,
        "landmines_more": more_of(landmines) if landmines else "",
        "columns": [[(part, more_of(part)) for part in column] for column in in_columns(brief.parts)],
    }
    answer = render(request, "desk/visit_brief.html", page)
    if brief.part(PartKey.BIRTHDAYS):
        answer["Cache-Control"] = UNKEPT
    return answer


def brief_as_pdf(request: StaffRequest, visit_id: int) -> HttpResponse:
    """The same page as PDF, shown by the browser itself."""
    return brief_answer(visit_brief(request.user, visit_id))


def brief_answer(brief: Brief) -> HttpResponse:
    """The brief as a file."""
    try:
        made = brief_pdf(brief)
    except TypesettingError as error:
        raise DomainError(_("The PDF could not be made."), code="no_pdf") from error
    return pdf_answer(made, file_name(brief))
