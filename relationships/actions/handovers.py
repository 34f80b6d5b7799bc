"""What of the plan goes along when an account is handed over (K14, R8)."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Account
from core import audit
from core.changes import apply_changes
from core.errors import DomainError
from core.models import User
from core.permissions import allowed, require
from core.users import Actor
from relationships import events
from relationships.choices import VisitKind
from relationships.models import CampaignTarget, Visit, VisitAttendee
from relationships.queries import visible_visits


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
        before, after = apply_changes(visit, {"owner": owner})
        VisitAttendee.objects.filter(visit=visit, colleague=owner).delete()
        audit.record(
            events.VISIT_TRANSFERRED,
            by=by, on=visit, account_id=record.pk, before=before, after=after,
            kind=VisitKind(visit.kind).label, day=timezone.localdate(visit.at),
            from_owner=str(former), to_owner=str(owner),
        )  # fmt: skip
    targets = CampaignTarget.objects.filter(account=record, rep=former, campaign__closed_at=None)
    targets.update(rep=owner)
    return visits
