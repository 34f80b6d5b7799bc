"""Photos and files of records."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.models.comment import OfRecord


class Attachment(OfRecord):
    """A photo or file somebody put to a record (§1 visits, accounts). Never changed; removed with its file.

    The file lies below MEDIA_ROOT under a random name (`place`) and leaves the house only through a view that asks who
    may see the record. A photo is kept as we drew it anew, without what the camera wrote into it, with a small picture
    (`small_place`).
    """

    account_id = models.BigIntegerField(null=True)
    name = models.CharField(_("name"), max_length=150)
    media_type = models.CharField(max_length=100)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    place = models.CharField(max_length=100, unique=True)
    small_place = models.CharField(max_length=100, blank=True)
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["id"]
        indexes: ClassVar = [models.Index(fields=["record_type", "record_id", "id"], name="attachment_of_record")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("core:file", args=[self.pk])

    @property
    def is_photo(self) -> bool:
        """Whether it is shown as a picture."""
        return bool(self.small_place)
