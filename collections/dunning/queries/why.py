"""Why a customer stands where he does in the queue, in sentences, the weightiest first."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any, Protocol

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.money import money_writer
from dunning.choices import NextAction, Worth
from dunning.rules.slots import Slot
from receivables.choices import Grade


class Ranked(Protocol):
    """What of a case, or of a line of the queue, says why it stands where it does."""

    @property
    def parts(self) -> Any: ...
    @property
    def broken_since(self) -> date | None: ...
    @property
    def papers_missing(self) -> bool: ...
    @property
    def next_action(self) -> str: ...
    @property
    def next_action_on(self) -> date | None: ...
    @property
    def callable_amount(self) -> Decimal: ...
    @property
    def currency(self) -> str: ...
    @property
    def oldest_due_on(self) -> date | None: ...
    @property
    def grade(self) -> str: ...


def why_of(case: Ranked, slot: Slot, on: date) -> tuple[str, ...]:
    """Sentences on the day `on`: broken promise, papers, step due, paying days, money and age, the moment."""
    return why_writer(on)(case, slot)


def why_writer(on: date) -> Callable[[Ranked, Slot], tuple[str, ...]]:
    """`why_of` for many cases: what reads the same for all of them is looked up once."""
    write, steps = money_writer(), {code: str(label) for code, label in NextAction.choices}
    pays = [
        (Worth.PAYING_SOON, _("They pay within three days.")),
        (Worth.PAYING_TODAY, _("They pay today.")),
        (Worth.PAYING_PASSED, _("Their paying day was yesterday.")),
    ]

    def why(case: Ranked, slot: Slot) -> tuple[str, ...]:
        factors = case.parts.get("factors", {})
        found = []
        if case.broken_since:
            found.append(_("A promise was broken on %(day)s.") % {"day": _day(case.broken_since)})
        if case.papers_missing:
            found.append(_("Papers are missing: put them right first."))
        if case.next_action and case.next_action_on and case.next_action_on <= on:
            words = {"day": _day(case.next_action_on), "step": steps[case.next_action]}
            found.append(_("Agreed for %(day)s: %(step)s.") % words)
        found.extend([sentence for code, sentence in pays if code in factors][:1])
        found.append(_money(case, on, write(case.callable_amount, case.currency)))
        found.extend(str(reason.label) for reason in slot.reasons if slot.is_best or not slot.is_open)
        return tuple(found)

    return why


def _money(case: Ranked, on: date, amount: str) -> str:
    days = (on - case.oldest_due_on).days if case.oldest_due_on else 0
    text = ngettext(
        "%(money)s to collect, the oldest %(days)s day late.",
        "%(money)s to collect, the oldest %(days)s days late.",
        days,
    )
    grade = Grade(case.grade)
    sentence = text % {"money": amount, "days": days}
    return sentence if grade == Grade.NORMAL else f"{sentence} {grade.sign} {grade.label}"


def _day(day: date) -> str:
    return date_format(day, "SHORT_DATE_FORMAT")
