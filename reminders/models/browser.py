"""Where a person is told by his browser."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from reminders.choices import Channel
from reminders.models.people import Preference


class Browser(models.Model):
    """One browser of one person that shows his reminders also when Keyline is not open.

    Its maker's address and the two keys come from the browser itself; whoever has all three can write there, so they are
    shown to nobody. A browser belongs to whoever was signed in last. `last_error` and `last_at` tell of the last test.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="browsers")
    label = models.CharField(_("name"), max_length=60)
    endpoint = models.CharField(_("address"), max_length=1000, unique=True)
    p256dh = models.CharField(max_length=100)
    auth = models.CharField(max_length=40)
    last_at = models.DateTimeField(_("last message"), null=True)
    last_error = models.CharField(_("error"), max_length=400, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["user", "id"]

    def __str__(self) -> str:
        return self.label

    @transaction.atomic
    def forget(self) -> None:
        """It is no more. With a person's last one, nothing is told that way."""
        self.delete()
        if not Browser.objects.filter(user=self.user_id).exists():
            Preference.objects.filter(user=self.user_id, channel=Channel.PUSH).delete()
