"""A conflict told field by field: what the record says now, beside what the person was about to write."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Choices, Model
from django.utils.formats import localize
from django.utils.text import capfirst

from core.errors import Conflict
from core.words import listed


@dataclass(frozen=True)
class Difference:
    """One field in which the record as it is now and what was about to be written differ, both in words."""

    label: str
    theirs: str
    yours: str


def of_form(form: forms.BaseForm, theirs: dict[str, Any]) -> list[Difference]:
    """The fields of the form in which `theirs` differs from what was typed."""
    found = []
    for name, typed in form.cleaned_data.items():
        if name in theirs and theirs[name] != typed:
            field = form.fields[name]
            choices = getattr(field, "choices", ())
            label = str(field.label or name)
            found.append(Difference(label, in_words(theirs[name], choices), in_words(typed, choices)))
    return found


def of_record(conflict: Conflict) -> list[Difference]:
    """The same where no form can be shown: the fields of `conflict.yours` that the current record says otherwise."""
    if not isinstance(conflict.current, Model):
        return []
    found = (_difference(conflict.current, name, value) for name, value in conflict.yours.items() if name != "version")
    return [one for one in found if one and one.theirs != one.yours]


def _difference(current: Model, name: str, yours: Any) -> Difference | None:
    try:
        field = current._meta.get_field(name)
    except FieldDoesNotExist:
        return None
    if not hasattr(field, "verbose_name"):
        return None
    choices = getattr(field, "flatchoices", ())
    return Difference(
        capfirst(str(field.verbose_name)), in_words(getattr(current, name), choices), in_words(yours, choices)
    )


def in_words(value: Any, choices: Iterable[Any] | None = ()) -> str:
    """A value as the reader of the page would say it."""
    if value in (None, "", []):
        return "–"
    named = dict(choices or ())
    if isinstance(value, list):
        return listed(named.get(one, one["value"] if isinstance(one, dict) else one) for one in value)
    if not isinstance(value, Model) and value in named:
        return str(named[value])
    return str(value.label) if isinstance(value, Choices) else str(localize(value))
