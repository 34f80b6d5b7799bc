"""Choosing photos and files in a form."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _

from core.errors import DomainError
from core.files.actions import check_file

TAKEN = "image/*,.pdf,.docx,.xlsx,.pptx,.doc,.xls,.ppt,.txt,.csv"
"""What a phone offers to choose: camera, photos, papers."""


class SeveralFiles(forms.FileInput):
    """A file input that takes several."""

    allow_multiple_selected = True

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"accept": TAKEN, **(attrs or {})})

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return files.getlist(name) if hasattr(files, "getlist") else files.get(name)


class FilesField(forms.FileField):
    """Several files at once, each looked at; a refusal names the file and the reason."""

    widget = SeveralFiles

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        given = [one for one in (data if isinstance(data, (list, tuple)) else [data]) if one]
        if self.required and not given:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        if len(given) > settings.FILES_AT_ONCE:
            raise forms.ValidationError(_("At most %(count)s files at once.") % {"count": settings.FILES_AT_ONCE})
        refused = []
        for upload in given:
            try:
                check_file(name=upload.name, size=upload.size, content=upload)
            except DomainError as refusal:
                refused.append(f"{upload.name}: {refusal.message}")
        if refused:
            raise forms.ValidationError(refused)
        return given
