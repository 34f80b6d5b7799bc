"""What forms of all apps share: they give shape and leave the rules to actions; long ones come in parts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BaseForm, BoundField
from django.template.loader import render_to_string
from django.utils.safestring import SafeString


class ShapeOnly(forms.ModelForm):  # type: ignore[type-arg]
    """A form that leaves its instance alone: it shows what is saved; the action checks uniqueness and rules, and writes."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, forms.ChoiceField) and not isinstance(field, forms.ModelChoiceField):
                field.choices = [(code, label if code != "" else "–") for code, label in list(field.choices)]  # type: ignore[arg-type]

    def validate_unique(self) -> None:
        """Left to the action."""

    def _post_clean(self) -> None:
        """Left to the action."""


class ChipsWidget(forms.SelectMultiple):
    """Several out of a list, as chips to press. Works as plain checkboxes without style."""

    use_fieldset = True

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        chosen = {str(one) for one in value or []}
        options = [(code, label, str(code) in chosen) for code, label in self.choices]
        return SafeString(
            render_to_string("core/_chip_choices.html", {"name": name, "options": options, "attrs": attrs})
        )

    def id_for_label(self, id_: str, index: str = "0") -> str:
        return ""


class PersonChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A colleague, with his team behind the name. Give a queryset with `team` joined."""

    def __init__(self, *args: Any, empty_label: Any = "–", **kwargs: Any) -> None:
        super().__init__(*args, empty_label=empty_label, **kwargs)

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.full_name} · {obj.team}" if obj.team else str(obj)


def day_field(label: Any, **kwargs: Any) -> forms.DateField:
    """A day, with the browser's own calendar; always written as 2026-11-24 in the page."""
    return forms.DateField(label=label, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}), **kwargs)


@dataclass(frozen=True)
class Section:
    """One part of a form as `core/_form_sections.html` draws it."""

    title: Any
    rows: list[list[BoundField]]
    folded: bool = False

    @property
    def has_errors(self) -> bool:
        return any(field.errors for row in self.rows for field in row)


def section(form: BaseForm, title: Any, *rows: str | tuple[str, ...], folded: bool = False) -> Section:
    """A part out of names of fields; a tuple stands side by side. Names the form does not have are left out."""
    named: Iterable[tuple[str, ...]] = (row if isinstance(row, tuple) else (row,) for row in rows)
    bound = [[form[name] for name in row if name in form.fields] for row in named]
    return Section(title, [row for row in bound if row], folded)
