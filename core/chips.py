"""The filters in force as chips: their names, their values in words, and the address without them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django_filters import FilterSet
from django_filters.widgets import SuffixedMultiWidget

from core.words import listed


@dataclass(frozen=True)
class Chip:
    """One filter in force."""

    name: str
    value: str
    remove_url: str


def chips_of(filterset: FilterSet, url_without: Callable[[Sequence[str]], str]) -> list[Chip]:
    """A chip for every filter of the set that has a valid value."""
    if not filterset.form.is_valid() and not filterset.form.is_bound:
        return []
    chips = []
    for name, value in filterset.form.cleaned_data.items():
        if value in (None, "", [], ()) or _is_empty_queryset(value):
            continue
        field = filterset.form.fields[name]
        chips.append(Chip(str(field.label or name), _words(field, value), url_without(_words_of_address(field, name))))
    return chips


def _words_of_address(field: Any, name: str) -> list[str]:
    """The words of the address that a filter reads: a range has two."""
    if isinstance(field.widget, SuffixedMultiWidget):
        return [field.widget.suffixed(name, suffix) for suffix in field.widget.suffixes]
    return [name]


def _words(field: Any, value: Any) -> str:
    if isinstance(value, slice):
        return _span(value.start, value.stop)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, str):
        return _label(field, value)
    if isinstance(value, Iterable):
        return listed(_label(field, one) for one in value)
    return _label(field, value)


def _label(field: Any, value: Any) -> str:
    for code, label in _flat(getattr(field, "choices", ()) if isinstance(value, str | int) else ()):
        if str(code) == str(value):
            return str(label)
    return _plain(value)


def _flat(choices: Any) -> Iterable[tuple[Any, Any]]:
    for code, label in choices:
        if isinstance(label, list | tuple):
            yield from label
        else:
            yield code, label


def _span(start: Any, stop: Any) -> str:
    if start is None:
        return _("up to %(value)s") % {"value": _plain(stop)}
    if stop is None:
        return _("from %(value)s") % {"value": _plain(start)}
    return f"{_plain(start)} – {_plain(stop)}"


def _plain(value: Any) -> str:
    return date_format(value, "SHORT_DATE_FORMAT") if isinstance(value, date) else str(value)


def _is_empty_queryset(value: Any) -> bool:
    return hasattr(value, "model") and hasattr(value, "exists") and not value
