"""Choosing one record among very many: a text box that searches while one types.

The widget holds the record's id in a hidden field and its name in the box. Without JavaScript the exact name works too.
A page that serves the matches answers with `core/_picker_options.html`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.db.models import Model
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from core.errors import NotFound

Find = Callable[[int], Model]
Look = Callable[[str], list[Any]]


def name_of(record: Model | None) -> str:
    """The full name of a record where it has one: `str()` may shorten it."""
    return "" if record is None else str(getattr(record, "name", record))


class PickerWidget(forms.Widget):
    """A search box and the id it stands for."""

    template_name = "core/_picker.html"

    def __init__(self, url: str, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.url = url
        self.record: Model | None = None

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        context = self.get_context(name, value, attrs)
        chosen, text = value if isinstance(value, tuple) else (value, "")
        if isinstance(chosen, Model):
            chosen, text = chosen.pk, name_of(chosen)
        context |= {"id": chosen or "", "text": text or name_of(self.record), "url": reverse(self.url)}
        return SafeString(render_to_string(self.template_name, context))

    def value_from_datadict(self, data: Any, files: Any, name: str) -> tuple[str, str]:
        return str(data.get(name) or ""), str(data.get(f"{name}-text") or "").strip()

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return name not in data


class PickerField(forms.Field):
    """One record, found by `find(id)` (raises NotFound) or, when only its name was typed, among `look(name)`."""

    def __init__(self, *, url: str, **kwargs: Any) -> None:
        super().__init__(**{"required": False, "widget": PickerWidget(url), **kwargs})
        self.find: Find | None = None
        self.look: Look | None = None

    def connect(self, find: Find, look: Look, initial: Model | None = None) -> None:
        """Say whose records these are; a form does so when it learns its user."""
        self.find, self.look = find, look
        self.initial = initial
        if isinstance(self.widget, PickerWidget):
            self.widget.record = initial

    def clean(self, value: Any) -> Any:
        pk, text = value if isinstance(value, tuple) else (str(value or ""), "")
        if self.find is None or self.look is None:
            raise TypeError("connect() the picker to its records first")
        if pk.isdigit():
            try:
                return self.find(int(pk))
            except NotFound as error:
                raise forms.ValidationError(_("Choose one of the list.")) from error
        if text:
            same = [record for record in self.look(text) if text in {name_of(record), str(record)}]
            if len(same) == 1:
                return same[0]
            raise forms.ValidationError(_("Choose one of the list."))
        if self.required:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        return None

    def has_changed(self, initial: Any, data: Any) -> bool:
        return str(getattr(initial, "pk", initial) or "") != (data[0] if isinstance(data, tuple) else str(data or ""))
