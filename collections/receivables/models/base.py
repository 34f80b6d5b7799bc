"""What the rows of the ledger share: the scope of their account, amounts, and that money rows are only added."""

from __future__ import annotations

from typing import Any, ClassVar, TypeVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import AccountMember
from core.money import CURRENCY_CHOICES
from core.scope import ScopedQuerySet, among, one_of

M = TypeVar("M", bound=models.Model)


class OfAccountQuerySet(ScopedQuerySet[M]):
    """Rows that are seen by whoever sees their account."""

    def shared_with(self, user: Any) -> Q:
        return among("account_id", AccountMember.objects.filter(user=user).values("account"))

    def of_teams(self, team_ids: list[int]) -> Q:
        return one_of("account__team_id", team_ids)


class OfInvoiceQuerySet(ScopedQuerySet[M]):
    """Rows that are seen by whoever sees the account of their invoice."""

    def shared_with(self, user: Any) -> Q:
        return among("invoice__account_id", AccountMember.objects.filter(user=user).values("account"))

    def of_teams(self, team_ids: list[int]) -> Q:
        return one_of("invoice__account__team_id", team_ids)


def money(label: Any, **options: Any) -> models.DecimalField[Any, Any]:
    """An amount: 18 digits, two of them cents. Its currency stands beside it, or on the row it belongs to."""
    return models.DecimalField(label, max_digits=18, decimal_places=2, **options)


def currency() -> models.CharField[Any, Any]:
    """An ISO 4217 code."""
    return models.CharField(_("currency"), max_length=3, choices=CURRENCY_CHOICES, default=settings.DEFAULT_CURRENCY)


def never_changed(name: str, *columns: str) -> list[pgtrigger.Trigger]:
    """Triggers: nobody deletes the row nor changes these columns (design decision 7). Without columns: nothing of it."""
    if not columns:
        return [pgtrigger.Protect(name=name, operation=pgtrigger.Update | pgtrigger.Delete)]
    return [
        pgtrigger.ReadOnly(name=name, fields=list(columns)),
        pgtrigger.Protect(name=f"{name}_kept", operation=pgtrigger.Delete),
    ]


def said_once(name: str, column: str, *, unsaid: str = "NULL") -> pgtrigger.Trigger:
    """Trigger: the column may be filled once; what it then says never changes. `unsaid` is the SQL of the empty value."""
    return pgtrigger.Protect(
        name=name,
        operation=pgtrigger.UpdateOf(column),  # type: ignore[no-untyped-call]
        condition=pgtrigger.Condition(
            f'OLD."{column}" IS DISTINCT FROM {unsaid} AND OLD."{column}" IS DISTINCT FROM NEW."{column}"'
        ),
    )


def poster(**options: Any) -> models.ForeignKey[Any, Any]:
    """Who wrote the row. Large tables take `db_index=False`: nobody asks them for one person's rows, and who wrote is kept."""
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+", **options
    )


class Posted(models.Model):
    """A row of the ledger: who wrote it and when. The day it counts from stands in a column of its own."""

    by = poster()
    at = models.DateTimeField(_("entered"), auto_now_add=True)

    class Meta:
        abstract = True
        ordering: ClassVar = ["-id"]
