"""Numbers and addresses of accounts and people: how they are checked, compared and typed in."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.template.loader import render_to_string
from django.utils.datastructures import MultiValueDict
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.errors import DomainError
from core.models import Channel, ChannelKind

MOST = 20
SPOKEN = {ChannelKind.PHONE, ChannelKind.MOBILE, ChannelKind.FAX}
MARKS = re.compile(r"[\s\-+().]")


def compact(value: str) -> str:
    """What two spellings of one number or address share; the same as the column `compact`."""
    return MARKS.sub("", value).lower()


def spellings(value: str) -> list[str]:
    """Compact forms under which the same number may stand: with and without China's 86 and the 0 before a city."""
    key = compact(value)
    if not key.isdigit():
        return [key] if key else []
    bare = key.removeprefix("00").removeprefix("86").lstrip("0")
    return [key, bare, f"0{bare}", f"86{bare}", f"0086{bare}"]


def clean_channels(rows: Iterable[dict[str, str]]) -> list[dict[str, str]]:
    """Rows {kind, label, value} trimmed and checked, empty ones left out. DomainError says which value is wrong."""
    kept = []
    for row in rows:
        value = " ".join(str(row.get("value") or "").split())
        if not value:
            continue
        kind, label = str(row.get("kind") or ""), " ".join(str(row.get("label") or "").split())
        if kind not in ChannelKind.values:
            raise DomainError(_("Choose what kind “%(value)s” is.") % {"value": value}, field="channels")
        if reason := _mistake(kind, label, value):
            raise DomainError(reason, field="channels")
        kept.append({"kind": kind, "label": label, "value": value})
    if len(kept) > MOST:
        raise DomainError(_("At most %(count)s channels.") % {"count": MOST}, field="channels")
    return kept


def as_rows(channels: Iterable[Channel]) -> list[dict[str, str]]:
    """Stored channels as forms, events and the API show them."""
    return [{"kind": one.kind, "label": one.label, "value": one.value} for one in channels]


def in_words(rows: Iterable[dict[str, str]]) -> str:
    """The channels in one line, for the audit trail."""
    return ", ".join(row["value"] for row in rows)


def _mistake(kind: str, label: str, value: str) -> str:
    if len(value) > 254:
        return _("A channel has at most 254 characters.")
    if len(label) > 30:
        return _("A channel’s label has at most 30 characters.")
    if kind == ChannelKind.EMAIL:
        try:
            validate_email(value)
        except ValidationError:
            return _("“%(value)s” is not an email address.") % {"value": value}
    if kind in SPOKEN and len(re.sub(r"\D", "", value)) < 3:
        return _("“%(value)s” is not a number one can dial.") % {"value": value}
    return ""


class ChannelsWidget(forms.Widget):
    """Rows of kind, value and label; the behaviour `rows` adds and removes them, without it one row is spare."""

    template_name = "core/_channels.html"

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        context = {"name": name, "rows": list(value or []) or [{}], "kinds": ChannelKind.choices}
        return SafeString(render_to_string(self.template_name, context))

    def id_for_label(self, id_: str) -> str:
        return ""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[dict[str, str]]:
        if not isinstance(data, MultiValueDict):
            return list(data.get(name) or [])
        columns = [data.getlist(f"{name}-{part}") for part in ("kind", "value", "label")]
        return [{"kind": kind, "value": value, "label": label} for kind, value, label in zip(*columns, strict=False)]

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return f"{name}-value" not in data

    def use_required_attribute(self, initial: Any) -> bool:
        return False


class ChannelsField(forms.Field):
    """The channels of one record, all of them at once."""

    widget = ChannelsWidget

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, **{"label": gettext_lazy("Channels"), **kwargs})

    def clean(self, value: Any) -> list[dict[str, str]]:
        try:
            return clean_channels(value or [])
        except DomainError as refusal:
            raise forms.ValidationError(str(refusal.message)) from refusal
