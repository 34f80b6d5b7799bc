"""What people type about contacts. Shape only: whether it may be done, the actions decide."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.choices import DevelopmentStage, Tier
from accounts.models import Account
from accounts.queries import get_account, possible_owners, search_accounts
from core.channels import ChannelsField
from core.models import Team, User
from core.pickers import PickerField
from core.shapes import ChipsWidget, PersonChoice, Section, ShapeOnly, day_field, section
from core.tags import TagsField
from core.workdays import today
from relationships.choices import BirthdayCalendar, ContactRole, ProfilePurpose
from relationships.models import RHYTHM, Contact, ContactRule, Position, Visit, VisitCampaign
from relationships.queries import accounts_of, teams_to_lead


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


class BirthdayForm(forms.Form):
    """A birthday and what it is kept for. Nothing of it is remembered by the browser."""

    calendar = forms.ChoiceField(label=pgettext_lazy("birthday", "Calendar"), choices=BirthdayCalendar.choices)
    month = forms.IntegerField(label=pgettext_lazy("birthday", "Month"), min_value=1, max_value=12)
    day = forms.IntegerField(label=pgettext_lazy("birthday", "Day"), min_value=1, max_value=31)
    year = forms.IntegerField(label=_("Year of birth, if known"), required=False)
    purpose = forms.ChoiceField(label=_("Kept for"), choices=ProfilePurpose.choices)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs |= {"autocomplete": "off", "data-private": True}

    @property
    def sections(self) -> list[Section]:
        """The day first, then why we know it."""
        return [section(self, "", "calendar", ("month", "day"), "year", "purpose")]


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


class HandOverVisitForm(forms.Form):
    """Who makes the visit now."""

    to = forms.TypedChoiceField(label=_("Colleague"), coerce=int)

    def __init__(self, *args: Any, people: list[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("Choose a colleague")), *((person.pk, person.full_name) for person in people)]
        self.fields["to"].choices = choices  # type: ignore[attr-defined]


class CancelVisitForm(forms.Form):
    """Why it does not take place."""

    because = forms.CharField(label=_("Why is it called off?"), max_length=200, required=False)


class SettleForm(forms.Form):
    """Why a next step is dropped."""

    because = forms.CharField(label=_("Why is it dropped?"), max_length=200, required=False)


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
    """The rhythm of contact, in days, the meetings of a week, and how long birthdays are kept."""

    class Meta:
        model = ContactRule
        fields = (*RHYTHM, "meetings_a_week", "profile_months")

    def _post_clean(self) -> None:
        """Left to the action."""

    @property
    def sections(self) -> list[Section]:
        """Follow-ups of prospects first, then the tiers, then the week, then what is personal."""
        return [
            section(self, _("Follow-ups"), ("too_close_days", "fading_days")),
            section(self, _("Longest silence"), ("vip_days", "large_days"), ("medium_days", "small_days"), "prospect_days"),
            section(self, _("Week plan"), "meetings_a_week"),
            section(self, _("Personal facts"), "profile_months"),
        ]  # fmt: skip


# ------------------------------------------------------------------ campaigns


class CampaignForm(ShapeOnly):
    """What a campaign says; a new one also for which team."""

    starts_on = day_field(_("First day"))
    ends_on = day_field(_("Last day"))

    class Meta:
        model = VisitCampaign
        fields = ("name", "purpose", "starts_on", "ends_on", "visits_each")
        widgets = {"name": forms.TextInput(attrs={"autofocus": True})}

    @property
    def sections(self) -> list[Section]:
        """What for first, then when and how often."""
        return [section(self, "", "name", "purpose", "team", ("starts_on", "ends_on"), "visits_each")]


class AddCampaignForm(CampaignForm):
    """A new campaign."""

    team = forms.ModelChoiceField(label=_("Team"), queryset=Team.objects.none(), empty_label=None)

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        team = self.fields["team"]
        if isinstance(team, forms.ModelChoiceField):
            team.queryset = teams_to_lead(by)
            team.initial = by.team_id

    def given(self) -> dict[str, Any]:
        """As `actions.add_campaign` takes it."""
        values = dict(self.cleaned_data)
        values["team_id"] = values.pop("team").pk
        return values


class TargetsForm(forms.Form):
    """Which accounts: one by hand, or all of some people that fit; and who goes there."""

    account = PickerField(url="accounts:pick_account", label=_("One account"))
    owners = forms.TypedMultipleChoiceField(
        label=_("Or all accounts of"), coerce=int, required=False, widget=ChipsWidget
    )
    tiers = forms.MultipleChoiceField(
        label=_("of these tiers"), choices=Tier.choices, required=False, widget=ChipsWidget
    )
    stages = forms.TypedMultipleChoiceField(
        label=_("at these stages"), choices=DevelopmentStage.choices, coerce=int, required=False, widget=ChipsWidget
    )
    quiet_since = day_field(_("not in touch since"), required=False)
    with_prospects = forms.BooleanField(label=_("Only with open prospects"), required=False)
    rep = forms.TypedChoiceField(label=_("Who goes there?"), coerce=int, required=False, empty_value=None)

    def __init__(self, *args: Any, by: User, people: list[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        picker = self.fields["account"]
        if isinstance(picker, PickerField):
            picker.connect(lambda pk: get_account(by, pk), lambda text: search_accounts(by, text))
        names = [(person.pk, person.full_name) for person in people]
        self.fields["owners"].choices = names  # type: ignore[attr-defined]
        self.fields["rep"].choices = [("", _("The owner of each account")), *names]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if not values.get("account") and not values.get("owners") and not self.errors:
            self.add_error("account", _("Choose an account, or whose accounts."))
        return values

    def wanted(self, by: User) -> list[int]:
        """The accounts the form asks for."""
        values = self.cleaned_data
        ids = [values["account"].pk] if values["account"] else []
        names = ("tiers", "stages", "quiet_since", "with_prospects")
        return ids + accounts_of(by, values["owners"], **{name: values[name] for name in names})

    @property
    def sections(self) -> list[Section]:
        """By hand, or by what they have in common."""
        return [
            section(self, _("By hand"), "account"),
            section(self, _("By what they have in common"), "owners", "tiers", "stages", "quiet_since", "with_prospects"),
            section(self, "", "rep"),
        ]  # fmt: skip


class ChooseCampaignForm(forms.Form):
    """For which campaign."""

    campaign = forms.TypedChoiceField(label=_("Campaign"), coerce=int)

    def __init__(self, *args: Any, campaigns: list[VisitCampaign], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["campaign"].choices = [(row.pk, _spanned(row)) for row in campaigns]  # type: ignore[attr-defined]


def _spanned(campaign: VisitCampaign) -> str:
    first, last = (date_format(day, "SHORT_DATE_FORMAT") for day in (campaign.starts_on, campaign.ends_on))
    return f"{campaign.name} · {first} – {last}"


class AssignTargetForm(forms.Form):
    """Who goes there."""

    rep = forms.TypedChoiceField(label=_("Who goes there?"), coerce=int)

    def __init__(self, *args: Any, people: list[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["rep"].choices = [(person.pk, person.full_name) for person in people]  # type: ignore[attr-defined]


class CloseCampaignForm(forms.Form):
    """What was learnt."""

    conclusion = forms.CharField(
        label=_("What came of the campaign?"), max_length=300, required=False,
        widget=forms.Textarea(attrs={"rows": 3, "autofocus": True}),
    )  # fmt: skip
