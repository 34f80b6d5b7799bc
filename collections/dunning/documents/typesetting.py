"""Documents out of templates and values. Values travel as JSON and are never read as markup; there is a time limit."""

from __future__ import annotations

import json
import subprocess
import sys
from base64 import b64decode
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

HERE = Path(__file__).resolve().parent
TEMPLATES = HERE.parent / "typst"
FONTS = "pylopdf_fonts_zh_cn"
TIME_LIMIT = 20  # seconds; a letter takes a fraction of one
PREVIEW_PPI = 110


class TypesettingError(Exception):
    """The document could not be made; the text is for the log."""


def typeset(template: str, data: Mapping[str, Any]) -> bytes:
    """The PDF of `template` (a name in `typst/`, without the ending) with these values."""
    return _press(template, data, "pdf")


def pictures(template: str, data: Mapping[str, Any]) -> list[bytes]:
    """The same, page by page, as PNG for the screen."""
    return [b64decode(page) for page in json.loads(_press(template, data, "png"))]


def photograph(pdf: bytes, pages: int) -> list[bytes]:
    """The pages of a finished PDF as PNG. It stands beside a copy of the template, for the press reads one folder only."""
    with TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "file.pdf").write_bytes(pdf)
        (root / "photograph.typ").write_bytes((TEMPLATES / "photograph.typ").read_bytes())
        made = _press("photograph", {"file": "file.pdf", "pages": pages}, "png", root)
    return [b64decode(page) for page in json.loads(made)]


def _press(template: str, data: Mapping[str, Any], kind: str, root: Path = TEMPLATES) -> bytes:
    order = {
        "template": str(root / f"{template}.typ"),
        "root": str(root),
        "fonts": [_fonts()],
        "data": dict(data),
        "format": kind,
        "ppi": PREVIEW_PPI,
    }
    try:
        done = subprocess.run(
            [sys.executable, "-I", str(HERE / "press.py")],
            input=json.dumps(order).encode(),
            capture_output=True,
            timeout=TIME_LIMIT,
        )
    except subprocess.TimeoutExpired as slow:
        raise TypesettingError(f"{template} took longer than {TIME_LIMIT} s") from slow
    if done.returncode:
        raise TypesettingError(done.stderr.decode(errors="replace")[-2000:])
    return done.stdout


def _fonts() -> str:
    """The folder of the fonts package: found, not imported."""
    found = find_spec(FONTS)
    if found is None or found.origin is None:
        raise TypesettingError(f"{FONTS} is not installed")
    return str(Path(found.origin).parent)
