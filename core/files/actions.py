"""Every change of a record's files: adding one, removing one."""

from __future__ import annotations

from functools import partial
from pathlib import PurePath
from typing import Any, BinaryIO

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from core import audit
from core.errors import DomainError, NotAllowed
from core.files import events, storage
from core.files.kinds import FileKind, kind_of
from core.files.photos import draw_anew
from core.files.queries import get_file, may_remove, of_record
from core.models import Attachment
from core.permissions import require
from core.records import get_record
from core.users import Actor, as_row

MEGABYTE = 1_000_000


def check_file(*, name: str, size: int, content: BinaryIO) -> FileKind:
    """What the file is. DomainError (422) for one that is empty, too large, or of a kind we do not take."""
    if not size:
        raise DomainError(_("It is empty."), field="file", code="file_refused")
    if size > settings.FILE_MEGABYTES * MEGABYTE:
        raise DomainError(
            _("It is larger than %(count)s MB.") % {"count": settings.FILE_MEGABYTES},
            field="file",
            code="file_too_large",
        )
    return kind_of(name, content)


@transaction.atomic
def add_file(*, by: Actor, record_type: str, record_id: int, name: str, size: int, content: Any) -> Attachment:
    """Keep a photo or file with a record one sees. A photo is drawn anew, without what the camera wrote into it.

    Raises DomainError (422) for what `check_file` refuses and when the record has as many files as it may have.
    """
    require(by, "files.add")
    record = get_record(by, record_type, record_id)
    if of_record(record.type, record.id).count() >= settings.FILES_PER_RECORD:
        raise DomainError(
            _("This record has %(count)s files already. Remove one first.") % {"count": settings.FILES_PER_RECORD},
            field="file",
            code="too_many_files",
        )
    kind = check_file(name=name, size=size, content=content)
    row = Attachment(
        record_type=record.type, record_id=record.id, account_id=record.account_id, by=as_row(by),
        name=_clean_name(name, kind), media_type=kind.media_type,
    )  # fmt: skip
    _keep(row, kind, content)
    row.save()
    audit.record(
        events.FILE_ADDED, by=by, on=record.record, account_id=record.account_id, name=record.name, file=row.name,
        size=row.size, sha256=row.sha256,
    )  # fmt: skip
    return row


@transaction.atomic
def remove_file(*, by: Actor, file_id: int) -> None:
    """Remove a file for good: one's own, or as a manager anybody's. The trail says that it was there."""
    require(by, "files.add")
    row, record = get_file(by, file_id, lock=True)
    if not may_remove(by, row):
        raise NotAllowed("files.remove")
    audit.record(
        events.FILE_REMOVED, by=by, on=record.record, account_id=record.account_id, name=record.name, file=row.name,
        size=row.size, sha256=row.sha256,
    )  # fmt: skip
    row.delete()
    transaction.on_commit(partial(storage.drop, row.place, row.small_place))


def _keep(row: Attachment, kind: FileKind, content: BinaryIO) -> None:
    """Write what belongs to the row to the disk. Should the row not come to be, the nightly tidying removes it."""
    if kind.is_photo:
        photo = draw_anew(content)
        row.media_type, row.width, row.height = photo.media_type, photo.width, photo.height
        row.size, row.sha256 = len(photo.content), storage.digest(photo.content)
        row.place, row.small_place = storage.keep(photo.content), storage.keep(photo.small)
        return
    row.sha256 = storage.digest(content)
    row.place = storage.keep(content)
    row.size = storage.path_of(row.place).stat().st_size


def _clean_name(name: str, kind: FileKind) -> str:
    """The name as it was, without folders and control signs, with the ending of what it is."""
    stem = PurePath("".join(sign for sign in name.replace("\\", "/") if sign.isprintable())).name
    ending = ".jpg" if kind.is_photo and kind.ending not in {".png"} else kind.ending
    base = PurePath(stem).stem.strip(" .") or "file"
    return f"{base[:140]}{ending}"
