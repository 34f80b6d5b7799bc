"""Versions as HTTP says them: `ETag: "3"` with an answer, `If-Match: "3"` with an edit."""

from __future__ import annotations

import re
from typing import Any

_TAG = re.compile(r'\s*(?:W/)?"?(\d{1,9})"?\s*\Z', re.ASCII)
NEVER = 0  # versions start at one


def etag_of(found: Any) -> str:
    """The tag of a versioned object; empty for others."""
    version = getattr(found, "version", None)
    return f'"{version}"' if isinstance(version, int) else ""


def version_of_header(header: str) -> int | None:
    """The version an If-Match names: None for none or `*`, NEVER for one that no object ever had."""
    header = header.strip()
    if not header or header == "*":
        return None
    found = _TAG.match(header)
    return int(found[1]) if found else NEVER
