"""The look of a filter form: one class for every kind of field, chips to press where several values may be chosen."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django_filters.widgets import SuffixedMultiWidget

from core.shapes import ChipsWidget


def dress(form: forms.BaseForm) -> forms.BaseForm:
    """Give the widgets of a filter form their classes. The form is this request's own, so nothing else changes."""
    for field in form.fields.values():
        if isinstance(field, forms.MultipleChoiceField) and not isinstance(field, forms.ModelMultipleChoiceField):
            field.widget = ChipsWidget(choices=list(field.choices))  # type: ignore[arg-type]
        _dress(field.widget)
        if isinstance(field, forms.ChoiceField) and not field.required:
            _say_any(field)
    return form


def _dress(widget: Any) -> None:
    if isinstance(widget, SuffixedMultiWidget):
        for part in widget.widgets:
            _dress(part)
        return
    if isinstance(widget, ChipsWidget):
        return
    if isinstance(widget, forms.DateInput):
        widget.input_type = "date"
        widget.format = "%Y-%m-%d"
    css = "form-select form-select-sm" if isinstance(widget, forms.Select) else "form-control form-control-sm"
    widget.attrs["class"] = f"{widget.attrs.get('class', '')} {css}".strip()


def _say_any(field: Any) -> None:
    """The empty choice says what it means instead of dashes."""
    choices = getattr(field.widget, "choices", None)
    if isinstance(field, forms.ModelChoiceField):
        field.empty_label = _("any")
    elif isinstance(field.widget, forms.Select) and choices is not None:
        field.widget.choices = [(value, label if value not in ("", None) else _("any")) for value, label in choices]
