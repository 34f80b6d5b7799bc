"""Settings of the receivables: one row, edited by whoever may set them."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.models import Role, Versioned
from receivables.models.base import currency, money


def shipped_edges() -> list[int]:
    """C2: not due, 1–30, 31–60, 61–90, 91–180, 181–365, more."""
    return [30, 60, 90, 180, 365]


class ReceivablesRule(Versioned):
    """The one row of settings. `ageing_edges` are the last days of each bucket past due (C2).

    `interest_per_day` is claimed where a contract says nothing (0.0005 is 0.05 % a day, decree 802 art. 17), on a year
    of `interest_basis` days. The others are the thresholds of the grades (C3, assurance §2.1), in days or counts.
    """

    ageing_edges = ArrayField(
        models.PositiveSmallIntegerField(), default=shipped_edges, verbose_name=_("ageing buckets")
    )
    interest_per_day = models.DecimalField(
        _("interest per day late"), max_digits=9, decimal_places=7, default=Decimal("0.0005")
    )
    interest_basis = models.PositiveSmallIntegerField(
        _("days of a year"), choices=[(360, "360"), (365, "365")], default=360
    )
    doubtful_after_days = models.PositiveSmallIntegerField(_("doubtful after days past due"), default=90)
    doubtful_broken_promises = models.PositiveSmallIntegerField(
        _("doubtful from broken promises"), default=2, validators=[MinValueValidator(1)]
    )
    bad_after_days = models.PositiveSmallIntegerField(_("bad after days past due"), default=365)
    bad_before_limitation_days = models.PositiveSmallIntegerField(_("bad within days of limitation"), default=90)
    terms_days = models.PositiveSmallIntegerField(_("payment terms where none are known (days)"), default=30)

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(condition=Q(id=1), name="one_receivables_rule")]

    def __str__(self) -> str:
        return "receivables"


class WriteOffLimit(models.Model):
    """Up to which amount a role may approve a write-off in a currency. No row: it may approve none."""

    role = models.CharField(max_length=13, choices=Role.choices)
    currency = currency()
    amount = money(_("up to"))

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["role", "currency"], name="write_off_limit_once")]

    def __str__(self) -> str:
        return f"{self.role} {self.currency} {self.amount}"
