"""Days. Today, and the company's working days: Monday to Friday, less holidays, plus make-up days (rows of WorkDay)."""

from collections.abc import Mapping
from datetime import date, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from core.models import WorkDay


def today() -> date:
    """The day where the reader is (the company's time zone in jobs). Rules receive it as `on`; nothing else asks the clock."""
    return timezone.localdate()


def is_workday(on: date) -> bool:
    """Whether people work on this day."""
    exception = WorkDay.objects.filter(date=on).values_list("is_workday", flat=True).first()
    return _by_weekday(on) if exception is None else exception


def add_workdays(on: date, days: int) -> date:
    """The day that lies `days` working days after `on` (before it, when negative). Zero gives `on` itself."""
    step = 1 if days >= 0 else -1
    left = abs(days)
    # A holiday block never swallows more than three weeks; twice the span and a month is always enough to look at.
    far = on + timedelta(days=step * (left * 2 + 31))
    exceptions = _exceptions(min(on, far), max(on, far))
    day = on
    while left:
        day += timedelta(days=step)
        left -= exceptions.get(day, _by_weekday(day))
    return day


def next_workday(on: date) -> date:
    """`on` itself if people work then, else the first working day after it."""
    return add_workdays(on - timedelta(days=1), 1)


def days_ahead(on: date, spans: Mapping[int, str]) -> list[tuple[str, date]]:
    """Working days to choose from, each by its name: the one after `on`, then the first from each span of days on.

    The one after `on` is “Tomorrow” only where it is; before a weekend or holiday it is the next working day.
    """
    days = [next_workday(on + timedelta(days=span)) for span in (1, *spans)]
    first = name_next(on, days[0])
    return list(zip((first, *spans.values()), days, strict=True))


def name_next(on: date, day: date) -> str:
    """What the working day after `on` is called there."""
    return _("Tomorrow") if day == on + timedelta(days=1) else _("Next working day")


def workdays_between(start: date, end: date) -> int:
    """Working days after `start` up to and including `end`; negative when `end` lies before."""
    if end < start:
        return -workdays_between(end, start)
    exceptions = _exceptions(start, end)
    days = (start + timedelta(days=n) for n in range(1, (end - start).days + 1))
    return sum(exceptions.get(day, _by_weekday(day)) for day in days)


def _exceptions(start: date, end: date) -> dict[date, bool]:
    return dict(WorkDay.objects.filter(date__range=(start, end)).values_list("date", "is_workday"))


def _by_weekday(on: date) -> bool:
    return on.weekday() < 5
