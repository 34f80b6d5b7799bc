"""The brief as PDF: one A4 page, set in the letters' fonts, in its reader's language."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from pypdf import PdfReader

from core.typesetting import TypesettingError, pdf_of
from core.words import listed
from desk.brief.queries import Brief, fitted
from desk.brief.rules import ROOM, Line, Part, PartKey, in_columns

TEMPLATE = Path(__file__).resolve().parent / "typst" / "brief.typ"
TIGHTER = 12
"""Lines taken off when the page was set and still ran over."""


def brief_pdf(brief: Brief) -> bytes:
    """The brief on one page. What is set is measured: should it run over, less of it is set, the important first."""
    for room in range(ROOM, 0, -TIGHTER):
        made = pdf_of(TEMPLATE, brief_data(fitted(brief, room)))
        if len(PdfReader(BytesIO(made)).pages) == 1:
            return made
    raise TypesettingError("a brief does not fit on one page")


def file_name(brief: Brief) -> str:
    """What the file is called."""
    return f"brief-{brief.visit.pk}-{timezone.localdate(brief.visit.at)}.pdf"


def brief_data(brief: Brief) -> dict[str, Any]:
    """The values the template takes; `brief` is fitted."""
    visit, account = brief.visit, brief.account
    is_chinese = (get_language() or "").startswith("zh")
    return {
        "lang": "zh" if is_chinese else "en",
        "region": "cn" if is_chinese else "us",
        "kicker": _("Visit brief"),
        "title": account.name,
        "facts": facts_of(brief),
        "goal": {"label": _("Goal"), "text": brief.goal or _("Not said yet."), "note": goal_note(brief)},
        "landmines": [_part(part) for part in brief.parts if part.key == PartKey.LANDMINES],
        "columns": [[_part(part) for part in column] for column in in_columns(brief.parts)],
        "footer": _("%(company)s · for %(name)s only · as of %(day)s")
        % {
            "company": settings.COMPANY_NAME,
            "name": listed(brief.ours),
            "day": date_format(brief.on, "SHORT_DATE_FORMAT"),
        },
        "name": _("Visit brief: %(visit)s") % {"visit": visit},
    }


def facts_of(brief: Brief) -> list[str]:
    """What, when, where, who of us: one line each, below the customer's name."""
    visit, account = brief.visit, brief.account
    start = timezone.localtime(visit.at)
    day = {"weekday": date_format(start, "l"), "moment": date_format(start, "SHORT_DATETIME_FORMAT")}
    length = _("%(minutes)s minutes") % {"minutes": visit.minutes}
    standing = (account.get_tier_display(), account.get_development_stage_display(), account.industry)
    return [
        " · ".join((str(visit.get_kind_display()), _("%(weekday)s, %(moment)s") % day, length)),
        " · ".join(filter(None, (account.city, account.address))),
        " · ".join(filter(None, map(str, standing))),
        _("For us: %(names)s") % {"names": listed(brief.ours)},
    ]


def goal_note(brief: Brief) -> str:
    """Where a goal was taken from that nobody has typed."""
    return _("Next step of “%(prospect)s”") % {"prospect": brief.goal_from} if brief.goal_from else ""


def more_of(part: Part) -> str:
    """How much of a part was left out: +3 more, or that nobody has counted. Nothing for nothing."""
    if part.is_endless:
        return _("and more")
    return _("+%(count)s more") % {"count": part.more} if part.more else ""


def _part(part: Part) -> dict[str, Any]:
    return {"title": part.title, "lines": [_line(line) for line in part.lines], "more": more_of(part)}


def _line(line: Line) -> dict[str, str]:
    return {"text": line.text, "note": " · ".join(filter(None, (line.note, line.phone))), "tone": line.tone}
