"""What customers say instead of paying, and what we answer."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import Versioned
from dunning.choices import NextAction
from receivables.choices import Cause


class Excuse(Versioned):
    """What a customer says instead of paying, and what is answered (C8, assurance §2.6): reply, law, next step.

    Finance keeps the list; the call screen shows it by reason, in both languages. `law` is the rule that the reply
    leans on, empty where it needs none. One that was taken out is kept; nothing refers to it.
    """

    cause = models.CharField(_("reason"), max_length=10, choices=Cause.choices)
    says = models.CharField(_("they say, in English"), max_length=200)
    says_zh = models.CharField(_("they say, in Chinese"), max_length=200)
    reply = models.TextField(_("we answer, in English"))
    reply_zh = models.TextField(_("we answer, in Chinese"))
    law = models.CharField(_("the law behind it, in English"), max_length=300, blank=True)
    law_zh = models.CharField(_("the law behind it, in Chinese"), max_length=300, blank=True)
    next_action = models.CharField(_("next step"), max_length=14, choices=NextAction.choices, blank=True)
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        ordering: ClassVar = ["cause", "id"]

    def __str__(self) -> str:
        return self.says
