"""The customer and what belongs to it (K1–K14)."""

from __future__ import annotations

from typing import Any, ClassVar

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.choices import DevelopmentStage, Kind, MemberRole, Ownership, PaymentMethod, Size, Tier
from core.models import Channel, Searchable, Versioned
from core.money import CURRENCY_CHOICES
from core.scope import IdsOfPerson, ScopedQuerySet, among
from core.teams import follows_owner

SEARCH_COLUMNS = ["sort_name", "search_grams", "search_pinyin", "search_initials", "search_text"]

SHARED_ACCOUNTS = IdsOfPerson(lambda user_id: AccountMember.objects.filter(user=user_id).values("account"))
"""The accounts on whose team a person is, his own among them."""


class AccountQuerySet(ScopedQuerySet["Account"]):
    """Accounts: a rep sees those on whose team he is."""

    def shared_with(self, user: Any) -> Q:
        # The owner is a member row too, so this one semi-join is the whole rule.
        return among("id", SHARED_ACCOUNTS(user))


@follows_owner()
@pghistory.track(
    pghistory.UpdateEvent(level=pghistory.Statement, row=pghistory.Old),
    pghistory.DeleteEvent(level=pghistory.Statement),
    exclude=[*SEARCH_COLUMNS, "open_prospects", "next_step_on", "updated_at"],
)
class Account(Versioned, Searchable):
    """A customer: a firm or public body we sell to or want to (K1–K4). Always this, never a person who signs in.

    `open_prospects` and `next_step_on` are totals kept by the prospects app when it writes, so that lists need no join.
    """

    name = models.CharField(_("name"), max_length=200)
    short_name = models.CharField(_("short name"), max_length=100, blank=True)
    english_name = models.CharField(_("English name"), max_length=200, blank=True)
    code = models.CharField(
        _("code"), max_length=60, blank=True, help_text=_("Your own number for it, or the stock code.")
    )
    credit_code = models.CharField(_("unified social credit code"), max_length=18, blank=True)
    ownership = models.CharField(_("ownership"), max_length=12, choices=Ownership.choices, blank=True)
    kind = models.CharField(_("kind"), max_length=14, choices=Kind.choices, blank=True)
    industry = models.CharField(_("industry"), max_length=100, blank=True)
    region = models.CharField(_("region"), max_length=100, blank=True)
    city = models.CharField(_("city"), max_length=100, blank=True)
    address = models.CharField(_("address"), max_length=300, blank=True)
    website = models.CharField(_("web site"), max_length=254, blank=True)
    size = models.CharField(_("size"), max_length=8, choices=Size.choices, blank=True)
    employees = models.PositiveIntegerField(_("employees"), null=True, blank=True)
    founded_in = models.PositiveSmallIntegerField(_("founded in"), null=True, blank=True)
    annual_revenue = models.DecimalField(_("annual revenue"), max_digits=18, decimal_places=2, null=True, blank=True)
    revenue_currency = models.CharField(_("currency"), max_length=3, choices=CURRENCY_CHOICES, blank=True)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="subsidiaries", verbose_name=_("parent account")
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="owned_accounts", verbose_name=_("owner")
    )
    team = models.ForeignKey("core.Team", models.PROTECT, null=True, blank=True, related_name="+", editable=False)
    tier = models.CharField(_("tier"), max_length=8, choices=Tier.choices, default=Tier.PROSPECT)
    development_stage = models.PositiveSmallIntegerField(
        _("stage"), choices=DevelopmentStage.choices, default=DevelopmentStage.SCAN
    )
    tags = ArrayField(models.CharField(max_length=40), default=list, blank=True, verbose_name=_("tags"))
    description = models.TextField(_("description"), blank=True)

    payment_method = models.CharField(_("method of payment"), max_length=8, choices=PaymentMethod.choices, blank=True)
    payment_terms_days = models.PositiveSmallIntegerField(_("payment terms (days)"), null=True, blank=True)
    paying_days = ArrayField(
        models.PositiveSmallIntegerField(validators=[MinValueValidator(1), MaxValueValidator(31)]),
        default=list, blank=True, verbose_name=_("paying days"), help_text=_("Days of the month; empty: any day."),
    )  # fmt: skip
    payment_procedure = models.TextField(_("payment procedure"), blank=True)
    bank_name = models.CharField(_("bank"), max_length=100, blank=True)
    bank_account = models.CharField(_("bank account"), max_length=40, blank=True)
    credit_standing = models.CharField(_("credit standing"), max_length=200, blank=True)

    open_prospects = models.PositiveIntegerField(default=0, editable=False)
    next_step_on = models.DateField(null=True, editable=False)
    last_contact_on = models.DateField(null=True, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )

    objects = AccountQuerySet.as_manager()

    class Meta(Searchable.Meta):
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["code"], name="account_code_once", condition=~Q(code="")),
            models.UniqueConstraint(
                fields=["credit_code"], name="account_credit_code_once", condition=~Q(credit_code="")
            ),
            models.CheckConstraint(condition=~Q(name=""), name="account_has_a_name"),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=models.F("id")), name="account_is_not_its_own_parent"
            ),
        ]
        indexes: ClassVar = [
            *Searchable.Meta.indexes,
            models.Index(fields=["owner", "sort_name", "id"], name="account_of_owner"),
            models.Index(fields=["team", "sort_name", "id"], name="account_of_team"),
            models.Index(fields=["-updated_at", "-id"], name="account_newest"),
            models.Index(fields=["industry", "sort_name", "id"], name="account_of_industry"),
            models.Index(fields=["region", "sort_name", "id"], name="account_of_region"),
            models.Index(fields=["tier", "sort_name", "id"], name="account_of_tier"),
            models.Index(fields=["development_stage", "sort_name", "id"], name="account_of_stage"),
            # The list sorts by these, for those who see every account.
            models.Index(fields=["last_contact_on", "id"], name="account_by_last_contact"),
            models.Index(fields=["next_step_on", "id"], name="account_by_next_step"),
            models.Index(fields=["open_prospects", "id"], name="account_by_open_prospects"),
            GinIndex(fields=["tags"], name="account_tags"),
            models.Index(
                fields=["name"], name="account_same_name"
            ),  # import matches on it, so does the duplicate warning
            models.Index(fields=["short_name"], name="account_same_short_name", condition=~Q(short_name="")),
            models.Index(Lower("name"), name="account_same_name_any_case"),
        ]

    def __str__(self) -> str:
        return self.short_name or self.name

    def get_absolute_url(self) -> str:
        return reverse("accounts:account", args=[self.pk])


class AccountMember(models.Model):
    """A colleague on the account's team and what he does for it (K14). The owner has one too. It decides who sees the account."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="members")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="memberships", verbose_name=_("colleague")
    )
    role = models.CharField(_("role"), max_length=10, choices=MemberRole.choices, default=MemberRole.SALES)

    class Meta:
        ordering: ClassVar = ["account", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "account"], name="account_member_once"),
            models.UniqueConstraint(fields=["account"], name="account_has_one_owner", condition=Q(role="owner")),
        ]

    def __str__(self) -> str:
        return f"{self.user} ({self.get_role_display()})"


class AccountChannel(Channel):
    """One way to reach the account itself: switchboard, accounting's mailbox."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="channels")

    class Meta(Channel.Meta):
        indexes: ClassVar = [models.Index(fields=["compact"], name="account_channel_compact")]  # duplicate warning


class AccountNote(models.Model):
    """What somebody wrote down about the account. Never edited; a migrated note keeps its own author and date.

    `contacted_on` says that the note is about a talk with the customer on that day.
    """

    account = models.ForeignKey(Account, models.CASCADE, related_name="notes")
    body = models.TextField(_("note"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(_("written"))
    contacted_on = models.DateField(_("spoke with them on"), null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-at", "-id"]
        indexes: ClassVar = [models.Index(fields=["account", "-at", "-id"], name="account_notes_newest")]

    def __str__(self) -> str:
        return self.body[:60]


class DevelopmentStageChange(models.Model):
    """The account moved from one stage of development to another (K10): who, when, on what evidence."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="stage_changes")
    from_stage = models.PositiveSmallIntegerField(choices=DevelopmentStage.choices, null=True)
    to_stage = models.PositiveSmallIntegerField(choices=DevelopmentStage.choices)
    evidence = models.TextField(_("evidence"), blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-at", "-id"]
        indexes: ClassVar = [models.Index(fields=["account", "-at"], name="account_stage_history")]

    def __str__(self) -> str:
        return f"{self.account_id}: {self.from_stage} → {self.to_stage}"


class StageWorkDone(models.Model):
    """One thing on the work list of a stage (K10, `rules.stages`) that somebody did for the account. Unticking deletes it."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="stage_work")
    work = models.CharField(max_length=40)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["account", "work"], name="account_stage_work_once")]

    def __str__(self) -> str:
        return self.work
