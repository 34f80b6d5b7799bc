"""The photos and files of a record: a part of its page, and a page of its own for browsers without scripts."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.errors import DomainError, NotFound
from core.files import actions, storage
from core.files.fields import TAKEN
from core.files.queries import file_lines, get_file
from core.permissions import require
from core.records import Spoken, get_record
from core.requests import StaffRequest


def files(request: StaffRequest, record_type: str, record_id: int) -> HttpResponse:
    """A record's photos and files, and a place to add some. Of several each stands for itself: the good ones are kept."""
    record = get_record(request.user, record_type, record_id)
    if request.method != "POST":
        return _show(request, record, [])
    require(request.user, "files.add")
    sent = request.FILES.getlist("files")
    refused = add_files(request, record, sent) if sent else [_("Choose a photo or file first.")]
    if refused or request.htmx:
        # Only where nothing was kept it is a refusal: whatever is answered with 4xx leaves no trace (core.idempotency).
        return _show(request, record, refused, status=422 if len(refused) >= max(len(sent), 1) else 200)
    return redirect("core:files", record_type, record_id)


def add_files(request: StaffRequest, record: Spoken, uploads: list[Any]) -> list[str]:
    """Keep uploads with a record; what was refused, each with its name and reason."""
    refused = []
    for upload in uploads[: settings.FILES_AT_ONCE]:
        try:
            actions.add_file(
                by=request.user,
                record_type=record.type,
                record_id=record.id,
                name=upload.name,
                size=upload.size,
                content=upload,
            )
        except DomainError as refusal:
            refused.append(f"{upload.name}: {refusal.message}")
    if len(uploads) > settings.FILES_AT_ONCE:
        count = settings.FILES_AT_ONCE
        refused.append(_("At most %(count)s files at once. The rest was left out.") % {"count": count})
    return refused


def file(request: StaffRequest, file_id: int) -> FileResponse:
    """One file. A photo we drew ourselves may be looked at in the browser, anything else is only saved."""
    found, _record = get_file(request.user, file_id)
    return _handed_out(found.place, found.media_type, found.name, save=not found.is_photo)


def small_picture(request: StaffRequest, file_id: int) -> FileResponse:
    """The small picture of a photo."""
    found, _record = get_file(request.user, file_id)
    if not found.is_photo:
        raise NotFound
    return _handed_out(found.small_place, found.media_type, found.name, save=False)


@require_POST
def remove_file(request: StaffRequest, file_id: int) -> HttpResponse:
    """Remove a file for good."""
    found, record = get_file(request.user, file_id)
    actions.remove_file(by=request.user, file_id=file_id)
    if request.htmx:
        return _show(request, record, [])
    messages.success(request, _("%(name)s was removed.") % {"name": found.name})
    return redirect("core:files", record.type, record.id)


def _handed_out(place: str, media_type: str, name: str, *, save: bool) -> FileResponse:
    """A file as an answer: of exactly this type, in nobody else's cache, with nothing it may do in a browser."""
    try:
        content = storage.path_of(place).open("rb")
    except FileNotFoundError:
        raise NotFound from None
    response = FileResponse(content, as_attachment=save, filename=name, content_type=media_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'; sandbox"
    response["Cache-Control"] = "private, max-age=600"
    return response


def _show(request: StaffRequest, record: Spoken, refused: list[str], *, status: int = 200) -> HttpResponse:
    page = {
        "record": record,
        "lines": file_lines(request.user, record),
        "refused": refused,
        "accept": TAKEN,
        "most": settings.FILE_MEGABYTES,
        "at_once": settings.FILES_AT_ONCE,
    }
    template = "core/files/_files.html" if request.htmx else "core/files/files.html"
    response = render(request, template, page, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response
