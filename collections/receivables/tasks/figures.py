"""What the clock starts for figures and grades: the totals of the day gone by, the regrading of everything open."""

from __future__ import annotations

from datetime import date, time, timedelta

from django.utils.translation import gettext_lazy as _

from core.imports import events as imports
from core.imports.spec import specs
from core.models import AuditEvent
from core.subscriptions import on_event
from core.tick import daily
from core.workdays import today
from receivables import actions


@daily("receivables.snapshot", _("Totals of the day before"), at=time(0, 20))
def keep_day(on: date) -> None:
    """Keep the totals of the day before. A day that was missed is kept later: what was open then can still be told."""
    actions.take_snapshot(on=on - timedelta(days=1))


@daily("receivables.fold_sums", _("Tidying up the kept sums"), at=time(4, 30))
def fold_sums(_on: date) -> None:
    """Make the kept sums small again, after the regrading has moved many of them."""
    actions.fold_sums()


@daily("receivables.regrade", _("Grades of open invoices"), at=time(4, 0))
def regrade_all(on: date) -> None:
    """Grade everything open as of today; grades of a day gone by are not made up for."""
    if on == today():
        actions.regrade(on=on)


@on_event(imports.IMPORT_DONE.code)
def regrade_imported(event: AuditEvent) -> None:
    """A ledger came in as a file: what is open of it gets its grade at once, not in the night."""
    spec = specs().get(event.details.get("target", ""))
    if spec and spec.model._meta.app_label == "receivables":
        actions.regrade()
        actions.fold_sums()


@on_event(
    "receivables.cause_found",
    "receivables.cause_ended",
    "receivables.dispute_opened",
    "receivables.dispute_resolved",
    "receivables.payment_recorded",
    "receivables.payment_assigned",
)
def regrade_one(event: AuditEvent) -> None:
    """What bears on a customer's grades changed: grade his invoices."""
    if event.account_id:
        actions.regrade(account_id=event.account_id)
