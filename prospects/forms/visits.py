"""What people type about visits: a plan, or what came of one. Shape only; the actions decide."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms import BoundField
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from accounts.queries import get_account, search_accounts
from core.files.fields import FilesField
from core.models import User
from core.permissions import allowed
from core.pickers import PickerField
from core.shapes import ChipsWidget
from core.workdays import today
from prospects.choices import Criterion
from prospects.forms.board import day_field
from prospects.models import Prospect
from prospects.queries.follow_ups import criteria_asked, open_prospects_of
from prospects.rules.follow_up import Brought
from relationships.choices import FindingKind, VisitKind
from relationships.models import Visit
from relationships.queries import campaigns_at, people_at


class MomentInput(forms.DateTimeInput):
    """A day and a time with the browser's own calendar."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")


class ManyIds(forms.TypedMultipleChoiceField):
    """Several of the records offered, as chips; gives their ids."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(coerce=int, required=False, widget=ChipsWidget, **kwargs)


class VisitForm(forms.Form):
    """What planning and recording share: at which account, what kind, when, who, about which prospects."""

    account = PickerField(url="accounts:pick_account", label=_("Account"), required=True)
    kind = forms.ChoiceField(label=_("What kind?"), choices=VisitKind.choices, initial=VisitKind.VISIT)
    at = forms.DateTimeField(label=_("When"), widget=MomentInput())
    minutes = forms.IntegerField(label=_("Minutes"), initial=60, min_value=5, max_value=7200)
    purpose = forms.CharField(label=_("Purpose"), max_length=200, required=False)
    contacts = ManyIds(label=_("Who of theirs?"))
    colleagues = ManyIds(label=_("Who of ours?"))
    prospects = ManyIds(label=_("About which prospects?"))
    campaign = forms.TypedChoiceField(label=_("For which campaign?"), coerce=int, required=False, empty_value=None)

    def __init__(self, *args: Any, by: User, account: Account | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.account_row = account
        picker = self.fields["account"]
        if isinstance(picker, PickerField):
            picker.connect(lambda pk: get_account(by, pk), lambda text: search_accounts(by, text), account)
        self._offer(by, account)
        if account and "outcome" in self.fields:
            self.fields["outcome"].widget.attrs["autofocus"] = True  # where is known; what came of it is the sentence

    def _offer(self, by: User, account: Account | None) -> None:
        """People and prospects of the account as chips; without an account there is nothing to offer yet."""
        people = people_at(by, account.pk, limit=40) if account else []
        found = open_prospects_of(by, account.pk) if account else []
        self.offered = found
        team = account.members.select_related("user") if account else []
        colleagues = [(row.user_id, row.user.full_name) for row in team if row.user_id != by.pk and row.user.is_active]
        self.fields["contacts"].choices = [(row.contact_id, _named(row)) for row in people]  # type: ignore[attr-defined]
        self.fields["colleagues"].choices = colleagues  # type: ignore[attr-defined]
        self.fields["prospects"].choices = [(row.pk, row.name) for row in found]  # type: ignore[attr-defined]
        self._offer_campaigns(by, account)

    def _offer_campaigns(self, by: User, account: Account | None) -> None:
        """Running campaigns that want the account; chosen already is the one this person goes there for."""
        targets = campaigns_at(by, account.pk, today()) if account else []
        names = [(target.campaign_id, str(target.campaign)) for target in targets]
        self.fields["campaign"].choices = [("", _("None")), *names]  # type: ignore[attr-defined]
        mine = next((target.campaign for target in targets if target.rep_id == by.pk), None)
        asked = self.initial.get("campaign")
        chosen = next((target.campaign for target in targets if target.campaign_id == asked), mine)
        if chosen is None:
            return
        self.initial["campaign"] = chosen.pk
        self.initial["purpose"] = self.initial.get("purpose") or chosen.purpose

    @property
    def offers_campaigns(self) -> bool:
        """Whether there is one to choose."""
        return "campaign" in self.fields and len(self.fields["campaign"].choices) > 1  # type: ignore[attr-defined]

    def people(self) -> dict[str, Any]:
        """Who and about what, as the actions take it."""
        values = self.cleaned_data
        return {
            "contact_ids": values["contacts"], "colleague_ids": values["colleagues"], "prospect_ids": values["prospects"],
        }  # fmt: skip


class PlanVisitForm(VisitForm):
    """A visit to come."""

    def given(self) -> dict[str, Any]:
        """As `actions.plan_visit` takes it."""
        values = self.cleaned_data
        fields = {name: values[name] for name in ("kind", "at", "minutes", "purpose")}
        people = self.people()
        return {"account_id": values["account"].pk, "campaign_id": values["campaign"], **fields, **people}


class RecordVisitForm(VisitForm):
    """What came of a visit: who, what kind, one line, next step and date (R7)."""

    at = forms.DateTimeField(label=_("When (empty: just now)"), widget=MomentInput(), required=False)
    typed_at = forms.DateTimeField(widget=forms.HiddenInput, required=False)
    outcome = forms.CharField(label=_("What came of it?"), max_length=500, required=False)
    next_step = forms.CharField(label=_("Next step"), max_length=200, required=False)
    next_step_on = day_field(label=_("On"))
    competitor = forms.CharField(label=FindingKind.COMPETITOR.label, max_length=300, required=False)
    objection = forms.CharField(label=FindingKind.OBJECTION.label, max_length=300, required=False)
    complaint = forms.CharField(label=FindingKind.COMPLAINT.label, max_length=300, required=False)
    need = forms.CharField(label=FindingKind.NEED.label, max_length=300, required=False)
    landmine = forms.CharField(
        label=_("Landmine"), max_length=300, required=False,
        help_text=_("What a colleague must know before saying something there."),
    )  # fmt: skip
    photos = FilesField(
        label=_("Photos and files"), required=False,
        help_text=_("They need a line. Without one the visit waits here and is sent later, without them: add them on its page then."),
    )  # fmt: skip

    def __init__(self, *args: Any, by: User, planned: Visit | None = None, **kwargs: Any) -> None:
        super().__init__(*args, by=by, **kwargs)
        self.asked: list[tuple[Prospect, BoundField]] = []
        if planned:
            self.fields["account"].required = False
            del self.fields["campaign"]  # it keeps the one it was planned for
        if allowed(by, "prospects.tick"):
            self._ask_for_evidence(by)

    def _ask_for_evidence(self, by: User) -> None:
        """A row of chips per prospect chosen: which criteria of its next class this visit confirms."""
        chosen = {str(pk) for pk in self["prospects"].value() or []}
        for prospect, wanted in criteria_asked(by, [row for row in self.offered if str(row.pk) in chosen]):
            name = f"criteria-{prospect.pk}"
            self.fields[name] = forms.MultipleChoiceField(
                label=_("This visit confirms, for %(name)s") % {"name": prospect.name}, required=False,
                choices=[(criterion.value, criterion.label) for criterion in wanted], widget=ChipsWidget,
            )  # fmt: skip
            self.asked.append((prospect, self[name]))

    def brought(self) -> Brought:
        """What the visit brought home beside its outcome."""
        values = self.cleaned_data
        return Brought(
            findings={kind: values[kind] for kind in FindingKind.values if values[kind]},
            landmine=values["landmine"],
            criteria=[
                (prospect.pk, Criterion(code)) for prospect, row in self.asked for code in values.get(row.name, [])
            ],
        )

    def given(self) -> dict[str, Any]:
        """As `actions.record_visit` takes it, less the account."""
        values = self.cleaned_data
        names = ("kind", "minutes", "purpose", "outcome", "next_step", "next_step_on")
        fields = {name: values[name] for name in names}
        now = timezone.now()
        at = values["at"] or min(values["typed_at"] or now, now)
        if "campaign" in values:
            fields["campaign_id"] = values["campaign"]
        return {"at": at, "brought": self.brought(), **fields, **self.people()}


def _named(position: Any) -> str:
    return f"{position.contact.full_name} · {position.title}" if position.title else str(position.contact.full_name)
