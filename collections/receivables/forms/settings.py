"""Forms of the settings: buckets, thresholds, interest; provision rates; limits of write-offs; working out a provision."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from core.models import Role
from core.money import CURRENCY_CHOICES
from core.roles import ROLES
from core.shapes import Section, ShapeOnly, day_field, section
from core.workdays import today
from receivables.choices import Grade, ProvisionBasis
from receivables.forms.invoices import as_percent
from receivables.models import ReceivablesRule, WriteOffLimit
from receivables.queries import age_buckets


class EdgesField(forms.CharField):
    """The last days of each bucket, typed as 30, 60, 90."""

    def prepare_value(self, value: Any) -> Any:
        return value if isinstance(value, str) else ", ".join(str(edge) for edge in value or ())

    def to_python(self, value: Any) -> Any:
        words = [word for word in re.split(r"[\s,，、;]+", str(value or "").strip()) if word]
        if not words or not all(word.isdigit() and len(word) < 5 for word in words):
            raise forms.ValidationError(_now("Write the days as numbers: 30, 60, 90."))
        return [int(word) for word in words]

    def validate(self, value: Any) -> None:
        """Done while reading."""

    def run_validators(self, value: Any) -> None:
        """Done while reading."""


class RuleForm(ShapeOnly):
    """Buckets, thresholds of the grades, interest, usual terms."""

    ageing_edges = EdgesField(
        label=_("Ageing buckets"), help_text=_("The last day of each bucket past due: 30, 60, 90, 180, 365.")
    )
    interest_percent = forms.DecimalField(
        label=_("Interest per day late (%)"), max_digits=7, decimal_places=5, min_value=0,
        help_text=_("Where a contract says nothing: 0.05 % a day (decree 802)."),
    )  # fmt: skip

    class Meta:
        model = ReceivablesRule
        fields = (
            "ageing_edges", "interest_basis", "doubtful_after_days", "doubtful_broken_promises", "bad_after_days",
            "bad_before_limitation_days", "terms_days",
        )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["interest_percent"] = as_percent(self.instance.interest_per_day)

    @property
    def sections(self) -> list[Section]:
        """The fields in the order people think of them."""
        return [
            section(self, "", "ageing_edges", "terms_days"),
            section(
                self, _("When a debt turns doubtful or bad"),
                ("doubtful_after_days", "doubtful_broken_promises"), ("bad_after_days", "bad_before_limitation_days"),
            ),
            section(self, _("Interest"), ("interest_percent", "interest_basis")),
        ]  # fmt: skip

    def given(self) -> dict[str, Any]:
        """As the action takes it."""
        values = dict(self.cleaned_data)
        percent: Decimal = values.pop("interest_percent")
        return values | {"interest_per_day": percent / 100, "interest_basis": int(values["interest_basis"])}


class RatesForm(forms.Form):
    """The percent provided for at each step of a basis, from a day on."""

    effective_on = day_field(_("From"), initial=today)

    def __init__(
        self, basis: ProvisionBasis, edges: Sequence[int], rates: Mapping[int, Decimal], data: Any = None
    ) -> None:
        super().__init__(data, prefix=basis.value)
        self.basis = basis
        for step, label in enumerate(step_labels(basis, edges)):
            rate = rates.get(step)
            self.fields[f"rate_{step}"] = forms.DecimalField(
                label=label, required=False, min_value=0, max_value=100, max_digits=6, decimal_places=3,
                initial=as_percent(rate),
                widget=forms.NumberInput(attrs={"class": "form-control number", "step": "0.001", "placeholder": "0"}),
            )  # fmt: skip
        self.fields["effective_on"].widget.attrs["class"] = "form-control"

    @property
    def steps(self) -> list[forms.BoundField]:
        """The boxes without the day."""
        return [bound for bound in self if bound.name.startswith("rate_")]

    def given(self) -> tuple[dict[int, Decimal], date]:
        """Shares by step, and the day they begin."""
        steps = {
            int(name.removeprefix("rate_")): (value or Decimal(0)) / 100
            for name, value in self.cleaned_data.items()
            if name.startswith("rate_")
        }
        return steps, self.cleaned_data["effective_on"]


def step_labels(basis: ProvisionBasis, edges: Sequence[int]) -> list[str]:
    """The names of the steps of a basis."""
    if basis == ProvisionBasis.GRADE:
        return [f"{grade.sign} {grade.label}" for grade in Grade]
    return [bucket.label for bucket in age_buckets("age" if basis == ProvisionBasis.AGE else "overdue", edges)]


APPROVERS = [role for role in Role if "receivables.approve_write_off" in ROLES[role]]


class LimitForm(forms.Form):
    """Up to which amount a role may approve a write-off in a currency."""

    role = forms.ChoiceField(label=_("Role"), choices=[(role.value, role.label) for role in APPROVERS])
    currency = forms.ChoiceField(label=_("Currency"), choices=CURRENCY_CHOICES)
    amount = forms.DecimalField(
        label=_("Up to"), required=False, min_value=0, max_digits=18, decimal_places=2, help_text=_("Empty: none.")
    )

    @staticmethod
    def begin(limit: WriteOffLimit) -> dict[str, Any]:
        """What a row of the table fills in."""
        return {"role": limit.role, "currency": limit.currency, "amount": limit.amount}


class ProvisionForm(forms.Form):
    """Which provision to look at or work out."""

    on = forms.DateField(
        label=_("As of"), required=False, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    basis = forms.ChoiceField(label=_("By"), required=False, choices=ProvisionBasis.choices)
    currency = forms.ChoiceField(label=_("Currency"), required=False, choices=CURRENCY_CHOICES)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, made in self.fields.items():
            made.widget.attrs["class"] = "form-control" if name == "on" else "form-select"
        self.fields["on"].widget.attrs["max"] = today().isoformat()
        self.is_valid()

    def chosen(self, default_currency: str) -> tuple[date, ProvisionBasis, str]:
        """What was chosen; what cannot be read is as good as not chosen."""
        given = self.cleaned_data
        on = min(given.get("on") or today(), today())
        basis = ProvisionBasis(given.get("basis") or ProvisionBasis.OVERDUE)
        return on, basis, given.get("currency") or default_currency


class ReconcileForm(forms.Form):
    """Finance's list of a day."""

    file = forms.FileField(label=_("File"), widget=forms.FileInput(attrs={"accept": ".csv,.xlsx,.txt,.tsv"}))
    on = day_field(_("Open as of"))
    currency = forms.ChoiceField(label=_("Currency"), choices=CURRENCY_CHOICES)


class ExplainForm(forms.Form):
    """How a difference came about."""

    note = forms.CharField(label=_("Explanation"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))
