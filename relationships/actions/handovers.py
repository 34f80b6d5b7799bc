"""Visits that change hands: what goes along with an account (K14, R8), and one given to a colleague (V1)."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Account
from accounts.queries import visible_accounts
from core import audit
from core.changes import apply_changes, check_version
from core.errors import DomainError
from core.models import User
from core.people import get_colleague
from core.permissions import allowed, require
from core.users import Actor
from relationships import events
from relationships.actions.visits import close_reminders
from relationships.choices import VisitKind
from relationships.models import CampaignTarget, Visit, VisitAttendee
from relationships.queries import get_visit, visible_visits


@transaction.atomic
def transfer_planned_visits(*, by: Actor, record: Account, former: User, owner: User) -> list[Visit]:
    """Give the visits the former owner has ahead at an account to the new one, in the order they come.

    Whose time has passed was made by the former owner, and he writes it up. Accounts of running campaigns go along as
    well. Raises DomainError when there are visits and the new owner makes none.
    """
    require(by, "accounts.transfer")
    rows = visible_visits(by).planned().filter(account=record, owner=former, at__gte=timezone.now())
    visits = list(rows.order_by("at", "pk").select_for_update(no_key=True, of=("self",)))
    if visits and not allowed(owner, "visits.record"):
        raise DomainError(_("%(name)s makes no visits; some are planned here.") % {"name": owner}, field="owner")
    for visit in visits:
        _give(visit, former, owner, events.VISIT_TRANSFERRED, by=by)
    close_reminders([visit.pk for visit in visits])
    targets = CampaignTarget.objects.filter(account=record, rep=former, campaign__closed_at=None)
    targets.update(rep=owner)
    return visits


@transaction.atomic
def hand_over_visit(
    *, by: Actor, visit_id: int, to_user_id: int, version: int | None = None, comes_along: bool = False
) -> Visit:
    """A colleague makes a planned visit in the owner's place, and is told so; its prospects and campaign stay with it.

    With `comes_along` the former owner takes part all the same.

    Raises DomainError for a visit that is no longer planned, and for somebody who makes no visits or does not see the
    account; NotFound, Conflict (409) over a newer edit.
    """
    require(by, "visits.plan")
    visit = get_visit(by, visit_id, lock=True)
    check_version(visit, version)
    if not visit.is_planned:
        raise DomainError(_("Only a planned visit is handed over."), code="not_planned")
    former, owner = visit.owner, get_colleague(by, to_user_id)
    if owner == former:
        raise DomainError(_("%(name)s makes this visit already.") % {"name": owner}, field="to")
    if not owner.is_active or not allowed(owner, "visits.record"):
        raise DomainError(_("%(name)s makes no visits.") % {"name": owner}, field="to")
    if not visible_accounts(owner).filter(pk=visit.account_id).exists():
        raise DomainError(_("%(name)s is not on the account's team.") % {"name": owner}, field="to")
    _give(visit, former, owner, events.VISIT_HANDED_OVER, by=by)
    if comes_along:
        VisitAttendee.objects.create(visit=visit, colleague=former)
    close_reminders([visit.pk], overtaken=["relationships.visit_assigned"])
    return visit


def _give(visit: Visit, former: User, owner: User, event: audit.EventType, *, by: Actor) -> None:
    """The new owner makes it from now on, and so no longer comes along."""
    before, after = apply_changes(visit, {"owner": owner})
    VisitAttendee.objects.filter(visit=visit, colleague=owner).delete()
    audit.record(
        event,
        by=by, on=visit, account_id=visit.account_id, before=before, after=after,
        kind=VisitKind(visit.kind).label, day=timezone.localdate(visit.at),
        from_owner=str(former), to_owner=str(owner),
    )  # fmt: skip
