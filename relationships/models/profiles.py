"""Personal facts about people (R5), guarded by L1."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.models import Versioned
from core.sealing import seal, unseal
from relationships.choices import ProfilePurpose
from relationships.models.people import Contact
from relationships.rules.birthdays import Birthday, as_text, from_text


class PersonalProfile(Versioned):
    """What the account team knows of a person beyond business: so far the birthday. At most one row a contact.

    Kept apart from Contact and without field history: what is erased is gone. The birthday lies `sealed`; nothing
    searches, lists or exports it. Written by whoever may see it, for a named purpose (L1).
    """

    contact = models.OneToOneField(Contact, models.CASCADE, related_name="personal_profile")
    sealed = models.TextField(editable=False)
    purpose = models.CharField(_("kept for"), max_length=10, choices=ProfilePurpose.choices)
    noted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+")

    class Meta:
        verbose_name = _("personal profile")
        verbose_name_plural = _("personal profiles")
        constraints: ClassVar = [models.CheckConstraint(condition=~Q(sealed=""), name="profile_is_sealed")]

    def __str__(self) -> str:
        return str(self.contact)

    @property
    def birthday(self) -> Birthday | None:
        """The birthday, unsealed; None where the key it was sealed with is gone."""
        return open_birthday(self.sealed)

    @birthday.setter
    def birthday(self, birthday: Birthday) -> None:
        self.sealed = seal(as_text(birthday))


def open_birthday(sealed: str) -> Birthday | None:
    """What lies in a sealed text; None where the key it was sealed with is gone."""
    text = unseal(sealed)
    return None if text is None else from_text(text)
