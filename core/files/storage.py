"""Where files lie: below MEDIA_ROOT/files, under random names, readable by the program alone."""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

from core.models import Attachment

UNCLAIMED = timedelta(days=1)
"""So old a file without a row is nobody's: its upload was broken off, or its row is gone."""


def root() -> Path:
    """The folder of all files."""
    return Path(settings.MEDIA_ROOT) / "files"


def path_of(place: str) -> Path:
    """Where a file lies."""
    return root() / place


def keep(content: bytes | BinaryIO) -> str:
    """Write a file under a new name and say which."""
    name = secrets.token_hex(16)
    place = f"{name[:2]}/{name}"
    path = path_of(place)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        if isinstance(content, bytes):
            out.write(content)
        else:
            content.seek(0)
            shutil.copyfileobj(content, out)
    return place


def digest(content: bytes | BinaryIO) -> str:
    """SHA-256 of a file's content."""
    pieces = [content] if isinstance(content, bytes) else pieces_of(content)
    mark = hashlib.sha256()
    for piece in pieces:
        mark.update(piece)
    return mark.hexdigest()


def pieces_of(content: BinaryIO) -> Iterator[bytes]:
    """A file from its beginning, in pieces that fit in memory."""
    content.seek(0)
    while piece := content.read(1_000_000):
        yield piece


def drop(*places: str) -> None:
    """Remove files; those that are gone already are no mistake."""
    for place in filter(None, places):
        path_of(place).unlink(missing_ok=True)


def drop_unclaimed() -> int:
    """Remove files that no row names; how many. Younger ones may belong to an upload that is still on its way."""
    before = time.time() - UNCLAIMED.total_seconds()
    old = [place for place, changed in _all() if changed < before]
    gone = 0
    for start in range(0, len(old), 1_000):
        batch = old[start : start + 1_000]
        named = set(Attachment.objects.filter(place__in=batch).values_list("place", flat=True))
        named |= set(Attachment.objects.filter(small_place__in=batch).values_list("small_place", flat=True))
        unclaimed = [place for place in batch if place not in named]
        drop(*unclaimed)
        gone += len(unclaimed)
    return gone


def _all() -> Iterator[tuple[str, float]]:
    """Every file with the moment it was last written."""
    for folder in root().glob("[0-9a-f][0-9a-f]"):
        for path in folder.iterdir():
            yield f"{folder.name}/{path.name}", path.stat().st_mtime
