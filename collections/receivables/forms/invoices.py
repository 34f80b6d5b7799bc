"""Forms about one debt: entering it, its papers, what is disputed, given up or claimed beside it, its grade."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.queries import get_account, search_accounts
from core.models import User
from core.pickers import PickerField
from core.shapes import ChipsWidget, Section, ShapeOnly, day_field, section
from receivables.choices import DisputeOutcome, DisputeReason, Grade, Paper, Papers, WriteOffReason
from receivables.models import Contract, Invoice
from receivables.queries import find_contracts, get_contract


def amount_field(label: Any, **more: Any) -> forms.DecimalField:
    """An amount above zero, to the cent; the action says what is too much."""
    widget = forms.NumberInput(attrs={"step": "0.01", "min": "0.01", "inputmode": "decimal", "class": "number"})
    return forms.DecimalField(label=label, max_digits=18, decimal_places=2, widget=widget, **more)


def reason_field(label: Any, **more: Any) -> forms.CharField:
    """A sentence, asked for on two lines."""
    return forms.CharField(label=label, widget=forms.Textarea(attrs={"rows": 2}), **more)


def as_percent(share: Decimal | None) -> Decimal | None:
    """A share as percent without needless zeros: 0.1 is 10."""
    return None if share is None else Decimal(f"{(share * 100).normalize():f}")


def account_picker(form: forms.BaseForm, by: User, chosen: Any = None) -> None:
    """Let the form's account be searched while one types."""
    picker = form.fields["account"]
    if isinstance(picker, PickerField):
        picker.connect(lambda pk: get_account(by, pk), lambda text: search_accounts(by, text), chosen)


def missing_papers_field() -> forms.MultipleChoiceField:
    """Which papers are missing, as chips to press."""
    return forms.MultipleChoiceField(
        label=_("Missing papers"), choices=Paper.choices, required=False, widget=ChipsWidget
    )


class InvoiceForm(ShapeOnly):
    """A debt as it is entered: it never changes afterwards."""

    account = PickerField(url="accounts:pick_account", label=_("Account"), required=True)
    contract = PickerField(url="receivables:pick_contract", label=_("Contract"))
    amount = amount_field(_("Amount"))
    due_on = day_field(_("Due"), required=False, help_text=_("Empty: by the terms of the contract or the customer."))
    missing_papers = missing_papers_field()

    class Meta:
        model = Invoice
        fields = (
            "kind", "number", "amount", "currency", "issued_on", "due_on", "recognised_on", "purchase_order", "papers",
            "missing_papers", "expected_on", "note",
        )  # fmt: skip
        widgets = {
            "note": forms.Textarea(attrs={"rows": 2}),
            **{
                name: forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
                for name in ("issued_on", "recognised_on", "expected_on")
            },
        }

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        account_picker(self, by, self.initial.get("account"))
        self.fields["kind"].label = _("Kind")
        self.fields["recognised_on"].required = False
        self.fields["recognised_on"].help_text = _("The account age starts here. Empty: the day of the invoice.")
        contract = self.fields["contract"]
        if isinstance(contract, PickerField):
            contract.connect(
                lambda pk: get_contract(by, pk), lambda text: find_contracts(by, text), self.initial.get("contract")
            )

    @property
    def sections(self) -> list[Section]:
        """The fields in the order people are asked for them."""
        return [
            section(
                self, "", "account", ("number", "kind"), ("amount", "currency"), ("issued_on", "due_on"), "contract",
            ),
            section(self, _("Papers"), ("purchase_order", "papers"), "missing_papers"),
            section(self, _("More"), ("recognised_on", "expected_on"), "note", folded=True),
        ]  # fmt: skip

    def given(self) -> dict[str, Any]:
        """What was typed, as the action takes it."""
        values = dict(self.cleaned_data)
        account, contract = values.pop("account"), values.pop("contract")
        return values | {"account_id": account.pk, "contract_id": contract.pk if contract else None}


class PapersForm(forms.Form):
    """How far the papers have come, what is missing, when money is expected (C5)."""

    papers = forms.ChoiceField(label=_("Papers"), choices=Papers.choices)
    missing_papers = missing_papers_field()
    purchase_order = forms.CharField(label=_("Purchase order"), max_length=60, required=False)
    expected_on = day_field(_("Payment expected"), required=False, help_text=_("The day the customer named."))
    note = forms.CharField(label=_("Note"), required=False, widget=forms.Textarea(attrs={"rows": 3}))


class DisputeForm(forms.Form):
    """What the customer does not accept: dunning stops for this amount only."""

    amount = amount_field(_("Disputed amount"), required=False, help_text=_("Empty: all that is open."))
    reason = forms.ChoiceField(label=_("Reason"), choices=DisputeReason.choices)
    note = reason_field(_("What the customer says"), required=False)
    on = day_field(_("Since"), required=False)


class ResolveForm(forms.Form):
    """How a dispute ended."""

    outcome = forms.ChoiceField(label=_("Outcome"), choices=DisputeOutcome.choices, widget=forms.RadioSelect)
    resolution = reason_field(_("How it ended"))
    on = day_field(_("On"), required=False)


class WriteOffForm(forms.Form):
    """What is to be given up in the books, and why; somebody else decides."""

    amount = amount_field(_("Amount"))
    reason = forms.ChoiceField(label=_("Reason"), choices=WriteOffReason.choices)
    note = reason_field(_("Evidence and reason"))


class DecisionForm(forms.Form):
    """Approve or refuse a write-off; a refusal needs its reason."""

    because = reason_field(_("Reason"), required=False, max_length=300)


class GradeForm(forms.Form):
    """Confirm the rule's grade, or overrule it with a reason. `seen` is the grade the person looked at."""

    grade = forms.ChoiceField(label=_("Grade"), choices=Grade.choices, widget=forms.RadioSelect)
    note = reason_field(_("Reason"), required=False, max_length=500)
    seen = forms.ChoiceField(choices=Grade.choices, widget=forms.HiddenInput)


class ChargeForm(forms.Form):
    """Costs claimed beside an invoice."""

    amount = amount_field(_("Amount"))
    reason = reason_field(_("What for"), max_length=300)
    on = day_field(_("From"), required=False)


class InterestForm(forms.Form):
    """Late interest claimed up to a day."""

    on = day_field(_("Up to and including"), required=False)
    reason = reason_field(_("Note"), required=False, max_length=300)


class ContractForm(ShapeOnly):
    """What was agreed about paying."""

    account = PickerField(url="accounts:pick_account", label=_("Account"), required=True)
    interest_percent = forms.DecimalField(
        label=_("Interest per day late (%)"), required=False, max_digits=7, decimal_places=5, min_value=0,
        help_text=_("0.05 is 0.05 % a day. Empty: the setting."),
    )  # fmt: skip

    class Meta:
        model = Contract
        fields = (
            "number", "name", "signed_on", "ends_on", "amount", "currency", "terms_days", "terms", "allocation_rule",
            "security", "guarantor", "our_sme_declared",
        )  # fmt: skip
        widgets = {
            "terms": forms.Textarea(attrs={"rows": 2}),
            **{name: forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}) for name in ("signed_on", "ends_on")},
        }

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            del self.fields["account"]
            self.initial["interest_percent"] = as_percent(self.instance.interest_per_day)
        else:
            account_picker(self, by, self.initial.get("account"))

    @property
    def sections(self) -> list[Section]:
        """The fields in the order people are asked for them."""
        return [
            section(self, "", "account", ("number", "name"), ("amount", "currency"), ("signed_on", "ends_on")),
            section(self, _("Paying"), ("terms_days", "allocation_rule"), "interest_percent", "terms"),
            section(self, _("Security"), ("security", "guarantor"), "our_sme_declared"),
        ]

    def given(self) -> dict[str, Any]:
        """What was typed, as the actions take it."""
        values = dict(self.cleaned_data)
        percent: Decimal | None = values.pop("interest_percent")
        values["interest_per_day"] = None if percent is None else percent / 100
        account = values.pop("account", None)
        return values | ({"account_id": account.pk} if account else {})
