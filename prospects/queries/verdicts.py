"""What was said in reviews on a day."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.db.models import Count
from django.utils import timezone

from core.users import Actor
from prospects.choices import Verdict
from prospects.models import ReviewVerdict


def verdicts_on(by: Actor, on: date) -> dict[Verdict, int]:
    """How often this person said what on the day; verdicts not said are 0."""
    begin = timezone.make_aware(datetime.combine(on, time()))
    rows = ReviewVerdict.objects.filter(by=by.pk, at__gte=begin, at__lt=begin + timedelta(days=1)).order_by()
    said = dict(rows.values_list("verdict").annotate(count=Count("id")))
    return {verdict: said.get(verdict.value, 0) for verdict in Verdict}
