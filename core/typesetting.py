"""Papers out of Typst templates and values. Values travel as JSON and are never read as markup; there is a time limit."""

from __future__ import annotations

import json
import subprocess
import sys
from base64 import b64decode
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

PRESS = Path(__file__).resolve().with_name("press.py")
FONTS = "pylopdf_fonts_zh_cn"
TIME_LIMIT = 20  # seconds; a letter takes a fraction of one
PREVIEW_PPI = 110


class TypesettingError(Exception):
    """The document could not be made; the text is for the log."""


def pdf_of(template: Path, data: Mapping[str, Any]) -> bytes:
    """The PDF of a template with these values. It reads no file outside of the template's folder."""
    return _press(template, data, "pdf")


def pictures_of(template: Path, data: Mapping[str, Any]) -> list[bytes]:
    """The same, page by page, as PNG for the screen."""
    return [b64decode(page) for page in json.loads(_press(template, data, "png"))]


def _press(template: Path, data: Mapping[str, Any], kind: str) -> bytes:
    order = {
        "template": str(template),
        "root": str(template.parent),
        "fonts": [_fonts()],
        "data": dict(data),
        "format": kind,
        "ppi": PREVIEW_PPI,
    }
    try:
        done = subprocess.run(
            [sys.executable, "-I", str(PRESS)],
            input=json.dumps(order).encode(),
            capture_output=True,
            timeout=TIME_LIMIT,
        )
    except subprocess.TimeoutExpired as slow:
        raise TypesettingError(f"{template.stem} took longer than {TIME_LIMIT} s") from slow
    if done.returncode:
        raise TypesettingError(done.stderr.decode(errors="replace")[-2000:])
    return done.stdout


def _fonts() -> str:
    """The folder of the fonts package: found, not imported."""
    found = find_spec(FONTS)
    if found is None or found.origin is None:
        raise TypesettingError(f"{FONTS} is not installed")
    return str(Path(found.origin).parent)
