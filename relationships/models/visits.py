"""Visits, calls and every other contact with a customer (R7)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from typing import Any, ClassVar

import pghistory
from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import SHARED_ACCOUNTS, Account
from core.models import Versioned
from core.scope import ScopedQuerySet, among, one_of
from relationships.choices import Meeting, VisitKind
from relationships.models.campaigns import VisitCampaign
from relationships.models.people import Contact

PLANNED = Q(recorded_at__isnull=True, cancelled_at__isnull=True)
RECORDED = Q(recorded_at__isnull=False)
STEP_OPEN = Q(next_step_on__isnull=False, next_step_settled_at__isnull=True)


class VisitQuerySet(ScopedQuerySet["Visit"]):
    """A visit is visible to whoever sees its account, and to who makes it."""

    def shared_with(self, user: Any) -> Q:
        return Q(owner=user) | among("account_id", SHARED_ACCOUNTS(user))

    def of_teams(self, team_ids: list[int]) -> Q:
        return one_of("account__team_id", team_ids)

    def of_people(self, user_ids: Collection[int], **span: Any) -> VisitQuerySet:
        """Those these people make or come along to; `span` are conditions of the visit that bound what is looked up."""
        joined = VisitAttendee.objects.filter(
            colleague__in=user_ids, **{f"visit__{name}": value for name, value in span.items()}
        )
        return self.filter(Q(owner__in=user_ids) | among("id", joined.values("visit")), **span)

    def planned(self) -> VisitQuerySet:
        """Those still to be made or to be written up."""
        return self.filter(PLANNED)

    def recorded(self) -> VisitQuerySet:
        """Those that took place and were written up."""
        return self.filter(RECORDED)

    def with_open_step(self) -> VisitQuerySet:
        """Those whose next step nobody has taken yet."""
        return self.filter(STEP_OPEN)


@pghistory.track(
    pghistory.UpdateEvent(level=pghistory.Statement, row=pghistory.Old),
    pghistory.DeleteEvent(level=pghistory.Statement),
    exclude=["updated_at"],
)
class Visit(Versioned):
    """One contact with a customer: planned, recorded or called off. A phone call is one too (R7).

    `at` is when it is to take place and, once recorded, when it did; `planned_at` is what the plan said and stays.
    Recorded means `recorded_at`, called off means `cancelled_at`; neither: planned. `meeting` says whether it was the
    first meeting at the account or a later one (P7) and is empty for what is no meeting. A recorded visit has a next
    step and its date (R8); `next_step_settled_at` is when that step was taken, or handed to a prospect that goes on.
    `campaign` is the round of visits it belongs to, if any (V2).
    `owner` is who makes the visit; who else takes part are VisitAttendee rows.
    """

    account = models.ForeignKey(Account, models.PROTECT, related_name="visits", verbose_name=_("account"))
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="visits", verbose_name=_("made by")
    )
    kind = models.CharField(_("kind"), max_length=20, choices=VisitKind.choices, default=VisitKind.VISIT)
    at = models.DateTimeField(_("when"))
    minutes = models.PositiveSmallIntegerField(
        _("minutes"), default=60, validators=[MinValueValidator(5), MaxValueValidator(5 * 24 * 60)]
    )
    purpose = models.CharField(_("purpose"), max_length=200, blank=True)
    outcome = models.CharField(_("what came of it"), max_length=500, blank=True)
    next_step = models.CharField(_("next step"), max_length=200, blank=True)
    next_step_on = models.DateField(_("next step on"), null=True, blank=True)
    next_step_settled_at = models.DateTimeField(null=True, editable=False)
    campaign = models.ForeignKey(
        VisitCampaign, models.SET_NULL, null=True, blank=True, db_index=False, related_name="visits",
        verbose_name=_("campaign"),
    )  # fmt: skip
    meeting = models.CharField(max_length=10, choices=Meeting.choices, blank=True, editable=False)

    planned_at = models.DateTimeField(null=True, editable=False)
    recorded_at = models.DateTimeField(null=True, editable=False)
    cancelled_at = models.DateTimeField(null=True, editable=False)
    cancelled_because = models.CharField(max_length=200, blank=True, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )

    objects = VisitQuerySet.as_manager()

    class Meta:
        verbose_name = _("visit")
        verbose_name_plural = _("visits")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(recorded_at__isnull=True) | Q(cancelled_at__isnull=True), name="visit_recorded_or_cancelled"
            ),
            models.CheckConstraint(
                condition=Q(recorded_at__isnull=True)
                | (~Q(outcome="") & ~Q(next_step="") & Q(next_step_on__isnull=False)),
                name="visit_recorded_has_next_step",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["-at", "-id"], name="visit_newest"),
            models.Index(fields=["owner", "-at", "-id"], name="visit_of_owner"),
            models.Index(fields=["account", "-at", "-id"], name="visit_of_account"),
            models.Index(fields=["owner", "at", "id"], name="visit_planned_of_owner", condition=PLANNED),
            models.Index(fields=["at", "id"], name="visit_planned", condition=PLANNED),  # reminders, calendar of a team
            models.Index(fields=["owner", "next_step_on"], name="visit_open_step_of_owner", condition=STEP_OPEN),
            models.Index(fields=["account"], name="visit_open_step_of_account", condition=STEP_OPEN),
            models.Index(fields=["campaign"], name="visit_of_campaign", condition=Q(campaign__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.account}"

    def get_absolute_url(self) -> str:
        return reverse("visits:visit", args=[self.pk])

    @property
    def icon(self) -> str:
        """The drawing of its kind."""
        return VisitKind(self.kind).icon

    @property
    def is_planned(self) -> bool:
        return self.recorded_at is None and self.cancelled_at is None

    @property
    def lag(self) -> timedelta | None:
        """How long after it happened it was written up (R7); None while it is not."""
        return None if self.recorded_at is None else max(self.recorded_at - self.at, timedelta())


class VisitAttendee(models.Model):
    """Somebody who takes part in a visit beside its owner: a person of theirs or a colleague of ours."""

    visit = models.ForeignKey(Visit, models.CASCADE, related_name="attendees")
    contact = models.ForeignKey(Contact, models.CASCADE, null=True, related_name="attended")
    colleague = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="attended")

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(contact__isnull=False, colleague__isnull=True)
                | Q(contact__isnull=True, colleague__isnull=False),
                name="attendee_is_one_person",
            ),
            models.UniqueConstraint(
                fields=["visit", "contact"], name="attendee_contact_once", condition=Q(contact__isnull=False)
            ),
            models.UniqueConstraint(
                fields=["visit", "colleague"], name="attendee_colleague_once", condition=Q(colleague__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return str(self.contact or self.colleague)
