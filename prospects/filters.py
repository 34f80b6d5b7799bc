"""What the list of prospects and the API can be narrowed by; every number of the dashboard is one of these lists."""

from __future__ import annotations

from datetime import date
from typing import Any

import django_filters
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.models import Team, User
from core.money import CURRENCY_CHOICES
from core.workdays import today
from prospects.choices import Attention, ChangeKind, MoveKind, Movement, Period, Stage, State
from prospects.models import Prospect, StageChange
from prospects.queries import Selection, in_movement, stuck_prospects
from prospects.queries.conditions import MOVES as MOVED
from prospects.queries.conditions import condition_of
from prospects.queries.settings import board_settings
from prospects.rules import forecast

STATES = {
    State.OPEN: Q(closed_on__isnull=True),
    State.CLOSED: Q(closed_on__isnull=False),
    State.WON: Q(outcome="won"),
    State.LOST: Q(outcome="lost"),
}
MOVES = {
    MoveKind.UP: Q(to_stage__gt=F("from_stage")),
    MoveKind.DOWN: Q(to_stage__lt=F("from_stage")),
    MoveKind.OVERRIDDEN: Q(kind=ChangeKind.OVERRIDDEN),
    MoveKind.FELL_BACK: Q(kind=ChangeKind.FELL_BACK),
}


ABOUT_MOVES = ("moved", "moved_from", "moved_to", "moved_how", "since")


class ProspectFilters(django_filters.FilterSet):
    """One set for page and API.

    `movement` asks for one bar of the bridge of `week`; owner, team, period and currency then say of which bridge, as on
    the dashboard, because what has moved out belongs to somebody else by now.
    """

    state = django_filters.ChoiceFilter(label=_("State"), choices=State.choices, method="in_state")
    stage = django_filters.TypedMultipleChoiceFilter(
        label=pgettext_lazy("prospect", "Class"), choices=Stage.choices, coerce=int, distinct=False
    )
    owner = django_filters.ModelChoiceFilter(label=_("Owner"), queryset=User.objects.filter(is_active=True))
    team = django_filters.ModelChoiceFilter(
        label=_("Team"), queryset=Team.objects.all(), method="in_team", help_text=_("With the teams below it.")
    )
    period = django_filters.ChoiceFilter(label=_("Period"), choices=Period.choices, method="in_period")
    attention = django_filters.ChoiceFilter(label=_("Wants attention"), choices=Attention.choices, method="wanting")
    expected = django_filters.DateFromToRangeFilter(label=_("Expected close"), field_name="expected_close_on")
    undated = django_filters.BooleanFilter(
        label=_("Without expected close"), field_name="expected_close_on", lookup_expr="isnull"
    )
    closed = django_filters.DateFromToRangeFilter(label=_("Closed"), field_name="closed_on")
    currency = django_filters.ChoiceFilter(label=_("Currency"), choices=CURRENCY_CHOICES)
    account = django_filters.NumberFilter(label=_("Account"), field_name="account_id")
    moved = django_filters.ChoiceFilter(label=_("Moved"), choices=MoveKind.choices, method="having_moved")
    moved_from = django_filters.TypedChoiceFilter(
        label=_("Moved from"), choices=Stage.choices, coerce=int, method="having_moved"
    )
    moved_to = django_filters.TypedChoiceFilter(
        label=_("Moved to"), choices=Stage.choices, coerce=int, method="having_moved"
    )
    moved_how = django_filters.ChoiceFilter(label=_("How it moved"), choices=ChangeKind.choices, method="having_moved")
    since = django_filters.DateFilter(label=_("Moved since"), method="having_moved")
    movement = django_filters.ChoiceFilter(label=_("Movement"), choices=Movement.choices, method="in_bridge")
    week = django_filters.DateFilter(label=_("Week of the bridge"), method="with_movement")

    class Meta:
        model = Prospect
        fields: tuple[str, ...] = ()

    def filter_queryset(self, queryset: QuerySet[Prospect]) -> QuerySet[Prospect]:
        """All filters together; those that say whose bridge, and the words of one move, are read once."""
        given = self.form.cleaned_data
        skipped = {"owner", "team", "period", "currency"} if given.get("movement") else set()
        moves = [name for name in ABOUT_MOVES if given.get(name) not in (None, "")]
        if moves:  # one look at the moves, whatever the period of the prospects
            skipped |= {"period", *moves[1:]}
        for name, value in given.items():
            if name not in skipped:
                queryset = self.filters[name].filter(queryset, value)
        return queryset

    @property
    def selection(self) -> Selection:
        """Owner, team and period as the board and the dashboard take them."""
        given = self.form.cleaned_data
        owner, team, period = given.get("owner"), given.get("team"), given.get("period")
        return Selection(owner and owner.pk, team and team.pk, Period(period) if period else None)

    def in_state(self, rows: QuerySet[Prospect], name: str, state: str) -> QuerySet[Prospect]:
        """Open, closed, won or lost."""
        return rows.filter(STATES[State(state)])

    def in_team(self, rows: QuerySet[Prospect], name: str, team: Team) -> QuerySet[Prospect]:
        """The team's prospects and those of every team below it."""
        return rows.filter(team__path__startswith=team.path)

    def in_period(self, rows: QuerySet[Prospect], name: str, period: str) -> QuerySet[Prospect]:
        """Open ones expected to close in the period, closed ones that did."""
        span = forecast.span(Period(period), today())
        return rows.filter(
            Q(closed_on__isnull=True, expected_close_on__range=span) | Q(closed_on__range=span),
        )

    def wanting(self, rows: QuerySet[Prospect], name: str, attention: str) -> QuerySet[Prospect]:
        """Open ones of which the dashboard counts that something wants doing."""
        if attention == Attention.STUCK:
            return rows.filter(pk__in=stuck_prospects(self.request.user))
        return rows.filter(condition_of(Attention(attention), board_settings(), today()))

    def having_moved(self, rows: QuerySet[Prospect], name: str, value: Any) -> QuerySet[Prospect]:
        """Prospects with a class change of that kind, from and to those classes, since that day (this week's Monday)."""
        given = self.form.cleaned_data
        since: date = given.get("since") or forecast.week_of(today())
        changes = StageChange.objects.filter(MOVED, prospect=OuterRef("pk"), on__gte=since)
        if given.get("moved"):
            changes = changes.filter(MOVES[MoveKind(given["moved"])])
        for word, field in (("moved_from", "from_stage"), ("moved_to", "to_stage"), ("moved_how", "kind")):
            if given.get(word) not in (None, ""):
                changes = changes.filter(**{field: given[word]})
        return rows.filter(Exists(changes))

    def in_bridge(self, rows: QuerySet[Prospect], name: str, movement: str) -> QuerySet[Prospect]:
        """The prospects behind one bar of the bridge."""
        given = self.form.cleaned_data
        bar = in_movement(
            self.request.user, Movement(movement), self.selection, given.get("week"), given.get("currency") or ""
        )
        return rows.filter(bar)

    def with_movement(self, rows: QuerySet[Prospect], name: str, week: date) -> QuerySet[Prospect]:
        """Only says of which week `movement` is."""
        return rows
