"""Words of the board: days as people say them, classes as badges."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Any

from django import template
from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from core.workdays import today
from prospects.choices import Stage

register = template.Library()


@register.filter
def days(count: int | None) -> str:
    """A length of time: 1 day, 12 days."""
    return "–" if count is None else days_in(count, get_language())


@lru_cache(maxsize=2_000)
def days_in(count: int, language: str | None) -> str:
    """The same for those who draw hundreds and have asked once for the language."""
    # The language is part of the key here and below: the same day reads differently in another one.
    return ngettext("%(count)d day", "%(count)d days", count) % {"count": count}


@register.filter
def day_month(day: date | None) -> str:
    """A day without its year, 24 Nov, unless it lies in another year."""
    return "–" if day is None else day_month_in(day, today().year, get_language())


@lru_cache(maxsize=2_000)
def day_month_in(day: date, this_year: int, language: str | None) -> str:
    """The same, the year and the language given."""
    return date_format(day, "MONTH_DAY_FORMAT" if day.year == this_year else "SHORT_DATE_FORMAT")


@register.filter
def when(day: date | None) -> str:
    """A planned day as people say it: today, tomorrow, 24 Nov; a passed one by how late it is."""
    return "–" if day is None else when_in(day, today(), get_language())


@lru_cache(maxsize=2_000)
def when_in(day: date, on: date, language: str | None) -> str:
    """The same, today and the language given."""
    ahead = (day - on).days
    if ahead < 0:
        return ngettext("%(count)d day late", "%(count)d days late", -ahead) % {"count": -ahead}
    if ahead < 2:
        return _("tomorrow") if ahead else _("today")
    return day_month_in(day, on.year, language)


@register.filter
def plan_state(prospect: Any) -> str:
    """How the next step stands: none, none-mild (not owed yet, at E), late, today or ahead."""
    return state_of_plan(prospect.stage, prospect.next_step, prospect.next_step_on, today())


def state_of_plan(stage: int, step: str, step_on: date | None, on: date) -> str:
    """The same from values: R8 owes a next step above E."""
    if not step or step_on is None:
        return "none" if stage > Stage.E else "none-mild"
    if step_on < on:
        return "late"
    return "today" if step_on == on else "ahead"


@register.filter
def as_stage(value: int | None) -> Stage | None:
    """The class of a stored number."""
    return None if value is None else Stage(value)


@register.filter
def letter(value: int | None) -> str:
    """Its letter."""
    return "" if value is None else Stage(value).letter
