"""What the lists of calls and promises can be narrowed by."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

import django_filters
from django.db import models
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.models import User
from core.money import CURRENCY_CHOICES
from core.people import colleagues
from core.workdays import today
from dunning.choices import CallOutcome, PromiseState
from dunning.models import CollectionCall, Promise
from dunning.queries import due_on, in_grace
from dunning.rules.promises import FAILED
from receivables.choices import Cause


def colleagues_of(request: Any) -> QuerySet[User]:
    """The colleagues a filter offers."""
    return colleagues(request.user) if request else User.objects.none()


class CallFilters(django_filters.FilterSet):
    """Calls by outcome, by whom, about whom, when."""

    outcome = django_filters.ChoiceFilter(label=_("Outcome"), choices=CallOutcome.choices)
    cause = django_filters.ChoiceFilter(label=_("Reason given"), choices=Cause.choices)
    by = django_filters.ModelChoiceFilter(label=_("Called by"), queryset=colleagues_of)
    account = django_filters.NumberFilter(label=_("Account"), field_name="account_id")
    called_after = django_filters.DateFilter(label=_("Called from"), method="from_day")
    called_before = django_filters.DateFilter(label=_("Called until"), method="until_day")

    class Meta:
        model = CollectionCall
        fields: tuple[str, ...] = ()

    def from_day(self, rows: QuerySet[CollectionCall], _name: str, on: date) -> QuerySet[CollectionCall]:
        """Not before that day began where the reader is."""
        return rows.filter(called_at__gte=_midnight(on))

    def until_day(self, rows: QuerySet[CollectionCall], _name: str, on: date) -> QuerySet[CollectionCall]:
        """Before that day was over."""
        return rows.filter(called_at__lt=_midnight(on + timedelta(days=1)))


def _midnight(on: date) -> datetime:
    return timezone.make_aware(datetime.combine(on, time()))


class Due(models.TextChoices):
    """Open promises by their day."""

    TODAY = "today", _("due today")
    GRACE = "grace", _("past their day, in grace")


class PromiseFilters(django_filters.FilterSet):
    """Promises by what became of them, by their last day, by account and currency."""

    state = django_filters.ChoiceFilter(label=_("State"), choices=PromiseState.choices)
    due = django_filters.ChoiceFilter(label=_("Due"), choices=Due.choices, method="due_then")
    failed = django_filters.BooleanFilter(label=_("Broken or partly kept"), method="having_failed")
    account = django_filters.NumberFilter(label=_("Account"), field_name="account_id")
    currency = django_filters.ChoiceFilter(label=_("Currency"), choices=CURRENCY_CHOICES)
    due_after = django_filters.DateFilter(label=_("Last day from"), field_name="last_due_on", lookup_expr="gte")
    due_before = django_filters.DateFilter(label=_("Last day until"), field_name="last_due_on", lookup_expr="lte")
    by = django_filters.ModelChoiceFilter(label=_("Recorded by"), queryset=colleagues_of)

    class Meta:
        model = Promise
        fields: tuple[str, ...] = ()

    def due_then(self, rows: QuerySet[Promise], _name: str, due: str) -> QuerySet[Promise]:
        """Open ones with a part due today, or with one past its day."""
        return rows.filter(due_on(today()) if due == Due.TODAY else in_grace(today()))

    def having_failed(self, rows: QuerySet[Promise], _name: str, failed: bool) -> QuerySet[Promise]:
        """Broken, wholly or in part."""
        return rows.filter(state__in=FAILED) if failed else rows.exclude(state__in=FAILED)
