"""Finished PDFs: several in one file for the printer, and their pages as pictures."""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO

from pypdf import PdfReader, PdfWriter

from dunning.documents.typesetting import photograph


def bundle(letters: Iterable[bytes]) -> bytes:
    """The letters one after the other, page for page as each was made."""
    writer = PdfWriter()
    for letter in letters:
        writer.append(BytesIO(letter))
    made = BytesIO()
    writer.write(made)
    return made.getvalue()


def page_pictures(pdf: bytes) -> list[bytes]:
    """The pages of a PDF as PNG."""
    return photograph(pdf, len(PdfReader(BytesIO(pdf)).pages))
