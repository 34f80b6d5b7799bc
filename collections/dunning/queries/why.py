"""Why a customer stands where he does in the queue, in sentences, the weightiest first."""

from __future__ import annotations

from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.money import format_money
from dunning.choices import NextAction, Worth
from dunning.models import Case
from dunning.rules.slots import Slot
from receivables.choices import Grade


def why_of(case: Case, slot: Slot, on: date) -> tuple[str, ...]:
    """Sentences on the day `on`: broken promise, papers, step due, paying days, money and age, the moment."""
    factors = case.parts.get("factors", {})
    found = []
    if case.broken_since:
        found.append(_("A promise was broken on %(day)s.") % {"day": _day(case.broken_since)})
    if case.papers_missing:
        found.append(_("Papers are missing: put them right first."))
    if case.next_action and case.next_action_on and case.next_action_on <= on:
        step = NextAction(case.next_action).label
        found.append(_("Agreed for %(day)s: %(step)s.") % {"day": _day(case.next_action_on), "step": step})
    if Worth.PAYING_SOON in factors:
        found.append(_("They pay within three days."))
    elif Worth.PAYING_TODAY in factors:
        found.append(_("They pay today."))
    elif Worth.PAYING_PASSED in factors:
        found.append(_("Their paying day was yesterday."))
    found.append(_money(case, on))
    found.extend(str(reason.label) for reason in slot.reasons if slot.is_best or not slot.is_open)
    return tuple(found)


def _money(case: Case, on: date) -> str:
    days = (on - case.oldest_due_on).days if case.oldest_due_on else 0
    values = {"money": format_money(case.callable_amount, case.currency), "days": days}
    text = ngettext(
        "%(money)s to collect, the oldest %(days)s day late.",
        "%(money)s to collect, the oldest %(days)s days late.",
        days,
    )
    grade = Grade(case.grade)
    sentence = text % values
    return sentence if grade == Grade.NORMAL else f"{sentence} {grade.sign} {grade.label}"


def _day(day: date) -> str:
    return date_format(day, "SHORT_DATE_FORMAT")
