"""Every change of a visit: planning, recording, editing, moving, calling off, and taking its next step (R7, R8)."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime
from functools import partial
from typing import Any

from django.db import connection, transaction
from django.db.models import Prefetch, prefetch_related_objects
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actions import SET_LAST_CONTACT
from accounts.queries import get_account
from core import audit
from core.changes import apply_changes, check_version
from core.errors import DomainError, NotFound
from core.models import User
from core.permissions import require
from core.users import Actor, as_row
from core.workdays import today
from relationships import events
from relationships.choices import VisitKind
from relationships.models import Visit, VisitAttendee, VisitCampaign
from relationships.queries import first_or_later, get_campaign, get_visit, visible_contacts
from relationships.queries.visits import account_to_visit
from reminders.actions import close_settled
from reminders.queries.occurrences import is_reminded_of

VISIT_FIELDS = ("kind", "minutes", "purpose", "outcome", "next_step", "next_step_on")
LONGEST = 5 * 24 * 60  # minutes: an exhibition


@transaction.atomic
def plan_visit(
    *,
    by: Actor,
    account_id: int,
    at: datetime,
    kind: str = VisitKind.VISIT,
    minutes: int = 60,
    purpose: str = "",
    contact_ids: Iterable[int] = (),
    colleague_ids: Iterable[int] = (),
    campaign_id: int | None = None,
) -> Visit:
    """Plan a visit of one's own, perhaps for a campaign. Raises DomainError for a time that has passed."""
    require(by, "visits.plan")
    account = get_account(by, account_id)
    values = _clean({"kind": kind, "minutes": minutes, "purpose": purpose})
    _refuse_past(at)
    visit = Visit.objects.create(
        account=account, owner=_maker(by), created_by=as_row(by), at=at, planned_at=at,
        campaign=_campaign(by, account.pk, campaign_id), **values,
    )  # fmt: skip
    _bring(by, visit, contact_ids, colleague_ids)
    _tell(events.VISIT_PLANNED, by, visit, purpose=visit.purpose or "–")
    return visit


@transaction.atomic
def record_visit(
    *,
    by: Actor,
    account_id: int,
    outcome: str,
    next_step: str,
    next_step_on: date | None,
    kind: str = VisitKind.VISIT,
    at: datetime | None = None,
    minutes: int = 60,
    purpose: str = "",
    contact_ids: Iterable[int] = (),
    colleague_ids: Iterable[int] = (),
    campaign_id: int | None = None,
    hands_on: bool = False,
) -> Visit:
    """Write up a visit that was not planned; `at` is now unless told otherwise.

    Raises DomainError without what came of it, without a next step and its date (R8), or for a time still to come.
    With `hands_on` the caller gives the next step to the prospects the visit was about, so it is not owed here.
    """
    require(by, "visits.record")
    owner = _maker(by)
    account, is_met = account_to_visit(owner, account_id)
    visit = Visit(account=account, owner=owner, created_by=owner, at=at or timezone.now())
    visit.campaign = _campaign(by, account.pk, campaign_id)
    given = {"kind": kind, "minutes": minutes, "purpose": purpose, "outcome": outcome}
    told = _clean(given | {"next_step": next_step, "next_step_on": next_step_on})
    _write_up(visit, told, hands_on=hands_on, is_met=is_met)
    visit.save()
    _bring(by, visit, contact_ids, colleague_ids)
    _recorded(by, visit)
    return visit


@transaction.atomic
def record_planned_visit(
    *,
    by: Actor,
    visit_id: int,
    outcome: str,
    next_step: str,
    next_step_on: date | None,
    version: int | None = None,
    at: datetime | None = None,
    contact_ids: Iterable[int] | None = None,
    colleague_ids: Iterable[int] | None = None,
    hands_on: bool = False,
    **changes: Any,
) -> Visit:
    """Write up a planned visit: it took place at `at`, or as planned, or now if the plan still lies ahead.

    People not given stay as planned. Raises DomainError as `record_visit` does and for a visit that is no longer
    planned, Conflict (409) when `version` is no longer the visit's.
    """
    require(by, "visits.record")
    visit = get_visit(by, visit_id, lock=True)
    values = _clean({**changes, "outcome": outcome, "next_step": next_step, "next_step_on": next_step_on})
    check_version(visit, version, values)
    _require_planned(visit)
    visit.at = at or min(visit.at, timezone.now())
    _write_up(visit, values, hands_on=hands_on)
    visit.version += 1
    visit.save()
    if contact_ids is not None or colleague_ids is not None:
        VisitAttendee.objects.filter(visit=visit).delete()
        _bring(by, visit, contact_ids or (), colleague_ids or ())
    _recorded(by, visit)
    return visit


@transaction.atomic
def edit_visit(*, by: Actor, visit_id: int, version: int | None = None, **changes: Any) -> Visit:
    """Correct what a visit says; a recorded one keeps an outcome and a next step. Conflict (409) over a newer edit."""
    require(by, "visits.record")
    visit = get_visit(by, visit_id, lock=True)
    values = _clean(changes)
    check_version(visit, version, values)
    _refuse_cancelled(visit)
    if visit.recorded_at:
        told = {name: values.get(name, getattr(visit, name)) for name in ("outcome", "next_step", "next_step_on")}
        changed = told["next_step_on"] != visit.next_step_on
        _require_next_step(told, visit.next_step_on if not changed and visit.next_step_on else today())
    elif {"outcome", "next_step", "next_step_on"} & {name for name, value in values.items() if value}:
        raise DomainError(_("This visit is still planned. Record it."), code="planned")
    if "kind" in values and visit.recorded_at and VisitKind(values["kind"]).is_meeting != bool(visit.meeting):
        values["meeting"] = first_or_later(VisitKind(values["kind"]).is_meeting, visit.account_id)
    before, after = apply_changes(visit, values)
    if after:
        _tell(events.VISIT_EDITED, by, visit, before=before, after=after)
    return visit


@transaction.atomic
def move_visit(*, by: Actor, visit_id: int, at: datetime, version: int | None = None) -> Visit:
    """Put a planned visit to another time. Raises DomainError for a time that has passed."""
    require(by, "visits.plan")
    visit = get_visit(by, visit_id, lock=True)
    check_version(visit, version, {"at": at})
    _require_planned(visit)
    if at != visit.at:
        _refuse_past(at)
    from_day = timezone.localdate(visit.at)
    before, after = apply_changes(visit, {"at": at, "planned_at": at})
    if after:
        close_reminders([visit.pk])
        _tell(events.VISIT_MOVED, by, visit, before=before, after=after, from_day=from_day)
    return visit


@transaction.atomic
def cancel_visit(*, by: Actor, visit_id: int, because: str, version: int | None = None) -> Visit:
    """Call a planned visit off, and say why; it stays as history."""
    require(by, "visits.plan")
    visit = get_visit(by, visit_id, lock=True)
    check_version(visit, version)
    _require_planned(visit)
    because = " ".join(because.split())[:200]
    if not because:
        raise DomainError(_("Say why it is called off."), field="because", code="reason_missing")
    apply_changes(visit, {"cancelled_at": timezone.now(), "cancelled_because": because})
    close_reminders([visit.pk])
    _tell(events.VISIT_CANCELLED, by, visit, because=because)
    return visit


@transaction.atomic
def settle_next_step(*, by: Actor, visit_id: int, version: int | None = None) -> Visit:
    """The next step agreed on this visit has been taken."""
    require(by, "visits.record")
    visit = get_visit(by, visit_id, lock=True)
    check_version(visit, version)
    _require_open_step(visit)
    _settle(visit)
    _tell(events.NEXT_STEP_SETTLED, by, visit, next_step=visit.next_step)
    return visit


@transaction.atomic
def drop_next_step(*, by: Actor, visit_id: int, because: str, version: int | None = None) -> Visit:
    """The next step agreed on this visit will not be taken, and why; the reason stays in the trail."""
    require(by, "visits.record")
    visit = get_visit(by, visit_id, lock=True)
    check_version(visit, version)
    _require_open_step(visit)
    because = " ".join(because.split())[:200]
    if not because:
        raise DomainError(_("Say why it is dropped."), field="because", code="reason_missing")
    _settle(visit)
    _tell(events.NEXT_STEP_DROPPED, by, visit, next_step=visit.next_step, because=because)
    return visit


@transaction.atomic
def reopen_next_step(*, by: Actor, visit_id: int) -> Visit:
    """The next step was not taken after all: it is owed again, and reminded of.

    Raises DomainError while it is open, and where a prospect carries it on.
    """
    require(by, "visits.record")
    visit = get_visit(by, visit_id, lock=True)
    if visit.next_step_settled_at is None or visit.next_step_on is None:
        raise DomainError(_("This next step is open."), code="open")
    if visit.next_step_settled_at == visit.recorded_at:
        raise DomainError(_("A prospect goes on with this next step: plan it there."), code="carried_on")
    apply_changes(visit, {"next_step_settled_at": None})
    _tell(events.NEXT_STEP_REOPENED, by, visit, next_step=visit.next_step)
    return visit


def close_reminders(visit_ids: Collection[int], *, overtaken: Collection[str] = ()) -> None:
    """Whatever these visits were reminded of and is no longer so is over; see `close_settled`.

    After the commit: nobody's visit waits for reminders, and the page that is drawn next knows.
    """
    if visit_ids:
        close = partial(close_settled, subject_type=Visit._meta.label_lower, overtaken=overtaken)
        transaction.on_commit(partial(close, subject_ids=visit_ids), robust=True)


# ------------------------------------------------------------------ shared


def _require_open_step(visit: Visit) -> None:
    if visit.next_step_on is None or visit.next_step_settled_at:
        raise DomainError(_("This visit has no open next step."), code="settled")


def _settle(visit: Visit) -> None:
    """Nothing is owed any more, and nobody is reminded of it."""
    apply_changes(visit, {"next_step_settled_at": timezone.now()})
    close_settled(subject_type=Visit._meta.label_lower, subject_ids=[visit.pk])


def _clean(given: dict[str, Any]) -> dict[str, Any]:
    """The given fields, trimmed and checked one by one."""
    if strangers := set(given) - set(VISIT_FIELDS):
        raise TypeError(f"not fields of a visit: {', '.join(sorted(strangers))}")
    values = {name: " ".join(value.split()) if isinstance(value, str) else value for name, value in given.items()}
    if "kind" in values and values["kind"] not in VisitKind.values:
        raise DomainError(_("Choose a kind from the list."), field="kind")
    if not 5 <= int(values.get("minutes", 60)) <= LONGEST:
        raise DomainError(_("From five minutes to five days."), field="minutes")
    return values


def _write_up(visit: Visit, values: dict[str, Any], *, hands_on: bool, is_met: bool | None = None) -> None:
    """Set what makes a visit a recorded one; the caller saves it."""
    now = timezone.now()
    if visit.at > now:
        raise DomainError(_("It has not happened yet. Plan it instead."), field="at", code="ahead")
    _require_next_step(values, today())
    for name, value in values.items():
        setattr(visit, name, value)
    visit.recorded_at = now
    visit.next_step_settled_at = now if hands_on else None
    visit.meeting = first_or_later(VisitKind(visit.kind).is_meeting, visit.account_id, is_met)


def _require_next_step(values: dict[str, Any], earliest: date) -> None:
    """R7 and R8: what came of it in one line, what comes next, and when."""
    if not values.get("outcome"):
        raise DomainError(_("Say in one line what came of it."), field="outcome")
    if not values.get("next_step"):
        raise DomainError(_("Say what happens next."), field="next_step", code="next_step_missing")
    if not values.get("next_step_on") or values["next_step_on"] < earliest:
        raise DomainError(_("A next step has a day, today or later."), field="next_step_on", code="next_step_missing")


def _recorded(by: Actor, visit: Visit) -> None:
    """What follows from a recorded visit: the step owed since the last one is taken, the account was in touch."""
    close_reminders([*_take_owed_steps(visit), *([visit.pk] if visit.planned_at else [])])
    _tell(
        events.VISIT_RECORDED,
        by,
        visit,
        outcome=visit.outcome,
        next_step=visit.next_step,
        next_step_on=visit.next_step_on,
    )


_FOLLOWS = f"""
    with taken as (
        update relationships_visit set next_step_settled_at = %(recorded_at)s
        where account_id = %(account_id)s and owner_id = %(owner_id)s and id <> %(id)s
          and next_step_on is not null and next_step_settled_at is null
        returning id
    ),
    account as ({SET_LAST_CONTACT})
    select id from taken where {is_reminded_of(Visit._meta.label_lower, "taken.id")}"""  # noqa: S608  our own words


def _take_owed_steps(visit: Visit) -> list[int]:
    """The steps this person owed at the account are taken with the visit, which was a contact with it; one statement.

    Of which visits somebody is still reminded.
    """
    about = {"id": visit.pk, "account_id": visit.account_id, "owner_id": visit.owner_id}
    with connection.cursor() as cursor:
        cursor.execute(
            _FOLLOWS, {**about, "recorded_at": visit.recorded_at, "contact_on": timezone.localdate(visit.at)}
        )
        return [row[0] for row in cursor.fetchall()]


def _bring(by: Actor, visit: Visit, contact_ids: Iterable[int], colleague_ids: Iterable[int]) -> None:
    """Write down who takes part. NotFound for a person the user does not see."""
    contacts, colleagues = sorted(set(contact_ids)), sorted(set(colleague_ids) - {visit.owner_id})
    if contacts and visible_contacts(by).filter(pk__in=contacts).count() != len(contacts):
        raise NotFound
    if colleagues and User.objects.filter(pk__in=colleagues, is_active=True).count() != len(colleagues):
        raise NotFound
    rows = [VisitAttendee(visit=visit, contact_id=pk) for pk in contacts]
    rows += [VisitAttendee(visit=visit, colleague_id=pk) for pk in colleagues]
    if rows:
        VisitAttendee.objects.bulk_create(rows)
    else:  # so that who answers with the visit need not ask
        prefetch_related_objects([visit], Prefetch("attendees", VisitAttendee.objects.none()))


def _campaign(by: Actor, account_id: int, campaign_id: int | None) -> VisitCampaign | None:
    """The running campaign a visit belongs to; it must want this account."""
    if campaign_id is None:
        return None
    campaign = get_campaign(by, campaign_id)
    if not campaign.is_open or not campaign.targets.filter(account=account_id).exists():
        raise DomainError(_("This campaign does not visit this account."), field="campaign")
    return campaign


def _maker(by: Actor) -> User:
    user = as_row(by)
    if user is None:
        raise DomainError(_("A visit is made by a person."), field="owner")
    return user


def _refuse_past(at: datetime) -> None:
    if timezone.localdate(at) < today():
        raise DomainError(_("This day has passed. Record the visit instead."), field="at", code="day_passed")


def _refuse_cancelled(visit: Visit) -> None:
    if visit.cancelled_at:
        raise DomainError(_("This visit was called off."), code="cancelled")


def _require_planned(visit: Visit) -> None:
    _refuse_cancelled(visit)
    if visit.recorded_at:
        raise DomainError(_("This visit is recorded already."), code="recorded")


def _tell(event: audit.EventType, by: Actor, visit: Visit, **details: Any) -> None:
    audit.record(
        event,
        by=by, on=visit, account_id=visit.account_id,
        kind=VisitKind(visit.kind).label, day=timezone.localdate(visit.at), **details,
    )  # fmt: skip
