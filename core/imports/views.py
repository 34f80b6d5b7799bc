"""The wizard: bring a file, see how it is read, say what the columns are, check, run, get the refused rows back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.errors import DomainError, NotFound
from core.imports import actions, forms, presenting, queries
from core.imports.charsets import LABELS as ENCODINGS
from core.imports.mapping import Mapping
from core.models import ImportJob, ImportState
from core.permissions import require
from core.requests import StaffRequest


@require_http_methods(["GET", "POST"])
def imports(request: StaffRequest) -> HttpResponse:
    """Bring a file, and see what was brought before."""
    require(request.user, "imports.run")
    problem = ""
    if request.method == "POST":
        upload = request.FILES.get("file")
        try:
            if upload is None:
                raise DomainError(_("Choose a file first."), field="file")
            job = actions.bring_file(by=request.user, name=upload.name or "", chunks=upload.chunks())
            return _go_on(_read_soon(request, job))
        except DomainError as refusal:
            problem = str(refusal.message)
    jobs = queries.visible_imports(request.user)[:30]
    context = {
        "jobs": jobs,
        "problem": problem,
        "targets": actions.targets_for(request.user).values(),
        "title": _("Import"),
    }
    return render(request, "core/imports/list.html", context, status=422 if problem else 200)


def _read_soon(request: StaffRequest, job: ImportJob) -> ImportJob:
    """Small files are read at once, large ones by the worker."""
    target = request.GET.get("target", "")
    if job.file_size > actions.INLINE_BYTES:
        actions.request_reading(by=request.user, job_id=job.pk, target=target)
        return job
    try:
        return actions.read_import(by=request.user, job_id=job.pk, target=target)
    except DomainError:
        job.refresh_from_db()
        return job


def _go_on(job: ImportJob) -> HttpResponse:
    name = "core:read_import" if job.state == ImportState.READ else "core:import"
    return redirect(name, job.pk)


@require_GET
def import_page(request: StaffRequest, job_id: int) -> HttpResponse:
    """Where an import stands: under way, checked, done or failed. Only its middle part when htmx asks."""
    job = queries.get_import(request.user, job_id)
    if job.state == ImportState.READ:
        address = reverse("core:read_import", args=[job.pk])
        return HttpResponse(status=204, headers={"HX-Redirect": address}) if request.htmx else redirect(address)
    template = "core/imports/_state.html" if request.htmx else "core/imports/import.html"
    return render(request, template, presenting.state_page(request.user, job))


@require_http_methods(["GET", "POST"])
def read_import(request: StaffRequest, job_id: int) -> HttpResponse:
    """How the file is read: characters, delimiter, sheet and header line, each of which may be corrected."""
    job = queries.get_import(request.user, job_id)
    problem = ""
    if request.method == "POST":
        try:
            job = actions.read_import(
                by=request.user, job_id=job.pk, target=job.target, **forms.layout_from(request.POST)
            )
        except DomainError as refusal:
            problem = str(refusal.message)
            job.refresh_from_db()
    if job.state == ImportState.UPLOADED or not job.layout:
        return redirect("core:import", job.pk)
    context = presenting.reading_page(job) | {
        "problem": problem,
        "encodings": ENCODINGS.items(),
        "delimiters": forms.DELIMITERS,
    }
    return render(request, "core/imports/read.html", context, status=422 if problem else 200)


@require_http_methods(["GET", "POST"])
def map_import(request: StaffRequest, job_id: int) -> HttpResponse:
    """What the file holds, which column is what, and what to do with rows that are here already."""
    job = queries.get_import(request.user, job_id)
    if not job.layout or job.is_busy:
        return redirect("core:import", job.pk)
    if request.method == "POST" and request.POST.get("target") not in {None, "", job.target}:
        job = actions.choose_target(by=request.user, job_id=job.pk, target=request.POST["target"])
        return render(request, "core/imports/map.html", _mapping_page(request, job))
    if not job.target:
        return render(request, "core/imports/map.html", _mapping_page(request, job))
    if request.method == "GET":
        return render(request, "core/imports/map.html", _mapping_page(request, job))
    spec = actions.spec_of(request.user, job)
    mapping = forms.mapping_from(request.POST, job, spec)
    if "draft" in request.POST or request.htmx:
        return render(request, "core/imports/map.html", _mapping_page(request, job, mapping))
    try:
        forms.require_values(spec, mapping)
        actions.map_import(by=request.user, job_id=job.pk, mapping=mapping.as_json())
        actions.request_check(by=request.user, job_id=job.pk)
    except DomainError as refusal:
        page = _mapping_page(request, job, mapping) | {"problem": str(refusal.message)}
        return render(request, "core/imports/map.html", page, status=422)
    return redirect("core:import", job.pk)


def _mapping_page(request: StaffRequest, job: ImportJob, mapping: Mapping | None = None) -> dict[str, Any]:
    return presenting.mapping_page(request.user, job, mapping)


@require_POST
def run_import(request: StaffRequest, job_id: int) -> HttpResponse:
    """Carry out what was checked."""
    job = actions.request_run(by=request.user, job_id=job_id)
    return redirect("core:import", job.pk)


@require_POST
def check_import(request: StaffRequest, job_id: int) -> HttpResponse:
    """Check once more, for instance after the records changed."""
    job = actions.request_check(by=request.user, job_id=job_id)
    return redirect("core:import", job.pk)


@require_POST
def discard_import(request: StaffRequest, job_id: int) -> HttpResponse:
    """Throw the file away."""
    actions.discard_import(by=request.user, job_id=job_id)
    messages.success(request, _("The file was thrown away."))
    return redirect("core:imports")


@require_GET
def refused_rows(request: StaffRequest, job_id: int) -> FileResponse:
    """The file of refused rows, never shown in the browser itself."""
    job = queries.get_import(request.user, job_id)
    path = Path(settings.MEDIA_ROOT) / job.refused_file
    if not job.refused_file or not path.is_file():
        raise NotFound
    what = _("refused rows")
    name = f"{Path(job.file_name).stem} – {what}{path.suffix}"
    return FileResponse(
        path.open("rb"), as_attachment=True, filename=name, headers={"X-Content-Type-Options": "nosniff"}
    )
