"""Words of collecting: days as people say them."""

from __future__ import annotations

from datetime import date

from django import template
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.workdays import today

register = template.Library()


@register.filter
def day_month(day: date | None) -> str:
    """A day of this year without the year: 24 Nov."""
    if day is None:
        return "–"
    return date_format(day, "MONTH_DAY_FORMAT" if day.year == today().year else "SHORT_DATE_FORMAT")


@register.filter
def when(day: date | None) -> str:
    """A planned day as people say it: today, tomorrow, 24 Nov; a passed one by how late it is."""
    if day is None:
        return "–"
    ahead = (day - today()).days
    if ahead < 0:
        return ngettext("%(count)d day late", "%(count)d days late", -ahead) % {"count": -ahead}
    if ahead < 2:
        return _("tomorrow") if ahead else _("today")
    return day_month(day)
