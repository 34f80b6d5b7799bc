"""What people type about collecting. Shape only: whether it is right, the actions decide."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.errors import DomainError
from core.shapes import ChipsWidget, PersonChoice, Section, ShapeOnly, day_field, section
from dunning.choices import CallOutcome, NextAction, Reached
from dunning.models import Case, DunningRule
from dunning.queries import CallBrief, possible_collectors
from receivables.choices import Cause, Paper, Papers

SOMEBODY_ELSE = "other"
WEEKDAYS = (
    (0, _("Monday")), (1, _("Tuesday")), (2, _("Wednesday")), (3, _("Thursday")), (4, _("Friday")), (5, _("Saturday")),
    (6, _("Sunday")),
)  # fmt: skip
TIME = {"type": "time"}


@dataclass
class Instalment:
    """A row of the promise as it was typed, and what is wrong with it."""

    amount: str = ""
    due_on: str = ""
    error: str = ""


class CallForm(forms.Form):
    """What came of a call (C9): outcome, who, the reason given, the promise, what was said, what comes next."""

    outcome = forms.ChoiceField(
        label=_("Outcome"),
        choices=CallOutcome.choices,
        error_messages={"required": _("Say how the call ended.")},
    )
    contact = forms.ChoiceField(label=_("Spoke with"), required=False)
    person = forms.CharField(label=_("Name"), max_length=120, required=False)
    channel = forms.ChoiceField(label=_("Channel"), choices=Reached.choices, required=False)
    cause = forms.ChoiceField(label=_("Reason given"), required=False)
    currency = forms.ChoiceField(label=_("Currency"), required=False)
    said = forms.CharField(
        label=_("What was said"), required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 2})
    )
    next_action = forms.ChoiceField(label=_("Next step"), required=False)
    next_action_on = day_field(_("On"), required=False)
    invoices = forms.MultipleChoiceField(required=False)

    def __init__(self, brief: CallBrief, data: Any = None) -> None:
        super().__init__(data)
        self.brief = brief
        people = [(str(person.position.contact_id), person.name) for person in brief.people]
        first = people[0][0] if people else SOMEBODY_ELSE
        self._choose("contact", [*people, (SOMEBODY_ELSE, _("somebody else …"))], first)
        self._choose("cause", [("", _("none given")), *Cause.choices], "")
        self._choose("next_action", [("", _("as usual")), *NextAction.choices], "")
        currencies = [total.currency for total in brief.totals] or [brief.case.currency]
        self._choose("currency", [(code, code) for code in currencies], brief.case.currency or currencies[0])
        self._choose("invoices", [(str(item.invoice.pk), item.invoice.number) for item in brief.items], "")
        self.initial["channel"] = Reached.PHONE.value
        for name, field in self.fields.items():
            select = isinstance(field, forms.ChoiceField) and name not in {"outcome", "invoices"}
            field.widget.attrs["class"] = "form-select form-select-sm" if select else "form-control form-control-sm"

    def _choose(self, name: str, choices: Iterable[tuple[str, Any]], initial: str) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = list(choices)
        self.initial[name] = initial

    @property
    def chosen(self) -> str:
        """The outcome that is marked."""
        return str(self.data.get("outcome", "")) if self.is_bound else ""

    @property
    def ticked(self) -> set[str]:
        """The invoices talked about."""
        return set(self._typed("invoices"))

    @property
    def instalments(self) -> list[Instalment]:
        """The rows of the promise as typed; at least one to fill."""
        return self._rows() or [Instalment()]

    def _typed(self, name: str) -> list[str]:
        """All values sent under a name."""
        return self.data.getlist(name) if isinstance(self.data, MultiValueDict) else []

    def _rows(self) -> list[Instalment]:
        typed = zip(self._typed("amount"), self._typed("due_on"), strict=False)
        rows = [Instalment(amount.strip(), due_on.strip()) for amount, due_on in typed]
        return [row for row in rows if row.amount or row.due_on]

    def clean(self) -> dict[str, Any]:
        """Read the rows of the promise; whether they make one, the action says."""
        given = super().clean() or {}
        read = [_read(row) for row in self._rows()]
        self.promise_error = next((error for _row, error in read if error), "")
        if self.promise_error:
            self.add_error(None, self.promise_error)
        given["promise"] = [row for row, _error in read if row]
        return given

    def given(self) -> dict[str, Any]:
        """The answers about the call, as `actions.log_call` takes them; what was promised stands in `promise`."""
        data = self.cleaned_data
        contact = data["contact"]
        return {
            "outcome": CallOutcome(data["outcome"]),
            "channel": Reached(data["channel"] or Reached.PHONE),
            "contact_id": int(contact) if contact.isdigit() else None,
            "person": "" if contact.isdigit() else data["person"],
            "cause": data["cause"],
            "said": data["said"],
            "next_action": data["next_action"],
            "next_action_on": data["next_action_on"],
            "invoice_ids": [int(pk) for pk in data["invoices"]],
        }

    def promise(self) -> dict[str, Any] | None:
        """What was promised: instalments, currency, in which words, for which of the ticked invoices; None for nothing."""
        data = self.cleaned_data
        if not data["promise"]:
            return None
        currency = data["currency"] or self.brief.case.currency
        ticked = {int(pk) for pk in data["invoices"]}
        return {
            "instalments": data["promise"],
            "currency": currency,
            "quote": data["said"],
            "invoice_ids": [
                item.invoice.pk
                for item in self.brief.items
                if item.invoice.pk in ticked and item.invoice.currency == currency
            ],
        }

    def replaced(self) -> int | None:
        """The open promise about the same money: the new word takes its place."""
        currency = self.cleaned_data["currency"] or self.brief.case.currency
        return next((one.pk for one in self.brief.open_promises if one.currency == currency), None)

    def refuse(self, refusal: DomainError) -> None:
        """Say what is wrong where it was asked."""
        field = refusal.field if refusal.field in self.fields else None
        if refusal.field == "instalments":
            self.promise_error = str(refusal.message)
        self.add_error(field, str(refusal.message))


def _read(row: Instalment) -> tuple[tuple[date, Decimal] | None, str]:
    """The day and the amount of a row, or what is wrong with it. Separators of thousands may be typed."""
    try:
        amount = forms.DecimalField(max_digits=18, decimal_places=2).clean(
            row.amount.replace(",", "").replace("，", "")
        )
        day = forms.DateField().clean(row.due_on)
    except forms.ValidationError:
        return None, gettext("An instalment is an amount and a day.")
    return (day, amount), ""


class CaseForm(ShapeOnly):
    """Our goal and minimum, the customer's hours, whether he may be contacted."""

    @property
    def sections(self) -> list[Section]:
        """In the order in which they are asked for."""
        return [
            section(self, _("What we want"), "goal", "minimum"),
            section(self, _("Their day"), "time_zone", ("opens_at", "closes_at"), ("lunch_from", "lunch_to")),
            section(self, "", "cease_contact"),
        ]

    class Meta:
        model = Case
        fields = ("goal", "minimum", "time_zone", "opens_at", "lunch_from", "lunch_to", "closes_at", "cease_contact")
        widgets = {
            name: forms.TimeInput(format="%H:%M", attrs=TIME)
            for name in ("opens_at", "lunch_from", "lunch_to", "closes_at")
        }


class PauseForm(forms.Form):
    """No dunning before a day, and why."""

    until = day_field(_("Hold until"))
    reason = forms.CharField(label=_("Reason"), max_length=300)


class AssignForm(forms.Form):
    """Who collects from the customers chosen."""

    collector = PersonChoice(
        label=_("Collector"),
        queryset=possible_collectors().none(),
        required=False,
        empty_label=_("nobody in particular"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        collector = self.fields["collector"]
        if isinstance(collector, forms.ModelChoiceField):
            collector.queryset = possible_collectors().select_related("team")


class PapersForm(forms.Form):
    """The papers of one invoice: how far they have come, what is missing."""

    papers = forms.ChoiceField(label=_("Papers"), choices=Papers.choices)
    missing_papers = forms.MultipleChoiceField(
        label=_("Missing"), choices=Paper.choices, required=False, widget=ChipsWidget
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["papers"].widget.attrs["class"] = "form-select form-select-sm"


class RuleForm(ShapeOnly):
    """Hours, limits and grace of collecting; what stands on letters."""

    quiet_weekdays = forms.TypedMultipleChoiceField(
        label=_("No calls on"), choices=WEEKDAYS, coerce=int, required=False, widget=ChipsWidget
    )

    @property
    def sections(self) -> list[Section]:
        """In the order in which they are asked for."""
        return [
            section(
                self, _("When we call"), ("earliest", "latest"), ("owners_from", "first_minutes"), "quiet_weekdays"
            ),
            section(self, _("How often"), ("attempts_a_day", "claim_minutes"), ("touch_gap_days", "smallest_amount")),
            section(self, _("Promises"), "grace_workdays", "confirm_at_once"),
            section(self, _("On letters"), "sender_name", "sender_address", "bank_details"),
        ]

    class Meta:
        model = DunningRule
        fields = (
            "earliest", "latest", "owners_from", "first_minutes", "attempts_a_day", "claim_minutes", "quiet_weekdays",
            "grace_workdays", "touch_gap_days", "smallest_amount", "sender_name", "sender_address", "bank_details",
            "confirm_at_once",
        )  # fmt: skip
        widgets = {
            **{name: forms.TimeInput(format="%H:%M", attrs=TIME) for name in ("earliest", "latest", "owners_from")},
            "sender_address": forms.Textarea(attrs={"rows": 3}),
            "bank_details": forms.Textarea(attrs={"rows": 3}),
        }
