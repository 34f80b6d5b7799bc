"""How papers are shown: as pictures of their pages on the screen, as PDF in the browser."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable

from django.http import HttpResponse

from core.errors import DomainError
from dunning.documents import TypesettingError


def pdf_answer(pdf: bytes, name: str) -> HttpResponse:
    """The PDF, shown by the browser itself."""
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response


def as_images(pages: Iterable[bytes]) -> list[str]:
    """Pages as addresses of pictures that hold the picture itself: nothing is kept for them anywhere."""
    return [f"data:image/png;base64,{b64encode(page).decode()}" for page in pages]


def not_set(error: TypesettingError, message: str) -> DomainError:
    """The refusal a person reads when a paper could not be made."""
    refusal = DomainError(message, code="no_pdf")
    refusal.__cause__ = error
    return refusal
