"""The trail of why."""

from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils import timezone


@pgtrigger.register(pgtrigger.Protect(name="audit_is_append_only", operation=pgtrigger.Update | pgtrigger.Delete))
class AuditEvent(models.Model):
    """Why something changed: one line written by the action that did it, in the same transaction.

    Never edited and never deleted: the database itself refuses both.

    `code` names the event type (`prospects.moved`), `details` what its sentence needs and the values before and after.
    `actor` is empty for the program itself. `account_id` is the account on whose time line the event belongs.
    """

    at = models.DateTimeField(default=timezone.now)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    code = models.CharField(max_length=60)
    target_type = models.CharField(max_length=60)
    target_id = models.BigIntegerField()
    account_id = models.BigIntegerField(null=True)
    details = models.JSONField(default=dict)

    class Meta:
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [
            models.Index(fields=["target_type", "target_id", "-id"], name="audit_of_record"),  # history tab
            models.Index(
                fields=["account_id", "-id"], name="audit_of_account", condition=models.Q(account_id__isnull=False)
            ),
            models.Index(fields=["actor", "-id"], name="audit_of_actor"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.target_type}:{self.target_id}"
