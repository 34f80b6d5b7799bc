"""What was heard at an account: noting findings, laying and clearing landmines (R4, R7)."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.queries import get_account
from core import audit
from core.changes import apply_changes, check_version
from core.errors import DomainError
from core.permissions import require
from core.users import Actor, as_row
from relationships import events
from relationships.choices import FindingKind
from relationships.models import Finding, Landmine, Visit
from relationships.queries import get_landmine, get_visit

LONGEST = 300


@transaction.atomic
def note_finding(*, by: Actor, account_id: int, kind: str, text: str, visit_id: int | None = None) -> Finding:
    """Note something heard at an account; with `visit_id` it was on that visit to it."""
    require(by, "visits.record")
    account = get_account(by, account_id)
    if kind not in FindingKind.values:
        raise DomainError(_("Choose a kind from the list."), field="kind")
    finding = Finding.objects.create(
        account=account, visit=_visit_there(by, account.pk, visit_id), kind=kind, text=_words(text), by=as_row(by),
        at=timezone.now(),
    )  # fmt: skip
    audit.record(
        events.FINDING_NOTED,
        by=by, on=finding, account_id=account.pk, kind=FindingKind(kind).label, text=finding.text,
    )  # fmt: skip
    return finding


@transaction.atomic
def lay_landmine(*, by: Actor, account_id: int, text: str) -> Landmine:
    """Warn every colleague who sees the account. The same warning twice is refused."""
    require(by, "visits.record")
    account = get_account(by, account_id)
    text = _words(text)
    if Landmine.objects.filter(account=account, text__iexact=text, cleared_at=None).exists():
        raise DomainError(_("This landmine is known already."), field="text", code="duplicate")
    landmine = Landmine.objects.create(account=account, text=text, by=as_row(by), at=timezone.now())
    audit.record(events.LANDMINE_LAID, by=by, on=landmine, account_id=account.pk, text=text)
    return landmine


@transaction.atomic
def clear_landmine(*, by: Actor, landmine_id: int, because: str, version: int | None = None) -> Landmine:
    """Say that a landmine lies there no more, and why; it stays in the history."""
    require(by, "visits.record")
    landmine = get_landmine(by, landmine_id, lock=True)
    check_version(landmine, version)
    if landmine.cleared_at:
        raise DomainError(_("This landmine is cleared already."), code="cleared")
    because = " ".join(because.split())[:200]
    if not because:
        raise DomainError(_("Say why it is no danger any more."), field="because", code="reason_missing")
    apply_changes(landmine, {"cleared_at": timezone.now(), "cleared_by": as_row(by), "cleared_because": because})
    audit.record(
        events.LANDMINE_CLEARED, by=by, on=landmine, account_id=landmine.account_id, text=landmine.text, because=because
    )
    return landmine


def _visit_there(by: Actor, account_id: int, visit_id: int | None) -> Visit | None:
    visit = get_visit(by, visit_id) if visit_id else None
    if visit and visit.account_id != account_id:
        raise DomainError(_("This visit was to another account."), field="visit")
    return visit


def _words(text: str) -> str:
    text = " ".join(text.split())
    if not text:
        raise DomainError(_("Say what you heard."), field="text")
    if len(text) > LONGEST:
        raise DomainError(_("At most %(count)s characters.") % {"count": LONGEST}, field="text")
    return text
