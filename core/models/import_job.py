"""One file being brought in: what was read, how it is mapped, how far it has come."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class ImportState(models.TextChoices):
    """How far an import has come."""

    UPLOADED = "uploaded", _("Being read")
    READ = "read", _("Read")
    CHECKING = "checking", _("Being checked")
    CHECKED = "checked", _("Checked")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")


class ImportJob(models.Model):
    """One file that somebody brings in: what it is, how it is read and mapped, what came of it. Kept after it is done.

    `layout` says how the file is written, `survey` what its columns hold, `mapping` which column goes where and what
    the person decided, `report` the counts, examples and notes of the last check or run. Files lie under
    MEDIA_ROOT/imports and are only handed to the person who brought them.
    """

    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="imports")
    file_name = models.CharField(_("file"), max_length=255)
    file = models.CharField(max_length=255)
    file_size = models.BigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    target = models.CharField(_("what it holds"), max_length=40, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=ImportState.choices, default=ImportState.UPLOADED)
    problem = models.CharField(max_length=400, blank=True)
    layout = models.JSONField(default=dict)
    survey = models.JSONField(default=dict)
    mapping = models.JSONField(default=dict)
    report = models.JSONField(default=dict)
    refused_file = models.CharField(max_length=255, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [
            models.Index(fields=["by", "-id"], name="import_of_person"),
            models.Index(fields=["sha256"], name="import_same_file"),
        ]

    def __str__(self) -> str:
        return self.file_name

    def get_absolute_url(self) -> str:
        return reverse("core:import", args=[self.pk])

    @property
    def counts(self) -> dict[str, Any]:
        """Rows created, updated, unchanged, repeated, left out, refused, of the last check or run."""
        counts: dict[str, Any] = self.report.get("counts", {})
        return counts

    @property
    def is_busy(self) -> bool:
        """Somebody else, the worker, has it in hand."""
        return self.state in {ImportState.UPLOADED, ImportState.CHECKING, ImportState.RUNNING}


class ImportMapping(models.Model):
    """What was decided for a set of headings the last time it was imported into a target; offered again the next time."""

    fingerprint = models.CharField(max_length=64)
    target = models.CharField(max_length=40)
    mapping = models.JSONField(default=dict)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering: ClassVar = ["-updated_at"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["fingerprint", "target"], name="import_mapping_once"),
        ]

    def __str__(self) -> str:
        return f"{self.target}: {self.fingerprint[:8]}"
