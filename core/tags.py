"""Free labels on a record."""

import re
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.errors import DomainError

LONGEST = 40
MOST = 20
SEPARATORS = re.compile(r"[,，;；、\n]")


def clean_tags(tags: Iterable[str]) -> list[str]:
    """Trimmed, each once whatever its case, in the order given. DomainError when too long or too many."""
    kept: dict[str, str] = {}
    for tag in tags:
        text = " ".join(tag.split())
        if len(text) > LONGEST:
            raise DomainError(_("A tag has at most %(count)s characters.") % {"count": LONGEST}, field="tags")
        if text:
            kept.setdefault(text.lower(), text)
    if len(kept) > MOST:
        raise DomainError(_("At most %(count)s tags.") % {"count": MOST}, field="tags")
    return list(kept.values())


class TagsField(forms.CharField):
    """Tags typed with commas between them, in either script."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            required=False,
            **{"label": gettext_lazy("Tags"), "help_text": gettext_lazy("Separate them by commas."), **kwargs},
        )

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[str]:
        try:
            return clean_tags(SEPARATORS.split(super().clean(value) or ""))
        except DomainError as refusal:
            raise forms.ValidationError(str(refusal.message)) from refusal

    def has_changed(self, initial: Any, data: Any) -> bool:
        return list(initial or []) != SEPARATORS.split(data or "")
