"""Talk about a record: what colleagues write to each other there, whom it is for, and who follows the record."""

from __future__ import annotations

from typing import Any, ClassVar

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.models.versioned import Versioned


class OfRecord(models.Model):
    """A row about any record that may be talked about: `record_type` is `app_label.model`, as in the audit trail.

    Whether a person may see it is asked of the record itself (`core.records`).
    """

    record_type = models.CharField(max_length=60)
    record_id = models.BigIntegerField()

    class Meta:
        abstract = True


@pghistory.track(
    pghistory.UpdateEvent(level=pghistory.Statement, row=pghistory.Old),
    pghistory.DeleteEvent(level=pghistory.Statement),
    exclude=["updated_at"],
)
class Comment(OfRecord, Versioned):
    """What somebody wrote to his colleagues about a record (V3). Plain text; @ and a colleague's name is for him.

    Its author may change it (`edited_at`) or remove it, a manager may remove it. A removed one stays as a line without
    words, so that answers to it keep their place.
    """

    account_id = models.BigIntegerField(null=True)
    text = models.TextField(_("comment"), blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    edited_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)
    removed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    receivers: Any

    class Meta:
        ordering: ClassVar = ["at", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(removed_at__isnull=True, removed_by__isnull=True) & ~Q(text="")
                | Q(removed_at__isnull=False, removed_by__isnull=False, text=""),
                name="comment_has_words_or_is_removed",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["record_type", "record_id", "-id"], name="comment_of_record")]

    def __str__(self) -> str:
        return self.text[:60]

    def get_absolute_url(self) -> str:
        return reverse("core:comment", args=[self.pk])


class CommentReceiver(models.Model):
    """One person whom a comment is for: mentioned in it, or following the record when it was written. Told once."""

    comment = models.ForeignKey(Comment, models.CASCADE, related_name="receivers")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    is_mentioned = models.BooleanField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["comment", "user"], name="comment_receiver_once")]
        indexes: ClassVar = [models.Index(fields=["at"], name="comment_receiver_newest")]  # the planner of reminders

    def __str__(self) -> str:
        return f"{self.comment_id} → {self.user_id}"


class Follow(OfRecord):
    """Somebody is told of new comments and of the main events of a record. `is_on` False: he no longer wants to be.

    Who writes or is mentioned follows by himself; the record's owner is told without following.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    is_on = models.BooleanField(default=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["record_type", "record_id", "user"], name="follow_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.record_type}:{self.record_id}"
