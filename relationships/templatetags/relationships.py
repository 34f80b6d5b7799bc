"""Words of people: their roles as badges, the letters of an avatar, their birthdays."""

from datetime import date

from django import template
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from core.models.user import initials_of
from core.workdays import today
from relationships.choices import BirthdayCalendar, ContactRole
from relationships.rules.birthdays import LEAP_YEAR, Birthday, day_cn, month_cn

register = template.Library()

TONES = {ContactRole.COACH: "good", ContactRole.OPPONENT: "bad", ContactRole.DECIDER: "accent"}


@register.simple_tag
def role_badge(role: str) -> SafeString:
    """A role of R2; a coach, an opponent and who decides are set apart by colour as well as by word."""
    tone = TONES.get(ContactRole(role), "") if role in ContactRole.values else ""
    label = ContactRole(role).label if role in ContactRole.values else role
    return format_html('<span class="badge{}">{}</span>', f" badge-{tone}" if tone else "", label)


@register.filter
def initials(name: str) -> str:
    """What an avatar shows: 李雷 → 雷, Ana Berg → AB."""
    return initials_of(name)


@register.filter
def birthday_words(birthday: Birthday) -> str:
    """A birthday as it was told: 3 Dec, 1975-12-03, lunar month 8, day 15; 农历八月十五."""
    month, day, year = birthday.month, birthday.day, birthday.year
    if not birthday.calendar.is_lunar:
        whole = date(year or LEAP_YEAR, month, day)
        return date_format(whole, "SHORT_DATE_FORMAT" if year else "MONTH_DAY_FORMAT")
    leap = birthday.calendar == BirthdayCalendar.LEAP
    words = _("lunar leap month %(month)s, day %(day)s") if leap else _("lunar month %(month)s, day %(day)s")
    is_chinese = (get_language() or "").startswith("zh")
    told = words % {"month": month_cn(month) if is_chinese else month, "day": day_cn(day) if is_chinese else day}
    return f"{told} ({year})" if year else told


@register.filter
def days_away(day: date) -> str:
    """How far a day is from today: today, in 3 days, 1 day ago."""
    days = (day - today()).days
    if days == 0:
        return _("today")
    if days > 0:
        return ngettext("in %(count)d day", "in %(count)d days", days) % {"count": days}
    return ngettext("%(count)d day ago", "%(count)d days ago", -days) % {"count": -days}
