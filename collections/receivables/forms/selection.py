"""What the dashboard and the ageing look at; it lives in the address."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.models import Team, User
from core.workdays import today
from receivables.queries import Selection


class SelectionForm(forms.Form):
    """Whose receivables, and as of which day. What cannot be read is as good as not chosen."""

    open_on = forms.DateField(
        label=_("As of"), required=False, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    owner = forms.TypedChoiceField(label=_("Owner"), required=False, coerce=int, empty_value=None)
    team = forms.TypedChoiceField(label=_("Team"), required=False, coerce=int, empty_value=None)

    def __init__(self, data: Any, *, owners: list[User], teams: list[Team]) -> None:
        super().__init__({"open_on": today().isoformat()} | {name: data[name] for name in data if data[name]})
        self._offer("owner", _("Everybody"), owners)
        self._offer("team", _("All teams"), teams)
        for name, made in self.fields.items():
            made.widget.attrs["class"] = "form-control" if name == "open_on" else "form-select"
        self.fields["open_on"].widget.attrs["max"] = today().isoformat()
        self.is_valid()

    def _offer(self, name: str, everything: Any, rows: list[Any]) -> None:
        if len(rows) < 2:
            del self.fields[name]
            return
        self.fields[name].choices = [("", everything), *((row.pk, str(row)) for row in rows)]  # type: ignore[attr-defined]

    @property
    def on(self) -> date:
        """The day looked at; never one to come."""
        chosen: date | None = self.cleaned_data.get("open_on")
        return min(chosen, today()) if chosen else today()

    @property
    def is_past(self) -> bool:
        """An earlier day than today."""
        return self.on < today()

    def selection(self) -> Selection:
        """Whose customers."""
        return Selection(owner_id=self.cleaned_data.get("owner"), team_id=self.cleaned_data.get("team"))

    @property
    def words(self) -> dict[str, str]:
        """What was chosen, as the address says it."""
        chosen = self.selection().parameters()
        return {**({"open_on": self.on.isoformat()} if self.is_past else {}), **chosen}
