"""What the lists of invoices and payments can be narrowed by; every number of the dashboard is one of these lists."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from accounts.queries import visible_accounts
from core import search
from core.models import Team, User
from core.money import CURRENCY_CHOICES
from core.scope import among
from core.workdays import today
from receivables.choices import (
    CreditReason,
    Decision,
    DisputeReason,
    Flow,
    Grade,
    InvoiceState,
    Method,
    Papers,
    PaymentState,
    RightToSue,
)
from receivables.models import Contract, CreditNote, Dispute, Invoice, Payment, WriteOff
from receivables.queries import (
    age_buckets,
    aged_invoices,
    invoices_near_the_end,
    receivables_rule,
    visible_contracts,
)
from receivables.queries.age_sums import AgeBasis, cuts_of
from receivables.rules.ageing import span

DUE_SOON = 7
"""Days ahead that "due soon" looks."""
AS_OF = ("open_on", "basis", "bucket", "overdue")
"""Words that ask for what was open on a day, read together."""


def accounts_of(request: Any) -> QuerySet[Account]:
    """The accounts a link may name."""
    return visible_accounts(request.user) if request else Account.objects.none()


def contracts_of(request: Any) -> QuerySet[Contract]:
    """The contracts a link may name."""
    return visible_contracts(request.user) if request else Contract.objects.none()


class OfAccountFilters(django_filters.FilterSet):
    """Whose rows: an account (from a link), an owner's customers, a team's; and one currency."""

    PATH = "account"

    find = django_filters.CharFilter(label=_("Search"), method="found", widget=forms.HiddenInput)
    currency = django_filters.ChoiceFilter(label=_("Currency"), choices=CURRENCY_CHOICES)
    owner = django_filters.ModelChoiceFilter(
        label=_("Owner"), queryset=User.objects.filter(is_active=True), method="of_owner"
    )
    team = django_filters.ModelChoiceFilter(
        label=_("Team"), queryset=Team.objects.all(), method="in_team", help_text=_("With the teams below it.")
    )
    own_team = django_filters.ModelChoiceFilter(
        label=_("Team"), queryset=Team.objects.all(), null_label=_("without a team"), method="of_team",
        widget=forms.HiddenInput, help_text=_("Without the teams below it."),
    )  # fmt: skip
    account = django_filters.ModelChoiceFilter(
        label=_("Account"), queryset=accounts_of, method="of_account", widget=forms.HiddenInput
    )

    def of_account(self, rows: QuerySet[Any], name: str, account: Account) -> QuerySet[Any]:
        """One customer's."""
        return rows.filter(**{f"{self.PATH}_id": account.pk})

    def of_owner(self, rows: QuerySet[Any], name: str, owner: User) -> QuerySet[Any]:
        """Those of the accounts he looks after."""
        return rows.filter(**{f"{self.PATH}__owner": owner})

    def in_team(self, rows: QuerySet[Any], name: str, team: Team) -> QuerySet[Any]:
        """The team's and those of every team below it."""
        return rows.filter(**{f"{self.PATH}__team__path__startswith": team.path})

    def of_team(self, rows: QuerySet[Any], name: str, team: Team | str) -> QuerySet[Any]:
        """The team's alone, as a line of the ageing counts them; those of no team when it is none."""
        return rows.filter(**{f"{self.PATH}__team": team if isinstance(team, Team) else None})

    def found(self, rows: QuerySet[Any], name: str, text: str) -> QuerySet[Any]:
        """Rows whose number begins so, and rows of the customers found by it."""
        return rows.filter(self.named(text.strip()) | self.of_found_accounts(text))

    def named(self, text: str) -> Q:
        """Condition: the number begins so, in small or capital letters."""
        return Q(number__startswith=text) | Q(number__startswith=text.upper())

    def of_found_accounts(self, text: str) -> Q:
        """Condition: the customer is one that the search finds."""
        return among(f"{self.PATH}_id", search.match(visible_accounts(self.request.user), text).values("pk"))


class InvoiceFilters(OfAccountFilters):
    """One set for page and API.

    `open_on` asks for what was open at the end of a day; `basis`, `bucket`, `grade` and `overdue` then mean that day,
    as in the ageing. `expected_from`/`expected_to`: the day the customer named, else the due day.
    """

    state = django_filters.ChoiceFilter(label=_("State"), choices=InvoiceState.choices, method="in_state")
    disputed = django_filters.BooleanFilter(label=_("Disputed"), method="in_dispute")
    papers = django_filters.MultipleChoiceFilter(label=_("Papers"), choices=Papers.choices, distinct=False)
    grade = django_filters.MultipleChoiceFilter(label=_("Grade"), choices=Grade.choices, method="of_grade")
    bucket = django_filters.TypedChoiceFilter(label=_("Age"), coerce=int, method="in_bucket")
    basis = django_filters.ChoiceFilter(
        label=_("Age by"),
        choices=[("overdue", _("days past due")), ("age", _("account age from recognition"))],
        method="with_day",
        widget=forms.HiddenInput,
    )
    right_to_sue = django_filters.ChoiceFilter(
        label=_("Right to sue"), choices=RightToSue.choices, method="with_right_to_sue"
    )
    due = django_filters.DateFromToRangeFilter(label=_("Due"), field_name="due_on")
    issued = django_filters.DateFromToRangeFilter(label=_("Issued"), field_name="issued_on")
    open_on = django_filters.DateFilter(label=_("Open on"), method="as_of")
    overdue = django_filters.BooleanFilter(label=_("Overdue"), method="with_day", widget=forms.HiddenInput)
    expected_from = django_filters.DateFilter(
        label=_("Expected from"), method="expected_since", widget=forms.HiddenInput
    )
    expected_to = django_filters.DateFilter(label=_("Expected until"), method="expected_by", widget=forms.HiddenInput)
    contract = django_filters.ModelChoiceFilter(label=_("Contract"), queryset=contracts_of, widget=forms.HiddenInput)

    class Meta:
        model = Invoice
        fields: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "bucket" in self.filters:
            self.filters["bucket"].extra["choices"] = self._buckets()

    def _buckets(self) -> list[tuple[int, str]]:
        basis: AgeBasis = "age" if (self.data or {}).get("basis") == "age" else "overdue"
        return [(bucket.place, bucket.label) for bucket in age_buckets(basis, receivables_rule().ageing_edges)]

    def filter_queryset(self, queryset: QuerySet[Invoice]) -> QuerySet[Invoice]:
        """All filters together; the words about a day are read once."""
        given = self.form.cleaned_data
        skipped: set[str] = set()
        if self.day is not None:
            queryset = self._of_day(queryset, self.day)
            skipped = {*AS_OF, "grade"}
        for name, value in given.items():
            if name not in skipped:
                queryset = self.filters[name].filter(queryset, value)
        return queryset

    @property
    def day(self) -> date | None:
        """The past day asked about; None for now."""
        on: date | None = self.form.cleaned_data.get("open_on")
        return on if on is not None and on < today() else None

    def _of_day(self, rows: QuerySet[Invoice], on: date) -> QuerySet[Invoice]:
        given = self.form.cleaned_data
        aged = aged_invoices(
            self.request.user,
            on=on,
            basis=given.get("basis") or "overdue",
            bucket=given.get("bucket") if given.get("bucket") not in (None, "") else None,
            grades=[Grade(grade) for grade in given.get("grade") or ()],
        )
        return aged.filter(due_on__lt=on) if given.get("overdue") else aged

    def as_of(self, rows: QuerySet[Invoice], name: str, on: date) -> QuerySet[Invoice]:
        """What is open now: today's figures ask for that day too."""
        return rows.filter(open_amount__gt=0)

    def with_day(self, rows: QuerySet[Invoice], name: str, value: Any) -> QuerySet[Invoice]:
        """`overdue` of today; `basis` only says what `bucket` means."""
        return rows.filter(open_amount__gt=0, due_on__lt=today()) if name == "overdue" and value else rows

    def in_bucket(self, rows: QuerySet[Invoice], name: str, place: int) -> QuerySet[Invoice]:
        """Open ones of an age."""
        basis: AgeBasis = "age" if self.form.cleaned_data.get("basis") == "age" else "overdue"
        cuts = cuts_of(basis, today(), receivables_rule().ageing_edges)
        first, last = span(cuts, min(max(place, 0), len(cuts)))
        column = "recognised_on" if basis == "age" else "due_on"
        words = {f"{column}__gte": first, f"{column}__lte": last}
        return rows.filter(open_amount__gt=0, **{word: day for word, day in words.items() if day is not None})

    def of_grade(self, rows: QuerySet[Invoice], name: str, grades: list[str]) -> QuerySet[Invoice]:
        """Open ones with one of these grades: settled ones keep the last they had."""
        return rows.filter(open_amount__gt=0, grade__in=grades) if grades else rows

    def with_right_to_sue(self, rows: QuerySet[Invoice], name: str, nearness: str) -> QuerySet[Invoice]:
        """Open ones whose last day to sue is so near, or over (C14)."""
        near = invoices_near_the_end(RightToSue(nearness), on=today())
        return rows.filter(among("pk", near), open_amount__gt=0)

    def in_state(self, rows: QuerySet[Invoice], name: str, state: str) -> QuerySet[Invoice]:
        """Open, overdue, due soon, settled."""
        on = today()
        if state == InvoiceState.SETTLED:
            return rows.filter(open_amount=0)
        rows = rows.filter(open_amount__gt=0)
        if state == InvoiceState.OVERDUE:
            return rows.filter(due_on__lt=on)
        if state == InvoiceState.DUE_SOON:
            return rows.filter(due_on__range=(on, on + timedelta(days=DUE_SOON)))
        return rows

    def in_dispute(self, rows: QuerySet[Invoice], name: str, wanted: bool) -> QuerySet[Invoice]:
        """Those of which a part is disputed."""
        return rows.filter(disputed_amount__gt=0) if wanted else rows.filter(disputed_amount=0)

    def expected_since(self, rows: QuerySet[Invoice], name: str, on: date) -> QuerySet[Invoice]:
        """Open ones whose money should come on or after this day."""
        return rows.filter(Q(expected_on__gte=on) | Q(expected_on=None, due_on__gte=on), open_amount__gt=0)

    def expected_by(self, rows: QuerySet[Invoice], name: str, on: date) -> QuerySet[Invoice]:
        """Open ones whose money should come on or before this day."""
        return rows.filter(Q(expected_on__lte=on) | Q(expected_on=None, due_on__lte=on), open_amount__gt=0)


class PaymentFilters(OfAccountFilters):
    """One set for page and API."""

    flow = django_filters.ChoiceFilter(label=_("Direction"), choices=Flow.choices)
    state = django_filters.ChoiceFilter(label=_("State"), choices=PaymentState.choices, method="in_state")
    method = django_filters.MultipleChoiceFilter(label=_("Method"), choices=Method.choices, distinct=False)
    received_from = django_filters.DateFilter(label=_("Received from"), field_name="received_on", lookup_expr="gte")
    received_to = django_filters.DateFilter(label=_("Received until"), field_name="received_on", lookup_expr="lte")

    class Meta:
        model = Payment
        fields: tuple[str, ...] = ()

    def named(self, text: str) -> Q:
        """Condition: the bank reference begins so."""
        return Q(reference__startswith=text)

    def in_state(self, rows: QuerySet[Payment], name: str, state: str) -> QuerySet[Payment]:
        """What still wants work, and what was taken back."""
        if state == PaymentState.UNKNOWN:
            return rows.filter(account=None, reversed_on=None)
        if state == PaymentState.REVERSED:
            return rows.filter(reversed_on__isnull=False)
        return rows.filter(unallocated__gt=0)


class CreditNoteFilters(OfAccountFilters):
    """What the credit notes can be narrowed by."""

    state = django_filters.ChoiceFilter(
        label=_("State"),
        choices=[choice for choice in PaymentState.choices if choice[0] != PaymentState.UNKNOWN],
        method="in_state",
    )
    reason = django_filters.MultipleChoiceFilter(label=_("Reason"), choices=CreditReason.choices, distinct=False)
    issued = django_filters.DateFromToRangeFilter(label=_("Issued"), field_name="issued_on")

    class Meta:
        model = CreditNote
        fields: tuple[str, ...] = ()

    def in_state(self, rows: QuerySet[CreditNote], name: str, state: str) -> QuerySet[CreditNote]:
        """What settles nothing yet, and what was taken back."""
        if state == PaymentState.REVERSED:
            return rows.filter(reversed_on__isnull=False)
        return rows.filter(unallocated__gt=0)


class ContractFilters(OfAccountFilters):
    """What the contracts can be narrowed by."""

    class Meta:
        model = Contract
        fields: tuple[str, ...] = ()


class DisputeFilters(OfAccountFilters):
    """What the disputes can be narrowed by."""

    PATH = "invoice__account"

    currency = django_filters.ChoiceFilter(
        label=_("Currency"), choices=CURRENCY_CHOICES, field_name="invoice__currency"
    )
    open = django_filters.BooleanFilter(label=_("Open"), field_name="resolved_on", lookup_expr="isnull")
    reason = django_filters.MultipleChoiceFilter(label=_("Reason"), choices=DisputeReason.choices, distinct=False)

    class Meta:
        model = Dispute
        fields: tuple[str, ...] = ()

    def named(self, text: str) -> Q:
        """Condition: the number of the invoice begins so."""
        return Q(invoice__number__startswith=text) | Q(invoice__number__startswith=text.upper())


class WriteOffFilters(OfAccountFilters):
    """What the write-offs can be narrowed by."""

    PATH = "invoice__account"

    currency = django_filters.ChoiceFilter(
        label=_("Currency"), choices=CURRENCY_CHOICES, field_name="invoice__currency"
    )
    decision = django_filters.ChoiceFilter(label=_("State"), choices=Decision.choices)

    class Meta:
        model = WriteOff
        fields: tuple[str, ...] = ()

    def named(self, text: str) -> Q:
        """Condition: the number of the invoice begins so."""
        return Q(invoice__number__startswith=text) | Q(invoice__number__startswith=text.upper())
