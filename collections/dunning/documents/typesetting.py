"""Letters and statements out of the templates in `typst/`, by name."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from core.typesetting import TypesettingError, pdf_of, pictures_of

TEMPLATES = Path(__file__).resolve().parents[1] / "typst"

__all__ = ["TypesettingError", "photograph", "pictures", "typeset"]


def typeset(template: str, data: Mapping[str, Any]) -> bytes:
    """The PDF of `template` (a name in `typst/`, without the ending) with these values."""
    return pdf_of(TEMPLATES / f"{template}.typ", data)


def pictures(template: str, data: Mapping[str, Any]) -> list[bytes]:
    """The same, page by page, as PNG for the screen."""
    return pictures_of(TEMPLATES / f"{template}.typ", data)


def photograph(pdf: bytes, pages: int) -> list[bytes]:
    """The pages of a finished PDF as PNG. It stands beside a copy of the template, for the press reads one folder only."""
    with TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "file.pdf").write_bytes(pdf)
        (root / "photograph.typ").write_bytes((TEMPLATES / "photograph.typ").read_bytes())
        return pictures_of(root / "photograph.typ", {"file": "file.pdf", "pages": pages})
