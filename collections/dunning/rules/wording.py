"""Wordings of letters: which {placeholders} they may hold, and filling them in. Nothing else in braces is understood."""

from __future__ import annotations

import re
from collections.abc import Mapping

PLACEHOLDERS = ("customer", "amount", "oldest", "count", "pay_by", "sender")
BRACES = re.compile(r"\{([^{}]*)\}")
LEFT = re.compile(r"[{}]")
APOLOGIES = re.compile(
    r"sorry to (?:trouble|bother|disturb)|(?:抱歉|不好意思)[，,]?(?:打扰|麻烦)|打扰(?:您)?了", re.IGNORECASE
)
"""What no letter says (C8)."""


def unknown_placeholders(text: str) -> list[str]:
    """What stands in braces and is no placeholder, in order; a lone brace counts as one."""
    unknown = [f"{{{name}}}" for name in BRACES.findall(text) if name not in PLACEHOLDERS]
    return unknown + LEFT.findall(BRACES.sub("", text))


def apologies(text: str) -> list[str]:
    """Phrases by which a letter excuses itself for asking."""
    return [found.group() for found in APOLOGIES.finditer(text)]


def fill(text: str, values: Mapping[str, str]) -> str:
    """The wording with its placeholders filled in. A value is never read again, whatever stands in it."""
    return BRACES.sub(lambda found: values.get(found.group(1), found.group()), text)
