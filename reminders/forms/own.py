"""How a person wants to be told."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.models import User
from core.people import colleagues
from reminders.choices import Channel
from reminders.models import Receiver
from reminders.queries import is_on
from reminders.registry import ReminderRule

DAY = {"type": "date"}


class QuietHoursForm(forms.ModelForm):  # type: ignore[type-arg]
    """When a person is left alone."""

    class Meta:
        model = Receiver
        fields = ("quiet_from", "quiet_to", "rests_on_days_off", "bundles")
        widgets = {
            "quiet_from": forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
            "quiet_to": forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
        }
        help_texts = {
            "rests_on_days_off": _("As the working calendar says, with its make-up working days."),
            "bundles": _("Three or more of low importance come as one message at 08:30."),
        }


class PreferencesForm(forms.Form):
    """Which reminder by which channel: one box for each pair."""

    def __init__(
        self,
        *args: Any,
        rules: Sequence[ReminderRule],
        channels: Sequence[Channel],
        chosen: dict[tuple[str, Channel], bool],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.pairs: list[tuple[ReminderRule, Channel]] = []
        self.before: dict[tuple[str, Channel], bool] = {}
        for rule in rules:
            for channel in channels:
                if channel not in rule.offered:
                    continue
                stays = channel == Channel.IN_APP and rule.climbs
                now = is_on(rule, channel, chosen)
                field = forms.BooleanField(required=False, initial=now, disabled=stays)
                field.widget.attrs |= {"aria-label": f"{rule.title} – {channel.label}", "class": "form-check-input"}
                self.fields[f"{rule.code}:{channel}"] = field
                self.pairs.append((rule, channel))
                self.before[rule.code, channel] = now

    def changes(self) -> list[tuple[str, Channel, bool]]:
        """The pairs that were chosen otherwise than they stood."""
        wanted = {
            (rule.code, channel): bool(self.cleaned_data[f"{rule.code}:{channel}"]) for rule, channel in self.pairs
        }
        return [(code, channel, on) for (code, channel), on in wanted.items() if self.before[code, channel] != on]


class AbsenceForm(forms.Form):
    """From when to when, and who stands in."""

    stand_in = forms.ModelChoiceField(queryset=User.objects.none(), label=_("Who stands in"))
    starts_on = forms.DateField(label=_("First day away"), widget=forms.DateInput(format="%Y-%m-%d", attrs=DAY))
    until = forms.DateField(label=_("Last day away"), widget=forms.DateInput(format="%Y-%m-%d", attrs=DAY))

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["stand_in"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = colleagues(by).filter(is_active=True).exclude(pk=by.pk)


class ChatAddressForm(forms.Form):
    """The address of a bot, as the chat shows it."""

    url = forms.CharField(
        label=_("Address of the bot"),
        max_length=600,
        help_text=_(
            "WeCom, DingTalk, Feishu, Slack, Teams: in the chat, add a bot or an incoming webhook and copy its address."
        ),
        widget=forms.URLInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    label = forms.CharField(label=_("Name"), max_length=60, required=False, help_text=_("So that you tell them apart."))
    secret = forms.CharField(
        label=_("Secret for signing"),
        max_length=100,
        required=False,
        help_text=_("DingTalk only, if the bot asks for one."),
    )


class BrowserForm(forms.Form):
    """What a browser gives out when it has given its leave; the page's script fills it in."""

    endpoint = forms.URLField(max_length=1000, assume_scheme="https", widget=forms.HiddenInput)
    p256dh = forms.CharField(max_length=100, widget=forms.HiddenInput)
    auth = forms.CharField(max_length=40, widget=forms.HiddenInput)
