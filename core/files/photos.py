"""Photos, drawn anew: upright, of a sensible size, without what the camera wrote into them (place, time, device)."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from threading import Lock
from typing import BinaryIO

from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from core.errors import DomainError

MOST_PIXELS = 50_000_000
LONGEST_EDGE = 2_560  # pixels of a kept photo
SMALL_EDGE = 360  # of the small picture
FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
_one_at_a_time = Lock()
"""A photo of 50 million pixels takes 150 MB while it is drawn: a process does so with one after the other."""


@dataclass(frozen=True)
class Photo:
    """A photo as we keep it, and a small picture of it (always JPEG or PNG like the photo)."""

    content: bytes
    small: bytes
    media_type: str
    width: int
    height: int


def draw_anew(source: BinaryIO) -> Photo:
    """The photo without anything but its picture. DomainError (422) for one that is damaged or has too many pixels."""
    try:
        with _one_at_a_time, Image.open(source, formats=FORMATS) as image:
            if image.width * image.height > MOST_PIXELS:
                raise _too_large()
            return _drawn(image)
    except Image.DecompressionBombError as error:
        raise _too_large() from error
    except (OSError, SyntaxError, ValueError, EOFError, MemoryError) as error:
        raise DomainError(_("It is damaged and cannot be read."), field="file", code="file_refused") from error


def _drawn(image: Image.Image) -> Photo:
    image.draft("RGB", (LONGEST_EDGE, LONGEST_EDGE))  # a JPEG is read no larger than needed
    upright = ImageOps.exif_transpose(image)
    see_through = upright.has_transparency_data
    plain = upright.convert("RGBA" if see_through else "RGB")
    plain.info = {}
    plain.thumbnail((LONGEST_EDGE, LONGEST_EDGE))
    small = plain.copy()
    small.thumbnail((SMALL_EDGE, SMALL_EDGE))
    media_type = "image/png" if see_through else "image/jpeg"
    return Photo(_written(plain), _written(small), media_type, plain.width, plain.height)


def _written(image: Image.Image) -> bytes:
    out = BytesIO()
    if image.mode == "RGBA":
        image.save(out, "PNG", optimize=True)
    else:
        image.save(out, "JPEG", quality=85, optimize=True)
    return out.getvalue()


def _too_large() -> DomainError:
    return DomainError(
        _("It has more than %(count)s million pixels. Make it smaller first.") % {"count": MOST_PIXELS // 1_000_000},
        field="file",
        code="file_refused",
    )
