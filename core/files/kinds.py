"""What a file really is, by its content. Its name only decides between papers that begin alike."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from pathlib import PurePath
from typing import BinaryIO

from django.utils.translation import gettext as _

from core.errors import DomainError

LOOKED_AT = 4_096  # bytes from the beginning
MOST_PARTS = 10_000  # in a zipped paper
MOST_TIMES = 100  # bigger unpacked than packed
OPEN_XML = "application/vnd.openxmlformats-officedocument"


@dataclass(frozen=True)
class FileKind:
    """A kind of file we take: how browsers call it, its ending, and whether it is a picture."""

    media_type: str
    ending: str
    is_photo: bool = False


JPEG = FileKind("image/jpeg", ".jpg", is_photo=True)
PNG = FileKind("image/png", ".png", is_photo=True)
WEBP = FileKind("image/webp", ".webp", is_photo=True)
GIF = FileKind("image/gif", ".gif", is_photo=True)
PDF = FileKind("application/pdf", ".pdf")
TEXT = FileKind("text/plain", ".txt")
TABLE = FileKind("text/csv", ".csv")
PARTS_OF = {
    "word/": FileKind(f"{OPEN_XML}.wordprocessingml.document", ".docx"),
    "xl/": FileKind(f"{OPEN_XML}.spreadsheetml.sheet", ".xlsx"),
    "ppt/": FileKind(f"{OPEN_XML}.presentationml.presentation", ".pptx"),
}
OLD_OFFICE = {
    ".doc": FileKind("application/msword", ".doc"),
    ".xls": FileKind("application/vnd.ms-excel", ".xls"),
    ".ppt": FileKind("application/vnd.ms-powerpoint", ".ppt"),
}
APPLES_PHOTOS = {b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"heim", b"heis", b"avif"}
TELLING = ("<html", "<!doctype", "<script", "<svg", "<?xml", "<body", "<iframe")
"""What a text never holds that a browser might take for a page."""


def kind_of(name: str, content: BinaryIO) -> FileKind:
    """What the file is. DomainError (422) for what we do not take, with the reason."""
    content.seek(0)
    head = content.read(LOOKED_AT)
    content.seek(0)
    ending = PurePath(name).suffix.lower()
    if photo := _photo(head):
        return photo
    if head[4:8] == b"ftyp" and head[8:12] in APPLES_PHOTOS:
        raise _refused(_("Save it as JPEG first: photos of this kind (HEIC, AVIF) cannot be shown in every browser."))
    if head.startswith(b"%PDF-"):
        return PDF
    if head.startswith(b"PK\x03\x04"):
        return _zipped(content)
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") and ending in OLD_OFFICE:
        return OLD_OFFICE[ending]
    if ending in {".txt", ".csv"} and _is_text(head):
        return TABLE if ending == ".csv" else TEXT
    raise _refused(_("Files of this kind are not taken. Photos, PDF, Word, Excel, PowerPoint and plain text are."))


def _photo(head: bytes) -> FileKind | None:
    if head.startswith(b"\xff\xd8\xff"):
        return JPEG
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return WEBP
    return GIF if head.startswith((b"GIF87a", b"GIF89a")) else None


def _zipped(content: BinaryIO) -> FileKind:
    """A paper of today's office programs; reads only the table of contents, unpacks nothing."""
    try:
        with zipfile.ZipFile(content) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise _refused(_("It is damaged and cannot be read.")) from error
    finally:
        content.seek(0)
    packed = sum(part.compress_size for part in parts) or 1
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_TIMES * packed:
        raise _refused(_("It unpacks to far more than it is. Such files are not taken."))
    names = {part.filename for part in parts}
    if "[Content_Types].xml" in names and not any(name.endswith("vbaProject.bin") for name in names):
        for folder, kind in PARTS_OF.items():
            if any(name.startswith(folder) for name in names):
                return kind
    raise _refused(_("Archives and papers with macros are not taken. Add the papers themselves."))


def _is_text(head: bytes) -> bool:
    if b"\x00" in head:
        return False
    for charset in ("utf-8-sig", "gb18030"):
        try:
            text = head.decode(charset, errors="strict" if len(head) < LOOKED_AT else "ignore")
        except UnicodeDecodeError:
            continue
        return not any(sign in text.casefold() for sign in TELLING)
    return False


def _refused(sentence: str) -> DomainError:
    return DomainError(sentence, field="file", code="file_refused")
