"""The badge of a class, drawn once and kept: lists show it on every line."""

from __future__ import annotations

from functools import lru_cache

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from prospects.choices import Stage

register = template.Library()


@register.simple_tag
def stage_badge(stage: Stage) -> SafeString:
    """The component `stage_badge` for one class: its letter in its colour."""
    return _drawn(stage, get_language())


@lru_cache(maxsize=100)
def _drawn(stage: Stage, language: str | None) -> SafeString:
    # The language is part of the key: the class's name is the badge's title.
    return render_to_string("components/stage_badge.html", {"stage": stage})
