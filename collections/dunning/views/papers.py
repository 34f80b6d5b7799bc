"""How papers are shown on the screen, as pictures of their pages, and what is said when they cannot be."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable

from core.errors import DomainError
from dunning.documents import TypesettingError


def as_images(pages: Iterable[bytes]) -> list[str]:
    """Pages as addresses of pictures that hold the picture itself: nothing is kept for them anywhere."""
    return [f"data:image/png;base64,{b64encode(page).decode()}" for page in pages]


def not_set(error: TypesettingError, message: str) -> DomainError:
    """The refusal a person reads when a paper could not be made."""
    refusal = DomainError(message, code="no_pdf")
    refusal.__cause__ = error
    return refusal
