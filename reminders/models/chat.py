"""Where a person is told in a team chat."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class ChatAddress(models.Model):
    """The address of one person's bot in a team chat, pasted by himself. Whoever knows it can write there: it is shown to nobody.

    `last_error` says what went wrong at the last message or test, `last_at` when that was.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="chat_addresses")
    kind = models.CharField(max_length=10)
    label = models.CharField(_("name"), max_length=60)
    url = models.CharField(_("address of the bot"), max_length=600)
    secret = models.CharField(_("secret for signing"), max_length=100, blank=True)
    last_at = models.DateTimeField(_("last message"), null=True)
    last_error = models.CharField(_("error"), max_length=400, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["user", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "url"], name="chat_address_once"),
        ]

    def __str__(self) -> str:
        return self.label
