"""What was heard at accounts. The user comes first."""

from __future__ import annotations

from core.errors import NotFound
from core.users import Actor
from relationships.choices import FindingKind
from relationships.models import Finding, Landmine, Visit


def get_landmine(by: Actor, landmine_id: int, *, lock: bool = False) -> Landmine:
    """One landmine at an account the user sees. NotFound otherwise."""
    rows = Landmine.objects.visible_to(by)
    rows = rows.select_for_update(no_key=True, of=("self",)) if lock else rows
    landmine: Landmine | None = rows.select_related("account").filter(pk=landmine_id).first()
    if landmine is None:
        raise NotFound
    return landmine


def landmines_at(by: Actor, account_id: int, *, limit: int = 20) -> list[Landmine]:
    """What to be careful about at an account the user sees, newest first."""
    rows = Landmine.objects.visible_to(by).filter(account=account_id, cleared_at=None)
    return list(rows.select_related("by")[:limit])


def findings_at(by: Actor, account_id: int, *, limit: int = 25) -> list[Finding]:
    """What was heard lately at an account the user sees."""
    rows = Finding.objects.visible_to(by).filter(account=account_id)
    return list(rows.select_related("by")[:limit])


def get_complaint(by: Actor, finding_id: int) -> Finding:
    """One complaint heard at an account the user sees, with the account. NotFound otherwise."""
    rows = Finding.objects.visible_to(by).filter(kind=FindingKind.COMPLAINT)
    complaint: Finding | None = rows.select_related("account").filter(pk=finding_id).first()
    if complaint is None:
        raise NotFound
    return complaint


def findings_of_visit(by: Actor, visit: Visit) -> list[Finding]:
    """What was heard on a visit."""
    return list(Finding.objects.filter(visit=visit).select_related("by").order_by("id"))
