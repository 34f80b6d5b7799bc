"""What the lists of contacts and positions, and the API, can be narrowed by."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import django_filters
from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.choices import Tier
from accounts.models import Account
from core.models import User
from relationships.choices import ContactRole, Meeting, VisitKind, VisitState
from relationships.models import Contact, Position, Visit, VisitCampaign, VisitQuerySet
from relationships.models.visits import PLANNED, RECORDED


class ContactFilters(django_filters.FilterSet):
    """One set for page and API. Roles and title look at present positions."""

    owner = django_filters.ModelChoiceFilter(label=_("Owner"), queryset=User.objects.filter(is_active=True))
    role = django_filters.ChoiceFilter(label=_("Role"), choices=ContactRole.choices, method="with_role")
    title = django_filters.CharFilter(label=_("Title"), method="with_title")
    preferred_language = django_filters.ChoiceFilter(label=_("Preferred language"), choices=settings.LANGUAGES)
    tag = django_filters.CharFilter(label=_("Tag"), method="with_tag")

    class Meta:
        model = Contact
        fields: tuple[str, ...] = ()

    def with_role(self, rows: QuerySet[Contact], name: str, role: str) -> QuerySet[Contact]:
        """People who hold the role somewhere now."""
        return rows.filter(pk__in=self._positions().filter(roles__contains=[role]).values("contact"))

    def with_title(self, rows: QuerySet[Contact], name: str, title: str) -> QuerySet[Contact]:
        """People whose present title contains these words."""
        return rows.filter(pk__in=self._positions().filter(title__icontains=title).values("contact"))

    def with_tag(self, rows: QuerySet[Contact], name: str, tag: str) -> QuerySet[Contact]:
        """People who carry the tag."""
        return rows.filter(tags__contains=[tag.strip()])

    def _positions(self) -> QuerySet[Position]:
        """Present positions at accounts the asking user sees."""
        return Position.objects.visible_to(self.request.user).current()


class ContactApiFilters(ContactFilters):
    """The API narrows by the account's id as well."""

    account = django_filters.NumberFilter(method="at_account")

    def at_account(self, rows: QuerySet[Contact], name: str, account_id: int) -> QuerySet[Contact]:
        """People who work there now."""
        return rows.filter(pk__in=self._positions().filter(account=int(account_id)).values("contact"))


class PositionFilters(django_filters.FilterSet):
    """For the API."""

    account = django_filters.NumberFilter(field_name="account_id")
    contact = django_filters.NumberFilter(field_name="contact_id")
    role = django_filters.ChoiceFilter(choices=ContactRole.choices, method="with_role")
    current = django_filters.BooleanFilter(field_name="ended_on", lookup_expr="isnull")

    class Meta:
        model = Position
        fields: tuple[str, ...] = ()

    def with_role(self, rows: QuerySet[Position], name: str, role: str) -> QuerySet[Position]:
        """Positions with the role."""
        return rows.filter(roles__contains=[role])


class VisitFilters(django_filters.FilterSet):
    """For the list of visits and the API."""

    state = django_filters.ChoiceFilter(label=_("State"), choices=VisitState.choices, method="in_state")
    kind = django_filters.ChoiceFilter(label=pgettext_lazy("of a visit", "Kind"), choices=VisitKind.choices)
    owner = django_filters.ModelChoiceFilter(label=_("Made by"), queryset=User.objects.filter(is_active=True))
    mine = django_filters.BooleanFilter(label=_("My visits"), method="of_mine")
    meeting = django_filters.ChoiceFilter(label=_("First or follow-up"), choices=Meeting.choices)
    at_after = django_filters.DateFilter(label=_("From"), method="from_day")
    at_before = django_filters.DateFilter(label=_("Until"), method="until_day")
    account = django_filters.NumberFilter(label=_("Account"), field_name="account_id")
    campaign = django_filters.NumberFilter(label=_("Campaign"), field_name="campaign_id")

    class Meta:
        model = Visit
        fields: tuple[str, ...] = ()

    def of_mine(self, rows: VisitQuerySet, name: str, wanted: bool) -> VisitQuerySet:
        """Those the reader makes or comes along to, or those in which he has no part."""
        mine = rows.of_people([self.request.user.pk])
        return mine if wanted else rows.exclude(pk__in=mine.values("pk"))

    def from_day(self, rows: QuerySet[Visit], _name: str, on: date) -> QuerySet[Visit]:
        """Not before that day began where the reader is."""
        return rows.filter(at__gte=_midnight(on))

    def until_day(self, rows: QuerySet[Visit], _name: str, on: date) -> QuerySet[Visit]:
        """Before that day was over."""
        return rows.filter(at__lt=_midnight(on + timedelta(days=1)))

    def in_state(self, rows: QuerySet[Visit], name: str, state: str) -> QuerySet[Visit]:
        """Planned, recorded or called off."""
        conditions = {VisitState.PLANNED: PLANNED, VisitState.RECORDED: RECORDED}
        return rows.filter(conditions.get(VisitState(state), Q(cancelled_at__isnull=False)))


class CampaignFilters(django_filters.FilterSet):
    """For the API."""

    running = django_filters.BooleanFilter(field_name="closed_at", lookup_expr="isnull")
    team = django_filters.NumberFilter(field_name="team_id")

    class Meta:
        model = VisitCampaign
        fields: tuple[str, ...] = ()


class NeglectedFilters(django_filters.FilterSet):
    """For the list of accounts left alone too long."""

    tier = django_filters.MultipleChoiceFilter(label=_("Tier"), choices=Tier.choices)
    owner = django_filters.ModelChoiceFilter(label=_("Owner"), queryset=User.objects.filter(is_active=True))

    class Meta:
        model = Account
        fields: tuple[str, ...] = ()


def _midnight(on: date) -> datetime:
    return timezone.make_aware(datetime.combine(on, time.min))
