"""Forms about money that came, went back or is credited, and where it goes."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.db import models
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from core.models import User
from core.money import CURRENCY_CHOICES
from core.pickers import PickerField
from core.shapes import Section, day_field, section
from core.words import listed
from core.workdays import today
from receivables.choices import AllocationRule, CreditReason, Method
from receivables.forms.invoices import account_picker, amount_field, reason_field

FACTS = ("amount", "currency", "received_on", "reference")
RECEIPT = (*FACTS, "method", "payer", "payer_account", "designation", "anyway")
CREDIT = ("number", "amount", "currency", "issued_on", "reason", "note")
NAMED = re.compile(r"designated-(\d{1,18})")


class How(models.TextChoices):
    """Who says where the money goes."""

    BY_RULE = "by_rule", _("By rule")
    STATUTE = "statute", _("Statutory order")
    OLDEST_FIRST = "oldest_first", _("Oldest first, as agreed")
    DESIGNATED = "designated", _("As the customer said")
    LATER = "later", _("Not yet")

    @property
    def explained(self) -> Any:
        """What it does, in one line."""
        return EXPLAINED[self]

    @property
    def rule(self) -> AllocationRule | None:
        """The rule the actions insist on; None where the first that speaks decides."""
        return AllocationRule(self.value) if self in {How.STATUTE, How.OLDEST_FIRST} else None


EXPLAINED = {
    How.BY_RULE: _("The invoice numbers the customer wrote, then the contract, then the law"),
    How.STATUTE: _("Due before not due, less secured first, then heavier interest, then older"),
    How.OLDEST_FIRST: _("Where the contracts of all open invoices agree on it"),
    How.DESIGNATED: _("You enter what goes to which invoice"),
    How.LATER: _("Keep it as unallocated"),
}


class AllocationForm(forms.Form):
    """Where money goes: a rule, or amounts per invoice in fields called `designated-<id>`."""

    OFFERED: tuple[How, ...] = tuple(How)

    how = forms.ChoiceField(choices=How.choices, initial=How.BY_RULE, widget=forms.RadioSelect)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["how"].choices = [(how.value, how.label) for how in self.OFFERED]  # type: ignore[attr-defined]

    @property
    def chosen(self) -> How:
        """The choice so far, also of a form that is still being filled."""
        value = self["how"].value()
        return How(value) if value in self.OFFERED else How.BY_RULE

    @property
    def options(self) -> list[dict[str, Any]]:
        """The choices with what they do."""
        return [
            {"value": how.value, "label": how.label, "note": how.explained, "chosen": how == self.chosen}
            for how in self.OFFERED
        ]

    def clean(self) -> dict[str, Any]:
        """The amounts named, under the key `designated`."""
        cleaned = super().clean() or {}
        if cleaned.get("how") == How.DESIGNATED:
            named, wrong = read_designated(self.data)
            if wrong:
                self.add_error(None, _now("These are no amounts: %(texts)s") % {"texts": listed(wrong)})
            elif not named:
                self.add_error(None, _now("Enter an amount beside at least one invoice."))
            cleaned["designated"] = named
        return cleaned

    def allocation(self) -> dict[str, Any]:
        """How the actions are told: `designated`, or `allocate` with a rule."""
        how = How(self.cleaned_data["how"])
        if how == How.LATER:
            return {}
        if how == How.DESIGNATED:
            return {"designated": self.cleaned_data["designated"]}
        return {"allocate": True, "rule": how.rule}


def read_designated(data: Any) -> tuple[dict[int, Decimal], list[str]]:
    """The amounts typed beside invoices, and the texts that are no amounts. Empty ones and zero are left out."""
    named: dict[int, Decimal] = {}
    wrong: list[str] = []
    for name in data or {}:
        found = NAMED.fullmatch(name)
        text = str(data.get(name) or "").strip().replace(",", "")
        if not found or not text:
            continue
        try:
            amount = Decimal(text)
        except InvalidOperation:
            wrong.append(text)
            continue
        if not amount.is_finite() or amount < 0:
            wrong.append(text)
        elif amount:
            named[int(found[1])] = amount
    return named, wrong


class PaymentForm(AllocationForm):
    """A receipt, and where it goes."""

    account = PickerField(
        url="accounts:pick_account", label=_("Account"), help_text=_("Empty: nobody knows yet who paid.")
    )
    amount = amount_field(_("Amount"))
    currency = forms.ChoiceField(label=_("Currency"), choices=CURRENCY_CHOICES)
    received_on = day_field(_("Received"), initial=today)
    method = forms.ChoiceField(label=_("Method"), choices=Method.choices)
    reference = forms.CharField(label=_("Bank reference"), max_length=120, required=False)
    payer = forms.CharField(label=_("Payer"), max_length=200, required=False, help_text=_("As the bank says it."))
    payer_account = forms.CharField(label=_("Payer’s bank account"), max_length=60, required=False)
    designation = forms.CharField(
        label=_("Meant for"),
        max_length=300,
        required=False,
        help_text=_("What the customer wrote: his word comes first (Civil Code 560)."),
    )
    anyway = forms.BooleanField(label=_("This is other money: record it anyway"), required=False)

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        account_picker(self, by, self.initial.get("account"))
        self.order_fields(["account", "amount", "currency", "received_on", "method"])

    @property
    def sections(self) -> list[Section]:
        """The fields in the order a bank statement has them."""
        return [
            section(self, "", "account", ("amount", "currency"), ("received_on", "method"), "designation"),
            section(self, _("From the bank"), "reference", ("payer", "payer_account")),
        ]

    def given(self) -> dict[str, Any]:
        """What was typed, as the action takes it. Money of an unknown payer settles nothing yet."""
        values = self.unallocated()
        return values if values["account_id"] is None else values | self.allocation()

    def unallocated(self) -> dict[str, Any]:
        """The receipt alone."""
        account = self.cleaned_data["account"]
        return {name: self.cleaned_data[name] for name in RECEIPT} | {"account_id": account and account.pk}

    def facts(self) -> dict[str, Any] | None:
        """What tells this money from other money; None while not all of it is typed."""
        given = getattr(self, "cleaned_data", {})
        if not all(given.get(name) for name in ("amount", "currency", "received_on")) or "account" not in given:
            return None
        account = given["account"]
        return {name: given.get(name, "") for name in FACTS} | {"account_id": account and account.pk}


class RestForm(AllocationForm):
    """Where the rest of a payment goes. `seen` is the rest the person looked at."""

    OFFERED: tuple[How, ...] = (How.BY_RULE, How.STATUTE, How.OLDEST_FIRST, How.DESIGNATED)

    seen = forms.DecimalField(max_digits=18, decimal_places=2, widget=forms.HiddenInput)

    def allocation(self) -> dict[str, Any]:
        """As `allocate_payment` takes it."""
        given = super().allocation()
        given.pop("allocate", None)
        return given


class CreditNoteForm(AllocationForm):
    """What we credit, and which invoices it lowers."""

    OFFERED: tuple[How, ...] = (How.BY_RULE, How.DESIGNATED, How.LATER)

    account = PickerField(url="accounts:pick_account", label=_("Account"), required=True)
    number = forms.CharField(label=_("Credit note number"), max_length=60)
    amount = amount_field(_("Amount"))
    currency = forms.ChoiceField(label=_("Currency"), choices=CURRENCY_CHOICES)
    issued_on = day_field(_("Issued"), initial=today)
    reason = forms.ChoiceField(label=_("Reason"), choices=CreditReason.choices)
    note = forms.CharField(label=_("Note"), max_length=500, required=False)

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        account_picker(self, by, self.initial.get("account"))

    @property
    def sections(self) -> list[Section]:
        """The fields in the order of the paper."""
        return [section(self, "", "account", ("number", "issued_on"), ("amount", "currency"), "reason", "note")]

    def given(self) -> dict[str, Any]:
        """What was typed, as the action takes it."""
        return self.unallocated() | self.allocation()

    def unallocated(self) -> dict[str, Any]:
        """The credit note alone."""
        return {name: self.cleaned_data[name] for name in CREDIT} | {"account_id": self.cleaned_data["account"].pk}


class RefundForm(forms.Form):
    """Money paid back, drawn from what the customer has unallocated."""

    account = PickerField(url="accounts:pick_account", label=_("Account"), required=True)
    amount = amount_field(_("Amount"))
    currency = forms.ChoiceField(label=_("Currency"), choices=CURRENCY_CHOICES)
    paid_on = day_field(_("Paid on"), initial=today)
    method = forms.ChoiceField(label=_("Method"), choices=Method.choices)
    reference = forms.CharField(label=_("Bank reference"), max_length=120, required=False)
    note = forms.CharField(label=_("What for"), max_length=300, required=False)

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        account_picker(self, by, self.initial.get("account"))

    @property
    def sections(self) -> list[Section]:
        """The fields in order."""
        return [section(self, "", "account", ("amount", "currency"), ("paid_on", "method"), "reference", "note")]

    def given(self) -> dict[str, Any]:
        """What was typed, as the action takes it."""
        values = dict(self.cleaned_data)
        return values | {"account_id": values.pop("account").pk}


class AssignForm(forms.Form):
    """Whose money it is."""

    account = PickerField(url="accounts:pick_account", label=_("Account"), required=True)

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        account_picker(self, by, self.initial.get("account"))


class ReverseForm(forms.Form):
    """Why something is taken back."""

    reason = reason_field(_("Why is it taken back?"), max_length=300)
    on = day_field(_("Counts from"), required=False, help_text=_("Empty: today."))
