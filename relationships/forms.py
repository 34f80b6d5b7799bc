"""What people type about contacts. Shape only: whether it may be done, the actions decide."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from accounts.queries import get_account, possible_owners, search_accounts
from core.channels import ChannelsField
from core.models import User
from core.pickers import PickerField
from core.shapes import ChipsWidget, PersonChoice, Section, ShapeOnly, day_field, section
from core.tags import TagsField
from core.workdays import today
from relationships.choices import ContactRole
from relationships.models import RHYTHM, Contact, ContactRule, Position, Visit


def roles_field() -> forms.MultipleChoiceField:
    """R2: one person may hold several."""
    return forms.MultipleChoiceField(label=_("Roles"), choices=ContactRole.choices, required=False, widget=ChipsWidget)


class ContactForm(ShapeOnly):
    """The person."""

    tags = TagsField()
    channels = ChannelsField()

    class Meta:
        model = Contact
        fields = ("full_name", "salutation", "english_name", "preferred_language", "code", "notes")
        widgets = {
            "full_name": forms.TextInput(attrs={"autofocus": True}),
            "notes": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(self, *args: Any, by: User, may_choose_owner: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by
        if may_choose_owner:
            self.fields["owner"] = PersonChoice(
                label=_("Owner"), queryset=possible_owners(), initial=self.instance.owner_id or by.pk
            )

    @property
    def sections(self) -> list[Section]:
        """The fields in the order people are asked for them."""
        return [
            section(self, "", "full_name", ("salutation", "preferred_language")),
            section(self, _("How to reach them"), "channels"),
            section(self, _("Other names, code, tags, notes"), ("english_name", "code"), "tags", "owner", "notes", folded=True),
        ]  # fmt: skip


class AddContactForm(ContactForm):
    """A new person, with what he is at an account."""

    account = PickerField(url="accounts:pick_account", label=_("Account"))
    title = forms.CharField(label=_("Title"), max_length=120, required=False)
    department = forms.CharField(label=_("Department"), max_length=120, required=False)
    started_on = day_field(_("Since"), required=False)
    roles = roles_field()

    def __init__(self, *args: Any, by: User, at: Account | None = None, **kwargs: Any) -> None:
        super().__init__(*args, by=by, **kwargs)
        picker = self.fields["account"]
        if isinstance(picker, PickerField):
            picker.connect(lambda pk: get_account(by, pk), lambda text: search_accounts(by, text), at)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        about = [name for name in ("title", "department", "started_on", "roles") if values.get(name)]
        if about and not values.get("account") and "account" not in self.errors:
            self.add_error("account", _("Say at which account."))
        return values

    @property
    def sections(self) -> list[Section]:
        """Where he works comes right after his name."""
        person, reach, other = super().sections
        work = section(self, _("Where they work"), "account", ("title", "department"), "started_on", "roles")
        return [person, work, reach, other]

    def person(self) -> dict[str, Any]:
        """What belongs to the person, as `actions.add_contact` takes it."""
        position = ("title", "department", "started_on", "roles")
        values = {name: value for name, value in self.cleaned_data.items() if name not in (*position, "account")}
        account = self.cleaned_data["account"]
        values["account_id"] = account.pk if account else None
        values["position"] = {name: self.cleaned_data[name] for name in position}
        return values


class PositionForm(ShapeOnly):
    """What a person is at an account."""

    started_on = day_field(_("Since"), required=False)
    ended_on = day_field(_("Until"), required=False)
    roles = roles_field()

    class Meta:
        model = Position
        fields = ("title", "department", "started_on", "ended_on", "roles")

    @property
    def sections(self) -> list[Section]:
        """Account first, when it is asked for."""
        return [section(self, "", "account", ("title", "department"), ("started_on", "ended_on"), "roles")]


class AddPositionForm(PositionForm):
    """A new position: at which account?"""

    account = PickerField(url="accounts:pick_account", label=_("Account"), required=True)

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        picker = self.fields["account"]
        if isinstance(picker, PickerField):
            picker.connect(lambda pk: get_account(by, pk), lambda text: search_accounts(by, text))


class EndPositionForm(forms.Form):
    """The last day."""

    ended_on = day_field(_("Last day there"), initial=today)


class MomentInput(forms.DateTimeInput):
    """A day and a time with the browser's own calendar."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")


class EditVisitForm(ShapeOnly):
    """What a visit says: of a planned one kind, length and purpose, of a recorded one also what came of it."""

    next_step_on = day_field(_("Next step on"), required=False)

    class Meta:
        model = Visit
        fields = ("kind", "minutes", "purpose", "outcome", "next_step", "next_step_on")
        widgets = {"outcome": forms.Textarea(attrs={"rows": 2})}

    def __init__(self, *args: Any, visit: Visit, **kwargs: Any) -> None:
        super().__init__(*args, instance=visit, **kwargs)
        if visit.recorded_at is None:
            for name in ("outcome", "next_step", "next_step_on"):
                del self.fields[name]

    @property
    def sections(self) -> list[Section]:
        """What came of it comes last."""
        return [section(self, "", ("kind", "minutes"), "purpose", "outcome", "next_step", "next_step_on")]


class MoveVisitForm(forms.Form):
    """The new time."""

    at = forms.DateTimeField(label=_("When"), widget=MomentInput())


class CancelVisitForm(forms.Form):
    """Why it does not take place."""

    because = forms.CharField(label=_("Why is it called off?"), max_length=200, required=False)


class LandmineForm(forms.Form):
    """What a colleague must know before he says something there."""

    text = forms.CharField(
        label=_("What must a colleague know?"), max_length=300, required=False,
        widget=forms.Textarea(attrs={"rows": 2, "autofocus": True}),
    )  # fmt: skip


class ClearLandmineForm(forms.Form):
    """Why a landmine is none any more."""

    because = forms.CharField(label=_("Why is it no danger any more?"), max_length=200, required=False)


class ContactRuleForm(forms.ModelForm):  # type: ignore[type-arg]
    """The rhythm of contact, in days."""

    class Meta:
        model = ContactRule
        fields = RHYTHM

    def _post_clean(self) -> None:
        """Left to the action."""

    @property
    def sections(self) -> list[Section]:
        """Follow-ups of prospects first, then the tiers."""
        return [
            section(self, _("Follow-ups"), ("too_close_days", "fading_days")),
            section(self, _("Longest silence"), ("vip_days", "large_days"), ("medium_days", "small_days"), "prospect_days"),
        ]  # fmt: skip
