"""The board: prospects and the rows of their history."""

from __future__ import annotations

from typing import Any, ClassVar

import pghistory
import pgtrigger
from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import SEARCH_COLUMNS, SHARED_ACCOUNTS, Account
from core.models import Searchable, Versioned
from core.money import CURRENCY_CHOICES
from core.scope import ScopedQuerySet, among
from core.teams import follows_owner
from prospects.choices import ChangeKind, Criterion, LossReason, Outcome, SlipReason, Stage, Verdict
from relationships.models import Contact, Visit

STILL_OPEN = Q(closed_on__isnull=True)
FIGURES = (
    "id", "team", "owner", "account", "amount", "own_estimate", "opened_on", "entered_stage_on", "expected_close_on", "next_step",
    "next_step_on", "slipping_since", "last_reviewed_at", "created_at", "closed_on",
)  # fmt: skip
"""What open cards are counted and summed by, beside class and currency; `closed_on` because conditions name it."""
NOTHING_PLANNED_FIRST = F("next_step_on").asc(nulls_first=True)  # the order of a board's column


class ProspectQuerySet(ScopedQuerySet["Prospect"]):
    """Prospects: a rep sees his own and those of accounts on whose team he is."""

    def shared_with(self, user: Any) -> Q:
        return Q(owner=user) | among("account_id", SHARED_ACCOUNTS(user))

    def still_open(self) -> ProspectQuerySet:
        """On the board: neither won nor lost."""
        return self.filter(STILL_OPEN)


@follows_owner(only=STILL_OPEN)
@pghistory.track(
    pghistory.UpdateEvent(level=pghistory.Statement, row=pghistory.Old),
    pghistory.DeleteEvent(level=pghistory.Statement),
    exclude=[*SEARCH_COLUMNS, "updated_at", "last_reviewed_at", "contacts_made", "last_contact_on"],
)
class Prospect(Versioned, Searchable):
    """A possible sale on the board (P1). `stage` is the class; `closed_on` is empty while the card is on the board.

    Its history is rows: StageChange, CriterionTick, Closing, ReviewVerdict. `slipping_since` and its two companions
    are set by the daily job (P3) and cleared as soon as the criterion is true again. `overrides` counts how often a
    manager let it into a class whose criteria were missing. `contacts_made` and `last_contact_on` are totals of its FollowUp
    rows, kept when a visit is recorded (R9). `team` is the owner's.
    """

    name = models.CharField(_("name"), max_length=200)
    code = models.CharField(_("code"), max_length=60, blank=True)
    account = models.ForeignKey(
        Account, models.PROTECT, null=True, blank=True, related_name="prospects", verbose_name=_("account")
    )
    contact = models.ForeignKey(
        Contact, models.SET_NULL, null=True, blank=True, related_name="prospects", verbose_name=_("main contact")
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="prospects", verbose_name=_("owner")
    )
    team = models.ForeignKey("core.Team", models.PROTECT, null=True, blank=True, related_name="+", editable=False)
    product = models.CharField(_("product"), max_length=120, blank=True)
    source = models.CharField(_("source"), max_length=60, blank=True)

    stage = models.PositiveSmallIntegerField(_("class"), choices=Stage.choices, default=Stage.E)
    entered_stage_on = models.DateField(_("in this class since"))
    amount = models.DecimalField(_("amount"), max_digits=18, decimal_places=2, null=True, blank=True)
    currency = models.CharField(
        _("currency"), max_length=3, choices=CURRENCY_CHOICES, default=settings.DEFAULT_CURRENCY
    )
    own_estimate = models.PositiveSmallIntegerField(
        _("own estimate (%)"), null=True, blank=True, validators=[MaxValueValidator(100)]
    )
    opened_on = models.DateField(_("opened"))
    first_meeting_on = models.DateField(_("first meeting"), null=True, blank=True)
    decision_on = models.DateField(_("decision expected"), null=True, blank=True)
    start_on = models.DateField(
        _("start wanted"), null=True, blank=True, help_text=_("When they want to start using it.")
    )
    expected_close_on = models.DateField(_("expected close"), null=True, blank=True)
    next_step = models.CharField(_("next step"), max_length=200, blank=True)
    next_step_on = models.DateField(_("next step on"), null=True, blank=True)
    notes = models.TextField(_("notes"), blank=True)

    slipping_since = models.DateField(null=True, editable=False)
    slip_reason = models.CharField(max_length=20, choices=SlipReason.choices, blank=True, editable=False)
    falls_back_to = models.PositiveSmallIntegerField(choices=Stage.choices, null=True, editable=False)
    last_reviewed_at = models.DateTimeField(null=True, editable=False)
    overrides = models.PositiveSmallIntegerField(default=0, editable=False)
    contacts_made = models.PositiveSmallIntegerField(default=0, db_default=0, editable=False)
    last_contact_on = models.DateField(null=True, editable=False)

    outcome = models.CharField(_("outcome"), max_length=4, choices=Outcome.choices, blank=True, editable=False)
    closed_on = models.DateField(_("closed"), null=True, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )

    objects = ProspectQuerySet.as_manager()

    class Meta(Searchable.Meta):
        verbose_name = _("prospect")
        verbose_name_plural = _("prospects")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["code"], name="prospect_code_once", condition=~Q(code="")),
            models.CheckConstraint(condition=~Q(name=""), name="prospect_has_a_name"),
            models.CheckConstraint(condition=Q(stage__in=Stage.values), name="prospect_stage_is_a_class"),
            models.CheckConstraint(
                condition=Q(outcome="", closed_on__isnull=True) | (~Q(outcome="") & Q(closed_on__isnull=False)),
                name="prospect_closed_has_outcome",
            ),
            models.CheckConstraint(condition=~Q(outcome="won") | Q(stage=Stage.S), name="prospect_won_is_s"),
            models.CheckConstraint(condition=~Q(stage=Stage.S) | Q(outcome="won"), name="prospect_s_is_won"),
            models.CheckConstraint(
                condition=Q(amount__isnull=True) | Q(amount__gte=0), name="prospect_amount_not_negative"
            ),
        ]
        indexes: ClassVar = [
            *Searchable.Meta.indexes,
            models.Index("stage", NOTHING_PLANNED_FIRST, "id", name="prospect_board", condition=STILL_OPEN),
            models.Index(
                "owner", "stage", NOTHING_PLANNED_FIRST, "id", name="prospect_board_of_owner", condition=STILL_OPEN
            ),
            models.Index(
                "team", "stage", NOTHING_PLANNED_FIRST, "id", name="prospect_board_of_team", condition=STILL_OPEN
            ),
            models.Index(  # the sums over a whole board, and what its cards want, without a look at the rows
                fields=["stage", "currency"],
                include=FIGURES,
                name="prospect_board_sums",
                condition=STILL_OPEN,
            ),
            models.Index(fields=["owner", "-updated_at", "-id"], name="prospect_of_owner"),
            models.Index(fields=["account", "-updated_at", "-id"], name="prospect_of_account"),
            models.Index(fields=["-updated_at", "-id"], name="prospect_newest"),
            models.Index(fields=["amount", "id"], name="prospect_by_amount"),  # orders of the list
            models.Index(fields=["expected_close_on", "id"], name="prospect_by_expected_close"),
            models.Index(fields=["next_step_on", "id"], name="prospect_by_next_step"),
            models.Index(
                fields=["-closed_on", "-id"],
                include=["owner", "team", "account", "stage", "outcome", "currency", "amount", "opened_on"],
                name="prospect_closed_figures",
                condition=~STILL_OPEN,
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("prospects:prospect", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.closed_on is None


class StageChange(models.Model):
    """The prospect entered a class (P4): when, by whom, how, and what was missing if it was let through anyway.

    `days_in_from` is how long it had been in the class it left. `at` is the moment it took effect (a migrated row's own).
    """

    prospect = models.ForeignKey(Prospect, models.CASCADE, related_name="stage_changes")
    from_stage = models.PositiveSmallIntegerField(choices=Stage.choices, null=True)
    to_stage = models.PositiveSmallIntegerField(choices=Stage.choices)
    kind = models.CharField(max_length=10, choices=ChangeKind.choices)
    reason = models.CharField(max_length=500, blank=True)
    missing = models.JSONField(default=list)
    days_in_from = models.PositiveIntegerField(null=True)
    on = models.DateField()
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["-at", "-id"]
        indexes: ClassVar = [
            models.Index(fields=["prospect", "-at", "-id"], name="stage_change_of_prospect"),
            models.Index(
                fields=["on"],
                include=["prospect", "from_stage", "to_stage", "kind", "days_in_from"],
                name="stage_move_by_day",
                condition=Q(from_stage__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.prospect_id}: {self.from_stage} → {self.to_stage}"


class CriterionTick(models.Model):
    """Somebody confirmed that an entry criterion is true, on what evidence (P2). Withdrawn when it stops being true.

    The evidence is a note, a link or a visit. `on` is the day it is of, `at` the moment it was written down.
    """

    prospect = models.ForeignKey(Prospect, models.CASCADE, related_name="ticks")
    criterion = models.CharField(max_length=20, choices=Criterion.choices)
    note = models.TextField(_("evidence"), blank=True)
    link = models.URLField(_("link"), max_length=500, blank=True)
    visit = models.ForeignKey(
        Visit, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("visit"), db_index=False
    )
    on = models.DateField()
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    withdrawn_because = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["prospect", "criterion"], name="criterion_ticked_once", condition=Q(withdrawn_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return self.get_criterion_display()


class Closing(models.Model):
    """The prospect left the board, won or lost, and why. A reopened one has `reopened_at`."""

    prospect = models.ForeignKey(Prospect, models.CASCADE, related_name="closings")
    outcome = models.CharField(max_length=4, choices=Outcome.choices)
    on = models.DateField()
    reason = models.CharField(_("reason"), max_length=14, choices=LossReason.choices, blank=True)
    competitor = models.CharField(_("competitor"), max_length=120, blank=True)
    note = models.TextField(_("what happened"), blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    reopened_at = models.DateTimeField(null=True)
    reopened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    reopened_because = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering: ClassVar = ["-at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["prospect"], name="prospect_closed_once", condition=Q(reopened_at__isnull=True)
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["at"], name="closing_by_time")]  # what left the board this week

    def __str__(self) -> str:
        return f"{self.prospect_id}: {self.outcome}"


class ReviewVerdict(models.Model):
    """One card in one weekly review (P4): the verdict and what was said. Never edited."""

    prospect = models.ForeignKey(Prospect, models.CASCADE, related_name="verdicts")
    verdict = models.CharField(max_length=5, choices=Verdict.choices)
    stage = models.PositiveSmallIntegerField(choices=Stage.choices)
    note = models.CharField(_("note"), max_length=500, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-at", "-id"]
        indexes: ClassVar = [models.Index(fields=["prospect", "-at", "-id"], name="verdict_of_prospect")]

    def __str__(self) -> str:
        return f"{self.prospect_id}: {self.verdict}"


class WeeklySnapshot(models.Model):
    """The snapshot of one week (its Monday, company time) was taken: when, of how many open prospects. Never edited."""

    week = models.DateField(unique=True)
    taken_at = models.DateTimeField()
    prospects = models.PositiveIntegerField()

    class Meta:
        ordering: ClassVar = ["-week"]

    def __str__(self) -> str:
        return str(self.week)


class SnapshotQuerySet(ScopedQuerySet["ProspectSnapshot"]):
    """Scoped by what the prospect was at that time: its owner, its account, its team."""

    def shared_with(self, user: Any) -> Q:
        return Q(owner=user) | among("account_id", SHARED_ACCOUNTS(user))


@pgtrigger.register(pgtrigger.Protect(name="snapshot_is_immutable", operation=pgtrigger.Update | pgtrigger.Delete))
class ProspectSnapshot(models.Model):
    """An open prospect as it stood on the Monday of a week (company time). Immutable; the base of all movement figures."""

    week = models.DateField()
    prospect = models.ForeignKey(Prospect, models.PROTECT, related_name="snapshots")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    team = models.ForeignKey("core.Team", models.PROTECT, null=True, related_name="+")
    account = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    stage = models.PositiveSmallIntegerField(choices=Stage.choices)
    amount = models.DecimalField(max_digits=18, decimal_places=2, null=True)
    currency = models.CharField(max_length=3)
    expected_close_on = models.DateField(null=True)
    next_step_on = models.DateField(null=True)

    objects = SnapshotQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-week", "prospect"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["week", "prospect"], name="prospect_snapshot_once_a_week")
        ]

    def __str__(self) -> str:
        return f"{self.week}: {self.prospect_id}"


class CriterionSetting(models.Model):
    """Whether a criterion of a class stops a move (hard) or is only asked for (soft) (P2). No row: the shipped default."""

    stage = models.PositiveSmallIntegerField(_("class"), choices=Stage.choices)
    criterion = models.CharField(_("criterion"), max_length=20, choices=Criterion.choices)
    is_hard = models.BooleanField(_("stops the move"))

    class Meta:
        ordering: ClassVar = ["stage", "id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["stage", "criterion"], name="criterion_setting_once")]

    def __str__(self) -> str:
        return f"{self.stage}: {self.criterion}"


class CycleNorm(models.Model):
    """Days a prospect should take to leave a class upwards (P5), for one team or, without team, for all."""

    team = models.ForeignKey(
        "core.Team", models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("team")
    )
    stage = models.PositiveSmallIntegerField(_("class"), choices=Stage.choices)
    days = models.PositiveSmallIntegerField(_("days"))

    class Meta:
        ordering: ClassVar = ["team", "stage"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["team", "stage"], name="cycle_norm_once", nulls_distinct=False)
        ]

    def __str__(self) -> str:
        return f"{self.stage}: {self.days}"


class BoardRule(models.Model):
    """The board's two clocks, one row: days until a slipping card falls back (P3), days between reviews (P4)."""

    fall_back_after_days = models.PositiveSmallIntegerField(_("days until a slipping card falls back"), default=14)
    review_every_days = models.PositiveSmallIntegerField(_("days between reviews"), default=7)
    only = models.BooleanField(default=True, unique=True, editable=False)

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(condition=Q(only=True), name="board_rule_is_one_row")]

    def __str__(self) -> str:
        return f"{self.fall_back_after_days}/{self.review_every_days}"
