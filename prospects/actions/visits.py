"""Visits that are about prospects: planning and recording them, and what that moves on the board (R7, R8, R9)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.changes import apply_changes
from core.errors import DomainError, NotFound
from core.permissions import require
from core.users import Actor
from core.workdays import today
from prospects import events
from prospects.actions.common import add_ticks, refresh_slipping, require_open
from prospects.actions.prospects import put_next_step
from prospects.models import FollowUp, Prospect
from prospects.queries.prospects import visible_prospects
from prospects.rules.criteria import Evidence
from prospects.rules.follow_up import Brought
from relationships import actions as relationships
from relationships.choices import VisitKind
from relationships.models import Visit
from relationships.queries import get_visit

MEETINGS = [kind.value for kind in VisitKind if kind.is_meeting]


@transaction.atomic
def plan_visit(*, by: Actor, prospect_ids: Iterable[int] = (), **plan: Any) -> Visit:
    """Plan a visit (relationships.actions.plan_visit) that is to be about these open prospects of the account."""
    require(by, "visits.plan")
    prospects = _open_prospects(by, prospect_ids)
    visit = relationships.plan_visit(by=by, **plan)
    _link(visit, prospects)
    for prospect in prospects:
        _date_first_meeting(by, visit, prospect)
        _tell(events.FOLLOW_UP_PLANNED, by, visit, prospect)
    return visit


@transaction.atomic
def record_visit(
    *, by: Actor, prospect_ids: Iterable[int] = (), brought: Brought | None = None, **record: Any
) -> Visit:
    """Write up an unplanned visit and count it as a contact of the prospects it was about; they get its next step.

    What it brought home besides lands where it belongs in the same transaction. Raises what
    relationships.actions.record_visit raises, NotFound for a prospect out of sight, DomainError for a
    closed one or one of another account.
    """
    require(by, "visits.record")
    prospects = _open_prospects(by, prospect_ids)
    visit = relationships.record_visit(by=by, hands_on=bool(prospects), **record)
    _link(visit, prospects)
    _count(by, visit, prospects)
    _bring_home(by, visit, prospects, brought)
    return visit


@transaction.atomic
def record_planned_visit(
    *,
    by: Actor,
    visit_id: int,
    prospect_ids: Iterable[int] | None = None,
    brought: Brought | None = None,
    **record: Any,
) -> Visit:
    """Write up a planned visit; it was about the prospects given, or about those it was planned for and that are open."""
    require(by, "visits.record")
    planned = get_visit(by, visit_id, lock=True)
    if prospect_ids is None:
        found = FollowUp.objects.filter(visit=planned, prospect__closed_on=None).values_list("prospect_id", flat=True)
        prospect_ids = list(found)
    prospects = _open_prospects(by, prospect_ids)
    visit = relationships.record_planned_visit(by=by, visit_id=visit_id, hands_on=bool(prospects), **record)
    FollowUp.objects.filter(visit=visit).delete()
    _link(visit, prospects)
    _count(by, visit, prospects)
    _bring_home(by, visit, prospects, brought)
    return visit


@transaction.atomic
def follow_first_meeting(*, by: Actor, visit_id: int, was: date) -> None:
    """The first meeting of a prospect goes where its visit went; called off or no meeting after all, its date is gone (P3).

    `was` is the day the visit had. A card with that day, or with none, gets what is true now: the day of the earliest
    meeting held with the prospect, or else of the earliest one planned.
    """
    require(by, "prospects.edit")
    is_its_day = Q(first_meeting_on=was) | Q(first_meeting_on=None)
    rows = visible_prospects(by).filter(is_its_day, follow_ups__visit=visit_id, closed_on=None).order_by("pk")
    for prospect in rows.select_for_update(no_key=True, of=("self",)):
        before, after = apply_changes(prospect, {"first_meeting_on": _first_meeting_day(prospect)})
        if after:
            audit.record(
                _first_meeting_event(prospect, visit_id),
                by=by, on=prospect, account_id=prospect.account_id, before=before, after=after,
                name=prospect.name, day=prospect.first_meeting_on,
            )  # fmt: skip
            refresh_slipping(by, prospect, today())


@transaction.atomic
def add_follow_up(*, by: Actor, prospect_id: int, visit_id: int) -> FollowUp:
    """Say that a visit was, or is to be, about a prospect; a recorded one counts as a contact."""
    require(by, "visits.record")
    [prospect] = _open_prospects(by, [prospect_id])
    visit = get_visit(by, visit_id, lock=True)
    if visit.cancelled_at:
        raise DomainError(_("This visit was called off."), field="visit", code="cancelled")
    if FollowUp.objects.filter(visit=visit, prospect=prospect).exists():
        raise DomainError(_("This visit is about the prospect already."), field="visit", code="duplicate")
    [row] = _link(visit, [prospect])
    if visit.recorded_at:
        _number(by, visit, prospect)
    else:
        _date_first_meeting(by, visit, prospect)
    _tell(events.FOLLOWED_UP, by, visit, prospect)
    row.refresh_from_db()
    return row


def _open_prospects(by: Actor, prospect_ids: Iterable[int]) -> list[Prospect]:
    """These prospects, locked in one order; refused when one is out of sight or closed."""
    wanted = sorted(set(prospect_ids))
    if not wanted:
        return []
    rows = visible_prospects(by).filter(pk__in=wanted).select_for_update(no_key=True, of=("self",))
    prospects = list(rows.select_related("account", "owner", "team").order_by("pk"))
    if len(prospects) != len(wanted):
        raise NotFound
    for prospect in prospects:
        require_open(prospect)
    return prospects


def _link(visit: Visit, prospects: Sequence[Prospect]) -> list[FollowUp]:
    if any(prospect.account_id not in (None, visit.account_id) for prospect in prospects):
        raise DomainError(_("A visit is about prospects of its own account."), field="prospects")
    rows = [FollowUp(visit=visit, prospect=prospect) for prospect in prospects]
    return FollowUp.objects.bulk_create(rows) if rows else []


def _count(by: Actor, visit: Visit, prospects: Sequence[Prospect]) -> None:
    """Each prospect has one contact more, and the visit's next step."""
    for prospect in prospects:
        _number(by, visit, prospect)
        put_next_step(by, prospect, visit.next_step, visit.next_step_on)


def _bring_home(by: Actor, visit: Visit, prospects: Sequence[Prospect], brought: Brought | None) -> None:
    """Findings and landmine to the account, the visit as evidence to the prospects' criteria."""
    if brought is None:
        return
    for kind, text in brought.findings.items():
        relationships.note_finding(by=by, account_id=visit.account_id, kind=kind, text=text, visit_id=visit.pk)
    if brought.landmine:
        relationships.lay_landmine(by=by, account_id=visit.account_id, text=brought.landmine)
    known = {prospect.pk: prospect for prospect in prospects}
    for prospect_id, criterion in brought.criteria:
        if prospect_id not in known:
            raise DomainError(_("The visit was not about this prospect."), field="criteria")
        require(by, "prospects.tick")
        add_ticks(by, known[prospect_id], [Evidence(criterion, visit_id=visit.pk)], today())
        refresh_slipping(by, known[prospect_id], today())


def _number(by: Actor, visit: Visit, prospect: Prospect) -> None:
    """Number the contact and keep the prospect's totals; the first meeting is a fact of the card (P2, P3)."""
    day = timezone.localdate(visit.at)
    prospect.contacts_made += 1
    prospect.last_contact_on = max(prospect.last_contact_on or day, day)
    prospect.save(update_fields=["contacts_made", "last_contact_on", "updated_at"])
    if visit.meeting and _is_first(prospect, visit, day):
        apply_changes(prospect, {"first_meeting_on": day})
    FollowUp.objects.filter(visit=visit, prospect=prospect).update(number=prospect.contacts_made)
    if prospect.slipping_since:
        refresh_slipping(by, prospect, today())


def _is_first(prospect: Prospect, visit: Visit, day: date) -> bool:
    """Whether a meeting that took place is the prospect's first: none was known, or this one had been planned as it."""
    known = prospect.first_meeting_on
    planned = visit.planned_at and timezone.localdate(visit.planned_at)
    return known is None or known > day or known == planned


def _first_meeting_day(prospect: Prospect) -> date | None:
    """The day of the earliest meeting held with the prospect, or else of the earliest planned; None without any."""
    visits = Visit.objects.filter(follow_ups__prospect=prospect).order_by("at", "id")
    first = visits.recorded().exclude(meeting="").first() or visits.planned().filter(kind__in=MEETINGS).first()
    return timezone.localdate(first.at) if first else None


def _first_meeting_event(prospect: Prospect, visit_id: int) -> audit.EventType:
    if prospect.first_meeting_on:
        return events.FIRST_MEETING_MOVED
    is_off = Visit.objects.filter(pk=visit_id, cancelled_at__isnull=False).exists()
    return events.FIRST_MEETING_CANCELLED if is_off else events.FIRST_MEETING_WITHDRAWN


def _date_first_meeting(by: Actor, visit: Visit, prospect: Prospect) -> None:
    """A planned meeting with a prospect nobody has met is the agreed date of the first one (P2: what D asks for)."""
    if prospect.first_meeting_on is None and VisitKind(visit.kind).is_meeting:
        apply_changes(prospect, {"first_meeting_on": timezone.localdate(visit.at)})
        refresh_slipping(by, prospect, today())


def _tell(event: audit.EventType, by: Actor, visit: Visit, prospect: Prospect) -> None:
    audit.record(
        event,
        by=by, on=prospect, account_id=prospect.account_id, name=prospect.name,
        kind=VisitKind(visit.kind).label, day=timezone.localdate(visit.at),
    )  # fmt: skip
