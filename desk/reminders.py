"""What the desk adds to reminders of other apps: the brief goes with the appointment that is to be confirmed."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext_lazy

from core.errors import DomainError, NotFound
from core.models import User
from core.words import listed
from desk.brief.queries import Brief, visit_brief
from desk.brief.rules import PartKey
from reminders.registry import goes_with

NAMES = 3
"""People named in a mail."""


@goes_with("relationships.confirm_visit", label=pgettext_lazy("of a visit", "Brief"), url="desk:visit_brief")
def brief_in_short(reader: User, visit_id: int) -> Sequence[str]:
    """Goal, whom we meet, what was said last and what we promised.

    A mail is forwarded and stays in a mailbox: landmines, money and other customers are only announced, they are read
    after signing in.
    """
    try:
        brief = visit_brief(reader, visit_id)
    except (NotFound, DomainError):
        return ()
    return [line for line in (_goal(brief), _people(brief), _last(brief), _promised(brief), _inside(brief)) if line]


def _goal(brief: Brief) -> str:
    return _("Goal: %(goal)s") % {"goal": brief.goal} if brief.goal else ""


def _people(brief: Brief) -> str:
    part = brief.part(PartKey.PEOPLE)
    if part is None or not brief.has_people:
        return ""
    names = listed(f"{line.text} ({line.note})" if line.note else line.text for line in part.lines[:NAMES])
    more = len(part.lines) - NAMES
    return _("We meet %(names)s") % {"names": f"{names} +{more}" if more > 0 else names}


def _last(brief: Brief) -> str:
    part = brief.part(PartKey.CONTACTS)
    return _("Last contact: %(contact)s") % {"contact": part.lines[0].text} if part else ""


def _promised(brief: Brief) -> str:
    part = brief.part(PartKey.PROMISES)
    return (
        _("We promised: %(step)s (%(who)s)") % {"step": part.lines[0].text, "who": part.lines[0].note} if part else ""
    )


def _inside(brief: Brief) -> str:
    """What the mail only announces."""
    found = []
    if mines := brief.part(PartKey.LANDMINES):
        count = len(mines.lines)
        found.append(ngettext("%(count)s landmine", "%(count)s landmines", count) % {"count": count})
    if brief.part(PartKey.MONEY):
        found.append(_("open money"))
    if evidence := brief.part(PartKey.EVIDENCE):
        count = sum(line.tone == "good" for line in evidence.lines)
        named = ngettext("%(count)s reference", "%(count)s references", count) % {"count": count}
        found += [named] if count else []
    return _("Read in the brief: %(what)s") % {"what": listed(found)} if found else ""
