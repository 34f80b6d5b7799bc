"""What a record's page carries of the talk about it and of its files: one line each."""

from __future__ import annotations

from typing import Any

from django import template
from django.db.models import Model
from django.urls import reverse

from core.records import type_of

register = template.Library()


@register.inclusion_tag("core/comments/_place.html", takes_context=True)
def comments(context: template.Context, record: Model) -> dict[str, Any]:
    """The place where a record's comments are fetched to: `{% comments prospect %}`."""
    wanted = context["request"].GET.get("comment", "")
    url = reverse("core:comments", args=[type_of(record), record.pk])
    return {"url": url, "wanted": wanted if wanted.isascii() and wanted.isdigit() else ""}


@register.inclusion_tag("core/files/_place.html")
def files(record: Model) -> dict[str, Any]:
    """The place where a record's photos and files are fetched to: `{% files visit %}`."""
    return {"url": reverse("core:files", args=[type_of(record), record.pk])}
