"""People and what they are at which account."""

from __future__ import annotations

from typing import Any, ClassVar

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import SEARCH_COLUMNS, SHARED_ACCOUNTS, Account, AccountMember
from core.models import Channel, Searchable, Versioned
from core.scope import IdsOfPerson, ScopedQuerySet, among, one_of
from relationships.choices import ContactRole

MET_AT_SHARED_ACCOUNTS = IdsOfPerson(
    lambda user_id: Position.objects.filter(
        account__in=AccountMember.objects.filter(user=user_id).values("account")
    ).values("contact")
)
"""The people at the accounts on whose team a person is, or who once were there."""


class ContactQuerySet(ScopedQuerySet["Contact"]):
    """Contacts: a rep sees his own and those at accounts on whose team he is."""

    def shared_with(self, user: Any) -> Q:
        return Q(owner=user) | among("id", MET_AT_SHARED_ACCOUNTS(user))

    def of_teams(self, team_ids: list[int]) -> Q:
        # Asked row by row and only where the owner's team does not settle it, so that a page reads no more than it shows.
        there = Position.objects.filter(one_of("account__team_id", team_ids), contact=OuterRef("pk"))
        return one_of("owner__team_id", team_ids) | Q(Exists(there))


@pghistory.track(
    pghistory.UpdateEvent(level=pghistory.Statement, row=pghistory.Old),
    pghistory.DeleteEvent(level=pghistory.Statement),
    exclude=[*SEARCH_COLUMNS, "updated_at"],
)
class Contact(Versioned, Searchable):
    """A person at one or more accounts, with business facts only. The personal profile (R5) is kept apart and guarded."""

    full_name = models.CharField(pgettext_lazy("person", "name"), max_length=120)
    english_name = models.CharField(_("English name"), max_length=120, blank=True)
    salutation = models.CharField(
        _("salutation"), max_length=40, blank=True, help_text=_("How to address them: 李总, Dr.")
    )
    code = models.CharField(_("code"), max_length=60, blank=True)
    preferred_language = models.CharField(
        _("preferred language"), max_length=10, choices=settings.LANGUAGES, blank=True
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="owned_contacts", verbose_name=_("owner")
    )
    tags = ArrayField(models.CharField(max_length=40), default=list, blank=True, verbose_name=_("tags"))
    notes = models.TextField(_("notes"), blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )

    objects = ContactQuerySet.as_manager()

    class Meta(Searchable.Meta):
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["code"], name="contact_code_once", condition=~Q(code="")),
            models.CheckConstraint(condition=~Q(full_name=""), name="contact_has_a_name"),
        ]
        indexes: ClassVar = [
            *Searchable.Meta.indexes,
            models.Index(fields=["owner", "sort_name", "id"], name="contact_of_owner"),
            models.Index(fields=["-updated_at", "-id"], name="contact_newest"),
        ]

    def __str__(self) -> str:
        return self.full_name

    def get_absolute_url(self) -> str:
        return reverse("relationships:contact", args=[self.pk])


class PositionQuerySet(ScopedQuerySet["Position"]):
    """A position is visible to whoever sees its account."""

    def shared_with(self, user: Any) -> Q:
        return among("account_id", SHARED_ACCOUNTS(user))

    def of_teams(self, team_ids: list[int]) -> Q:
        return one_of("account__team_id", team_ids)

    def current(self) -> PositionQuerySet:
        """Those not ended."""
        return self.filter(ended_on__isnull=True)


@pghistory.track(
    pghistory.UpdateEvent(level=pghistory.Statement, row=pghistory.Old),
    pghistory.DeleteEvent(level=pghistory.Statement),
    exclude=["updated_at"],
)
class Position(Versioned):
    """What a person is at an account, from when to when, and which roles he plays in its purchases (R2).

    Visible to whoever sees the account.
    """

    contact = models.ForeignKey(Contact, models.CASCADE, related_name="positions")
    account = models.ForeignKey(Account, models.PROTECT, related_name="positions", verbose_name=_("account"))
    title = models.CharField(_("title"), max_length=120, blank=True)
    department = models.CharField(_("department"), max_length=120, blank=True)
    roles = ArrayField(
        models.CharField(max_length=20, choices=ContactRole.choices), default=list, blank=True, verbose_name=_("roles")
    )
    started_on = models.DateField(_("since"), null=True, blank=True)
    ended_on = models.DateField(_("until"), null=True, blank=True)

    objects = PositionQuerySet.as_manager()

    class Meta:
        verbose_name = _("position")
        verbose_name_plural = _("positions")
        ordering: ClassVar = [F("ended_on").desc(nulls_first=True), "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(started_on__isnull=True) | Q(ended_on__gte=F("started_on")),
                name="position_ends_after_it_starts",
            ),
            models.UniqueConstraint(
                fields=["contact", "account"], name="position_current_once", condition=Q(ended_on__isnull=True)
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["account", "contact"], name="position_of_account", condition=Q(ended_on__isnull=True)),
            models.Index(fields=["contact", "account"], name="position_of_contact"),
        ]

    def __str__(self) -> str:
        return self.title or str(self.account)


class ContactChannel(Channel):
    """One way to reach a person."""

    contact = models.ForeignKey(Contact, models.CASCADE, related_name="channels")

    class Meta(Channel.Meta):
        indexes: ClassVar = [
            models.Index(fields=["value"], name="contact_channel_value"),  # import matches on it
            models.Index(fields=["compact"], name="contact_channel_compact"),  # duplicate warning
        ]
