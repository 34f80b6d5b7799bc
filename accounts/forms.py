"""What people type about accounts. Shape only: whether it may be done, the actions decide."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.choices import DevelopmentStage, MemberRole
from accounts.models import Account
from accounts.queries import get_account, possible_members, possible_owners, search_accounts
from accounts.rules import paying_days, stages
from core.channels import ChannelsField
from core.errors import DomainError
from core.models import User
from core.pickers import PickerField
from core.shapes import PersonChoice, Section, ShapeOnly, day_field, section
from core.tags import TagsField


class PayingDaysField(forms.CharField):
    """Days of the month with commas between them."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(map(str, value)) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[int]:
        try:
            return paying_days.read(super().clean(value) or "")
        except DomainError as refusal:
            raise forms.ValidationError(str(refusal.message)) from refusal


class AccountForm(ShapeOnly):
    """The profile of an account; adding asks for owner and stage too."""

    credit_code = forms.CharField(
        label=_("Unified social credit code"),
        required=False,
        max_length=40,  # blanks and hyphens may be typed
        widget=forms.TextInput(attrs={"spellcheck": "false", "autocapitalize": "characters"}),
    )
    tags = TagsField()
    channels = ChannelsField()
    parent = PickerField(
        url="accounts:pick_account", label=_("Parent account"), help_text=_("The group it belongs to.")
    )

    class Meta:
        model = Account
        fields = (
            "name", "short_name", "english_name", "credit_code", "kind", "ownership", "tier", "industry", "size",
            "employees", "founded_in", "annual_revenue", "revenue_currency", "region", "city", "address", "website",
            "code", "description",
        )  # fmt: skip
        widgets = {
            "name": forms.TextInput(attrs={"autofocus": True}),
            "description": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        picker = self.fields["parent"]
        if isinstance(picker, PickerField):
            picker.connect(lambda pk: get_account(by, pk), lambda text: search_accounts(by, text), self.instance.parent)

    @property
    def sections(self) -> list[Section]:
        """The fields in the order people are asked for them."""
        return [
            section(self, "", "name", ("short_name", "credit_code"), ("kind", "tier"), ("owner", "development_stage")),
            section(self, _("How to reach them"), "channels"),
            section(self, _("Address"), ("region", "city"), "address", "website", folded=True),
            section(
                self, _("Business"), ("industry", "ownership"), ("size", "employees"), ("founded_in", "parent"),
                ("annual_revenue", "revenue_currency"), "description", folded=True,
            ),
            section(self, _("Other names, code, tags"), ("english_name", "code"), "tags", folded=True),
        ]  # fmt: skip


class AddAccountForm(AccountForm):
    """A new account. Who may transfer accounts chooses the owner."""

    development_stage = forms.TypedChoiceField(
        label=_("Stage"), choices=DevelopmentStage.choices, coerce=int, initial=DevelopmentStage.SCAN
    )

    def __init__(self, *args: Any, by: User, may_choose_owner: bool, **kwargs: Any) -> None:
        super().__init__(*args, by=by, **kwargs)
        if may_choose_owner:
            self.fields["owner"] = PersonChoice(label=_("Owner"), queryset=possible_owners(), initial=by.pk)


class PaymentProfileForm(ShapeOnly):
    """C5: how the account pays."""

    paying_days = PayingDaysField(
        label=_("Paying days"), help_text=_("Days of the month, such as 10, 25. Empty: any day.")
    )

    class Meta:
        model = Account
        fields = (
            "payment_method", "payment_terms_days", "paying_days", "payment_procedure", "bank_name", "bank_account",
            "credit_standing",
        )  # fmt: skip
        widgets = {"payment_procedure": forms.Textarea(attrs={"rows": 3})}

    @property
    def sections(self) -> list[Section]:
        """The fields in the order finance asks for them."""
        return [
            section(
                self, "", ("payment_method", "payment_terms_days"), "paying_days", "payment_procedure",
                ("bank_name", "bank_account"), "credit_standing",
            )
        ]  # fmt: skip


class TransferForm(forms.Form):
    """Another owner."""

    owner = PersonChoice(label=_("New owner"), queryset=possible_owners().none())
    with_records = forms.BooleanField(
        label=_("Hand over his open prospects, contacts and planned visits too"), required=False, initial=True
    )
    keep_former = forms.BooleanField(label=_("The former owner stays on the team"), required=False, initial=True)
    reason = forms.CharField(label=_("Reason"), required=False, max_length=300)

    def __init__(self, *args: Any, account: Account, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owner = self.fields["owner"]
        if isinstance(owner, forms.ModelChoiceField):
            owner.queryset = possible_owners().exclude(pk=account.owner_id)


class MemberForm(forms.Form):
    """A colleague for the team, and what he does there (K14)."""

    user = PersonChoice(label=_("Colleague"), queryset=possible_owners().none())
    role = forms.ChoiceField(
        label=_("Role"), choices=[choice for choice in MemberRole.choices if choice[0] != MemberRole.OWNER]
    )

    def __init__(self, *args: Any, account: Account, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        user = self.fields["user"]
        if isinstance(user, forms.ModelChoiceField):
            user.queryset = possible_members(account)


class MemberRoleForm(forms.Form):
    """Another role for a member."""

    role = forms.ChoiceField(
        label=_("Role"), choices=[choice for choice in MemberRole.choices if choice[0] != MemberRole.OWNER]
    )


class StageForm(forms.Form):
    """One stage up, or any down, with what proves it (K10)."""

    to_stage = forms.TypedChoiceField(label=_("Stage"), coerce=int)
    evidence = forms.CharField(label=_("Evidence"), widget=forms.Textarea(attrs={"rows": 4}))

    def __init__(self, *args: Any, account: Account, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        current = account.development_stage
        reachable = [stage for stage in stages.CARDS if stage != current and stage <= current + 1]
        field = self.fields["to_stage"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [(stage, f"{stage} · {DevelopmentStage(stage).label}") for stage in reversed(reachable)]


class NoteForm(forms.Form):
    """A note, and the day of the talk it is about."""

    body = forms.CharField(label=_("Note"), widget=forms.Textarea(attrs={"rows": 3}), max_length=10_000)
    contacted_on = day_field(
        _("We spoke with them on"), required=False, help_text=_("Leave it empty for a note of your own.")
    )
