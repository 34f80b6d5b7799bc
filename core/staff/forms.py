"""What is typed about users, teams and oneself. Shape only: whether it may be done, the actions decide."""

from __future__ import annotations

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.models import Role, Team, User
from core.models.user import Theme

LANGUAGES = [("", _("As the browser")), *settings.LANGUAGES]


class TeamChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A team, indented by its depth so that the tree can be seen."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=Team.objects.order_by("path"), **kwargs)

    def label_from_instance(self, obj: Any) -> str:
        depth: int = obj.path.count("/") - 2
        return "\u2003" * depth + str(obj)


class UserForm(forms.Form):
    """Who a person is and where he works."""

    full_name = forms.CharField(label=pgettext_lazy("person", "Name"), max_length=100)
    email = forms.EmailField(label=_("Email"), max_length=254, help_text=_("Used to sign in."))
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)
    team = TeamChoice(label=_("Team"), required=False, empty_label="–")
    phone = forms.CharField(label=_("Phone"), max_length=40, required=False)
    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES, required=False)


class TeamForm(forms.Form):
    """A team's name and place in the tree."""

    name = forms.CharField(label=_("Name"), max_length=100)
    parent = TeamChoice(label=_("Belongs to"), required=False, empty_label=_("– top of the tree –"))


class ProfileForm(forms.Form):
    """What everyone changes about himself."""

    full_name = forms.CharField(label=pgettext_lazy("person", "Name"), max_length=100)
    phone = forms.CharField(label=_("Phone"), max_length=40, required=False)
    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES, required=False)
    theme = forms.ChoiceField(label=_("Appearance"), choices=Theme.choices)
    time_zone = forms.ChoiceField(label=_("Time zone"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        zones = sorted(zone for zone in available_timezones() if "/" in zone and not zone.startswith("Etc"))
        company = _("As the company (%(zone)s)") % {"zone": settings.TIME_ZONE}
        self.fields["time_zone"].choices = [("", company), *((zone, zone.replace("_", " ")) for zone in zones)]  # type: ignore[attr-defined]


class TokenForm(forms.Form):
    """What a new API token is for."""

    name = forms.CharField(
        label=_("What is it for?"), max_length=60, help_text=_("For example the name of the program that will use it.")
    )


def user_values(user: User) -> dict[str, Any]:
    """A user as his form shows him."""
    return {name: getattr(user, name) for name in ("full_name", "email", "role", "team", "phone", "language")}


def profile_values(user: User) -> dict[str, Any]:
    """A person's own settings as the form shows them."""
    return {name: getattr(user, name) for name in ("full_name", "phone", "language", "theme", "time_zone")}
