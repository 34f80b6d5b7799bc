"""Everything read about files. Who does not see the record sees none of its files."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet

from core.errors import NotFound
from core.models import Attachment, User
from core.permissions import allowed
from core.records import Spoken, get_record
from core.users import Actor


@dataclass(frozen=True)
class Line:
    """One file as a person sees it, and whether he may remove it."""

    file: Attachment
    may_remove: bool


def files_of(by: Actor, record_type: str, record_id: int) -> QuerySet[Attachment]:
    """The files of one record the person sees. NotFound for any other record."""
    get_record(by, record_type, record_id)
    return of_record(record_type, record_id)


def of_record(record_type: str, record_id: int) -> QuerySet[Attachment]:
    """The files of a record that was asked for before."""
    return Attachment.objects.filter(record_type=record_type, record_id=record_id)


def get_file(by: Actor, file_id: int, *, lock: bool = False) -> tuple[Attachment, Spoken]:
    """One file and its record, if the person sees that. NotFound otherwise."""
    rows = Attachment.objects.all()
    rows = rows.select_for_update(no_key=True, of=("self",)) if lock else rows
    found = rows.filter(pk=file_id).first()
    if found is None:
        raise NotFound
    return found, get_record(by, found.record_type, found.record_id)


def file_lines(by: User, record: Spoken) -> list[Line]:
    """A record's files, oldest first; one statement."""
    rows = of_record(record.type, record.id).select_related("by")
    return [Line(row, may_remove(by, row)) for row in rows]


def may_remove(by: Actor, file: Attachment) -> bool:
    """One's own file, or as a manager anybody's."""
    return (file.by_id == by.pk and allowed(by, "files.add")) or allowed(by, "files.remove")
