"""What people type about prospects. Shape only: whether a move or a change is right, the actions decide."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.queries import get_account, search_accounts
from core.errors import DomainError
from core.models import Team, User
from core.pickers import PickerField
from core.shapes import Section, ShapeOnly, section
from core.workdays import today
from prospects.choices import OPEN_STAGES, Criterion, LossReason, Period, Stage
from prospects.models import BoardRule, Prospect
from prospects.queries.board import Selection
from prospects.queries.prospects import MoveSheet
from prospects.rules.criteria import CRITERIA, Evidence

DAY = {"type": "date"}
DAYS = ("expected_close_on", "next_step_on", "first_meeting_on", "decision_on", "start_on")


def day_field(**kwargs: Any) -> forms.DateField:
    """A day, with the browser's own calendar; always written as 2026-11-24 in the page."""
    return forms.DateField(widget=forms.DateInput(format="%Y-%m-%d", attrs=DAY), required=False, **kwargs)


def text_field(**kwargs: Any) -> forms.CharField:
    """A line that may stay empty."""
    return forms.CharField(required=False, **kwargs)


# What a criterion may need of the card itself. `wide` fields take a line of their own.
CARD_FIELDS: dict[str, Callable[[], forms.Field]] = {
    "first_meeting_on": lambda: day_field(label=_("First meeting on")),
    "decision_on": lambda: day_field(label=_("They decide by")),
    "start_on": lambda: day_field(label=_("They start on")),
    "next_step": lambda: text_field(label=_("Next step"), max_length=200),
    "next_step_on": lambda: day_field(label=_("On")),
}
WIDE = frozenset({"next_step"})

PAIRS = [(stage, criterion) for stage in Stage if stage != Stage.E for criterion in CRITERIA[stage]]
"""Every class with each of its criteria. E asks for nothing that could be missing."""


def _whole(names: Iterable[str]) -> list[str]:
    """The fields to ask for: a step whose day has passed is asked for anew, with its day."""
    return ["next_step", "next_step_on"] if "next_step_on" in names else list(names)


@dataclass
class Ask:
    """One thing the move sheet asks for: a tick with its evidence, some fields of the card, or both."""

    label: Any
    is_hard: bool
    tick: BoundField | None = None
    fields: list[BoundField] = field(default_factory=list)

    @property
    def has_errors(self) -> bool:
        return any(bound.errors for bound in self.fields) or bool(self.tick and self.tick.errors)


class MoveForm(forms.Form):
    """Asks for what the class still needs and nothing else; made from the sheet that the rules fill."""

    to = forms.TypedChoiceField(choices=Stage.choices, coerce=int, widget=forms.HiddenInput, required=False)

    def __init__(self, sheet: MoveSheet, data: Any = None) -> None:
        super().__init__(data, initial={"to": sheet.to})
        self.sheet = sheet
        self._places: list[tuple[Any, bool, str, list[str]]] = []
        for check in sheet.missing:
            names = []
            tick = ""
            if check.needs_tick:
                tick = f"tick-{check.criterion}"
                self.fields[tick] = forms.BooleanField(required=False, label=check.criterion.label)
                link = forms.URLField(required=False, label=_("Link, if there is one"), assume_scheme="https")
                names = [
                    self._add(f"note-{check.criterion}", text_field(label=_("How do you know?"), max_length=2000)),
                    self._add(f"link-{check.criterion}", link),
                ]
            names = [*(self._of_card(name) for name in _whole(check.needs_fields)), *names]
            self._places.append((check.criterion.label, check.is_hard, tick, names))
        rest = [name for name in sheet.lacking_next_step if name not in self.fields]
        if rest:
            self._places.append(
                (_("A next step with its date"), True, "", [self._of_card(name) for name in _whole(rest)])
            )
        if not sheet.goes_up or sheet.may_override:
            self._add("reason", text_field(label=_("Reason"), max_length=500))
        if sheet.may_override and sheet.goes_up:
            self.fields["override"] = forms.BooleanField(required=False)
            self.fields["override"].widget.attrs["class"] = "form-check-input"
        self._dress()

    def _add(self, name: str, made: forms.Field, *, wide: bool = False) -> str:
        made.wide = wide  # type: ignore[attr-defined]
        self.fields[name] = made
        return name

    def _of_card(self, name: str) -> str:
        value = getattr(self.sheet.prospect, name)
        if not (name == "next_step_on" and value and value < today()):
            self.initial[name] = value
        return self._add(name, CARD_FIELDS[name](), wide=name in WIDE)

    def _dress(self) -> None:
        for name, made in self.fields.items():
            made.widget.attrs["class"] = (
                "form-check-input" if name.startswith(("tick-", "override")) else "form-control"
            )

    @property
    def asked(self) -> list[Ask]:
        """What the sheet shows, in the handbook's order."""
        return [
            Ask(label, is_hard, self[tick] if tick else None, [self[name] for name in names])
            for label, is_hard, tick, names in self._places
        ]

    def evidence(self) -> Iterator[Evidence]:
        """The criteria ticked in this form, with note and link."""
        for check in self.sheet.missing:
            if self.cleaned_data.get(f"tick-{check.criterion}"):
                code = check.criterion
                yield Evidence(code, self.cleaned_data[f"note-{code}"], self.cleaned_data[f"link-{code}"])

    def refuse(self, refusal: DomainError) -> None:
        """Write the action's refusal where it belongs: on a criterion's evidence, on a field, else over the form."""
        criterion = refusal.details.get("criterion", "")
        names = [f"{refusal.field}-{criterion}", refusal.field]
        place = next((name for name in names if name in self.fields and name != "to"), None)
        self.add_error(place, str(refusal.message))
        if refusal.code == "criteria_missing":
            for check in self.sheet.missing:
                tick = f"tick-{check.criterion}"
                if check.is_hard and not check.one_of and tick in self.fields and not self.cleaned_data.get(tick):
                    self.add_error(tick, gettext("Still missing."))

    def card_fields(self) -> dict[str, Any]:
        """The card's own fields that were asked for and filled."""
        return {name: self.cleaned_data[name] for name in CARD_FIELDS if self.cleaned_data.get(name)}


class ProspectForm(ShapeOnly):
    """A prospect's own fields. The account is searched while one types."""

    account = PickerField(url="accounts:pick_account", label=_("Account"))

    class Meta:
        model = Prospect
        fields = (
            "name", "amount", "currency", "expected_close_on", "next_step", "next_step_on",
            "first_meeting_on", "decision_on", "start_on", "own_estimate", "product", "source", "code", "notes",
        )  # fmt: skip
        widgets = {
            "name": forms.TextInput(attrs={"autofocus": True}),
            "notes": forms.Textarea(attrs={"rows": 3}),
            **{name: forms.DateInput(format="%Y-%m-%d", attrs=DAY) for name in DAYS},
        }

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        picker = self.fields["account"]
        if isinstance(picker, PickerField):
            chosen = self.initial.get("account") or self.instance.account
            picker.connect(lambda pk: get_account(by, pk), lambda text: search_accounts(by, text), chosen)

    def given(self) -> dict[str, Any]:
        """What was typed, as the actions take it."""
        values = dict(self.cleaned_data)
        account = values.pop("account")
        return values | {"account_id": account.pk if account else None}

    @property
    def sections(self) -> list[Section]:
        """The fields in the order people are asked for them."""
        return [
            section(self, "", "name", "account", ("amount", "currency"), "expected_close_on"),
            section(self, _("Next step"), "next_step", "next_step_on"),
            section(
                self, _("Timetable"), ("first_meeting_on", "decision_on"), ("start_on", "own_estimate"), folded=True
            ),
            section(self, _("More"), ("product", "source"), "code", "notes", folded=True),
        ]


class PlanForm(forms.Form):
    """What happens next, and when (R8)."""

    next_step = forms.CharField(
        label=_("What happens next?"), max_length=200, widget=forms.TextInput(attrs={"autofocus": True})
    )
    next_step_on = day_field(label=_("On which day?"))


class TickForm(forms.Form):
    """The evidence for one criterion (P2)."""

    note = text_field(label=_("How do you know?"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))
    visit_id = forms.TypedChoiceField(
        label=_("Was it on a visit?"), required=False, coerce=int, empty_value=None, widget=forms.Select
    )
    link = forms.URLField(required=False, label=_("Link to it"), assume_scheme="https")
    on = day_field(label=_("Since when"))

    def __init__(self, *args: Any, visits: Iterable[tuple[int, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = list(visits)
        if offered:
            self.fields["visit_id"].choices = [("", "–"), *offered]  # type: ignore[attr-defined]
        else:
            del self.fields["visit_id"]


class WithdrawForm(forms.Form):
    """Why a confirmed criterion is no longer true (P3)."""

    because = text_field(label=_("Why is it no longer true?"), max_length=200)


class LoseForm(forms.Form):
    """Why it was lost, and to whom."""

    reason = forms.ChoiceField(label=_("Why was it lost?"), choices=[("", "—"), *LossReason.choices], required=False)
    competitor = text_field(label=_("To which competitor?"), max_length=120)
    note = text_field(label=_("What happened?"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))


class NoteForm(forms.Form):
    """What was said about a card in the review."""

    note = text_field(
        label=_("Note"),
        max_length=500,
        widget=forms.TextInput(attrs={"class": "form-control", "placeholder": _("What was said, or why")}),
    )


class ReopenForm(forms.Form):
    """Why a closed prospect comes back, and what happens next."""

    because = text_field(label=_("Why does it come back?"), max_length=200)
    next_step = text_field(label=_("Next step"), max_length=200)
    next_step_on = day_field(label=_("On"))


class TransferForm(forms.Form):
    """Whose prospect it is from now on."""

    owner = forms.TypedChoiceField(label=_("New owner"), coerce=int)

    def __init__(self, owners: list[tuple[int, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].choices = [("", "–"), *owners]  # type: ignore[attr-defined]


class SelectionForm(forms.Form):
    """What the board, the dashboard and the review look at; it lives in the address."""

    owner = forms.TypedChoiceField(label=_("Owner"), required=False, coerce=int, empty_value=None)
    team = forms.TypedChoiceField(label=_("Team"), required=False, coerce=int, empty_value=None)
    period = forms.ChoiceField(label=_("Closes in"), required=False, choices=[("", _("Any time")), *Period.choices])

    def __init__(self, data: Any, *, owners: list[User], teams: list[Team]) -> None:
        super().__init__(data)
        self._offer("owner", _("Everybody"), owners)
        self._offer("team", _("All teams"), teams)
        for made in self.fields.values():
            made.widget.attrs["class"] = "form-select"

    def _offer(self, name: str, everything: Any, rows: list[Any]) -> None:
        if len(rows) < 2:
            del self.fields[name]
            return
        self.fields[name].choices = [("", everything), *((row.pk, str(row)) for row in rows)]  # type: ignore[attr-defined]

    def selection(self) -> Selection:
        """What was chosen; what cannot be read is as good as not chosen."""
        self.is_valid()
        period = self.cleaned_data.get("period")
        return Selection(
            owner_id=self.cleaned_data.get("owner"),
            team_id=self.cleaned_data.get("team"),
            period=Period(period) if period else None,
        )


class NormsForm(forms.Form):
    """Days each class should take (P5), of the company or of a team; an empty box takes the one above."""

    def __init__(self, inherited: Mapping[Stage, int], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for stage in OPEN_STAGES:
            self.fields[f"days_{stage.letter}"] = forms.IntegerField(
                label=f"{stage.letter} → {Stage(stage).next_up.letter}",  # type: ignore[union-attr]
                required=False,
                min_value=1,
                max_value=3650,
                widget=forms.NumberInput(attrs={"class": "form-control number", "placeholder": inherited[stage]}),
            )

    def norms(self) -> dict[Stage, int | None]:
        return {stage: self.cleaned_data[f"days_{stage.letter}"] for stage in OPEN_STAGES}


class CriteriaForm(forms.Form):
    """Which criteria stop a move (P2): a tick per class and criterion."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for stage, criterion in PAIRS:
            made = forms.BooleanField(required=False, label=criterion.label)
            made.widget.attrs["class"] = "form-check-input"
            self.fields[f"{stage.letter}-{criterion}"] = made

    def hard(self) -> dict[tuple[Stage, Criterion], bool]:
        return {(stage, criterion): self.cleaned_data[f"{stage.letter}-{criterion}"] for stage, criterion in PAIRS}

    def groups(self) -> list[tuple[Stage, list[BoundField]]]:
        """The ticks class by class."""
        return [
            (stage, [self[f"{stage.letter}-{criterion}"] for of, criterion in PAIRS if of == stage])
            for stage in (Stage.D, Stage.C, Stage.B, Stage.A, Stage.S)
        ]


class BoardRuleForm(forms.ModelForm):  # type: ignore[type-arg]
    """The board's two clocks."""

    class Meta:
        model = BoardRule
        fields = ("fall_back_after_days", "review_every_days")

    def _post_clean(self) -> None:
        """Left to the action."""
