"""How the fields of forms become HTML: what nearly every form has is written straight away, the rest by Django's templates.

Django takes two templates for each option of a select and one for the attributes of each field, so that a filter by owner
costs more than the page around it. The markup is Django's own to the letter (but for an empty line after each option);
whatever is not listed here is drawn by its template, as are options of a kind of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from html import escape
from typing import Any

from django.forms.renderers import DjangoTemplates
from django.utils.formats import localize
from django.utils.html import conditional_escape

FOLDER = "django/forms/widgets"
OPTION = f"{FOLDER}/select_option.html"
INPUTS = (
    "checkbox", "color", "date", "datetime", "email", "hidden", "number", "password", "search", "tel", "text", "time", "url",
)  # fmt: skip

Widget = Mapping[str, Any]
"""What a widget tells its template."""


class FormRenderer(DjangoTemplates):
    """The setting FORM_RENDERER."""

    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> str:
        draw = DRAWN.get(template_name)
        drawn = draw(context["widget"]) if draw else None
        return super().render(template_name, context, request) if drawn is None else drawn


def _attributes(attributes: Mapping[str, Any]) -> str:
    """As `class="form-select" required`; what is False is left out."""
    return "".join(
        f" {name}" if value is True else f' {name}="{_escaped(value)}"'
        for name, value in attributes.items()
        if value is not False
    )


def _input(widget: Widget) -> str:
    value = "" if widget["value"] is None else f' value="{_escaped(widget["value"])}"'
    return f'<input type="{widget["type"]}" name="{_escaped(widget["name"])}"{value}{_attributes(widget["attrs"])}>'


def _textarea(widget: Widget) -> str:
    words = _escaped(widget["value"]) if widget["value"] else ""
    return f'<textarea name="{_escaped(widget["name"])}"{_attributes(widget["attrs"])}>\n{words}</textarea>'


def _select(widget: Widget) -> str | None:
    """None where an option has a template of its own."""
    groups = widget["optgroups"]
    if any(option["template_name"] != OPTION for _name, options, _place in groups for option in options):
        return None
    lines = "".join(f"\n  {line}" for line in _lines(groups))
    return f'<select name="{_escaped(widget["name"])}"{_attributes(widget["attrs"])}>{lines}\n</select>'


def _lines(groups: list[tuple[Any, list[Widget], int]]) -> Iterator[str]:
    for name, options, _place in groups:
        if name:
            yield f'<optgroup label="{_shown(name)}">'
        for option in options:
            yield f'<option value="{_escaped(option["value"])}"{_attributes(option["attrs"])}>{_shown(option["label"])}</option>'
        if name:
            yield "</optgroup>"


def _shown(value: Any) -> str:
    """As a template shows a value: numbers and days in the reader's way."""
    return _escaped(value if isinstance(value, str) else localize(value))


def _escaped(value: Any) -> str:
    """As Django escapes; for the plain text that most is, without asking whether it is anything else."""
    return escape(value) if type(value) is str else conditional_escape(value)


DRAWN: dict[str, Callable[[Widget], str | None]] = {
    f"{FOLDER}/select.html": _select,
    f"{FOLDER}/textarea.html": _textarea,
    **{f"{FOLDER}/{kind}.html": _input for kind in INPUTS},
}
