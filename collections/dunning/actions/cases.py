"""Who works at which customer, and how he is to be dealt with."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import available_timezones

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.errors import Conflict, DomainError, NotFound
from core.models import User
from core.permissions import allowed, require
from core.users import Actor, as_row
from core.workdays import today
from dunning import events
from dunning.actions.refresh import refresh_cases
from dunning.models import Case
from dunning.queries.cases import get_case, possible_collectors, visible_cases
from dunning.queries.order import NOW, moment, ordered_page, waiting
from dunning.queries.settings import dunning_rule

SET_FIELDS = (
    "time_zone", "opens_at", "lunch_from", "lunch_to", "closes_at", "goal", "minimum", "cease_contact",
)  # fmt: skip
"""What `set_case` may change."""
LOOKED_AT = 25
"""Customers looked at in one go for the next to take up."""
LONGEST_PAUSE = timedelta(days=366)


@transaction.atomic
def claim_case(*, by: Actor, account_id: int) -> Case:
    """Take a customer up: for a while he is nobody else's to call. Conflict (409) when a colleague has him just now."""
    require(by, "dunning.collect")
    case = get_case(by, account_id, lock=True)
    refuse_claimed(by, case)
    return _claim(by, case, timezone.now())


@transaction.atomic
def claim_next(*, by: Actor, at: datetime | None = None, but: Collection[int] = ()) -> Case | None:
    """Take up the first customer of my queue whom a call may be made to at `at` and nobody has; None when there is none.

    Any number of collectors may ask at once: each gets another customer and none waits. `but` are accounts passed over.
    """
    require(by, "dunning.collect")
    at = at or timezone.now()
    now = moment(at)
    free = Q(claimed_by=None) | Q(claimed_until__lte=at)
    rows = waiting(by, at).filter(free).exclude(account__in=list(but))
    after = ""
    while True:
        page = ordered_page(rows, now, size=LOOKED_AT, after=after)
        for row in page.rows:
            if row["slot"] < NOW:
                return None
            # Whoever has it locked is just taking it up.
            first = rows.filter(pk=row["id"]).select_for_update(no_key=True, skip_locked=True, of=("self",)).first()
            if first:
                return _claim(by, first, at)
        if not page.after:
            return None
        after = page.after


@transaction.atomic
def release_case(*, by: Actor, account_id: int) -> Case:
    """Give a customer back that I took up. A manager may give back what a colleague took up; else Conflict (409)."""
    require(by, "dunning.collect")
    case = get_case(by, account_id, lock=True)
    if not allowed(by, "dunning.assign"):
        refuse_claimed(by, case)
    case.claimed_by = case.claimed_until = None
    case.save(update_fields=["claimed_by", "claimed_until"])
    return case


def refuse_claimed(by: Actor, case: Case) -> None:
    """Raise Conflict while a colleague works at this customer."""
    if held_by_other(by, case):
        raise Conflict(
            _("%(name)s is working at this customer just now.") % {"name": case.claimed_by},
            current=case,
            code="claimed",
        )


def held_by_other(by: Actor, case: Case) -> bool:
    """Whether a colleague has taken the customer up and his time is not over."""
    if case.claimed_by_id is None or case.claimed_by_id == by.pk:
        return False
    return case.claimed_until is not None and case.claimed_until > timezone.now()


def _claim(by: Actor, case: Case, at: datetime) -> Case:
    case.claimed_by = as_row(by)
    case.claimed_until = at + timedelta(minutes=dunning_rule().claim_minutes)
    case.save(update_fields=["claimed_by", "claimed_until"])
    return case


def assign_case(*, by: Actor, account_id: int, collector_id: int | None) -> Case:
    """Give a customer to a collector, or (None) to nobody in particular."""
    assign_cases(by=by, account_ids=[account_id], collector_id=collector_id)
    return get_case(by, account_id)


@transaction.atomic
def assign_cases(*, by: Actor, account_ids: Collection[int], collector_id: int | None) -> int:
    """Give customers to a collector, or (None) to nobody in particular. Returns how many were somebody else's before.

    NotFound for a customer I do not see; DomainError for a collector who may not collect or does not see one of them.
    """
    require(by, "dunning.assign")
    wanted = sorted(set(account_ids))
    for account_id in wanted:
        get_case(by, account_id, lock=True)
    collector = _collector(collector_id, wanted)
    rows = Case.objects.filter(account__in=wanted).order_by("account_id").select_related("account", "collector")
    changed = [case for case in rows.select_for_update(no_key=True, of=("self",)) if case.collector_id != collector_id]
    for case in changed:
        before, case.collector = case.collector, collector
        case.save(update_fields=["collector"])
        audit.record(
            events.CASE_ASSIGNED if collector else events.CASE_UNASSIGNED,
            by=by,
            on=case,
            account_id=case.account_id,
            collector=str(collector or ""),
            before={"collector": str(before or "")},
            after={"collector": str(collector or "")},
        )
    return len(changed)


def _collector(collector_id: int | None, account_ids: Collection[int]) -> User | None:
    if collector_id is None:
        return None
    collector = possible_collectors().filter(pk=collector_id).first()
    if collector is None:
        raise DomainError(_("Choose somebody who may collect."), field="collector")
    if visible_cases(collector).filter(account__in=account_ids).count() < len(account_ids):
        raise DomainError(
            _("%(name)s does not see all of these customers.") % {"name": collector},
            field="collector",
            code="out_of_sight",
        )
    return collector


@transaction.atomic
def pause_case(*, by: Actor, account_id: int, until: date, reason: str) -> Case:
    """No dunning of this customer before the day `until`, with the reason; neither calls nor letters."""
    require(by, "dunning.collect")
    case = get_case(by, account_id, lock=True)
    reason = reason.strip()
    if not reason:
        raise DomainError(_("Say why dunning is held."), field="reason", code="reason_missing")
    if not today() < until <= today() + LONGEST_PAUSE:
        raise DomainError(_("Choose a day from tomorrow on, within a year."), field="until", code="day_passed")
    case.paused_until, case.paused_because = until, reason[:300]
    case.save(update_fields=["paused_until", "paused_because"])
    audit.record(
        events.CASE_PAUSED, by=by, on=case, account_id=case.account_id, until=until, reason=case.paused_because
    )
    return case


@transaction.atomic
def resume_case(*, by: Actor, account_id: int) -> Case:
    """Go on with dunning a customer that was held. DomainError when nothing is held."""
    require(by, "dunning.collect")
    case = get_case(by, account_id, lock=True)
    if case.paused_until is None:
        raise DomainError(_("Dunning is not held here."), code="not_paused")
    case.paused_until, case.paused_because = None, ""
    case.save(update_fields=["paused_until", "paused_because"])
    audit.record(events.CASE_RESUMED, by=by, on=case, account_id=case.account_id)
    return case


@transaction.atomic
def set_case(*, by: Actor, account_id: int, **changes: Any) -> Case:
    """Set a customer's hours and zone, our goal and minimum, and whether he may be contacted at all (SET_FIELDS)."""
    require(by, "dunning.collect")
    unknown = set(changes) - set(SET_FIELDS)
    if unknown:
        raise TypeError(f"set_case takes no {', '.join(sorted(unknown))}")
    case = get_case(by, account_id, lock=True)
    before = {name: getattr(case, name) for name in changes}
    for name, value in changes.items():
        setattr(case, name, value.strip() if isinstance(value, str) else value)
    after = {name: getattr(case, name) for name in changes if getattr(case, name) != before[name]}
    if not after:
        return case
    _check_hours(case)
    case.save(update_fields=list(after))
    audit.record(
        events.CASE_SET,
        by=by,
        on=case,
        account_id=case.account_id,
        before={name: before[name] for name in after},
        after=after,
    )
    return case


def _check_hours(case: Case) -> None:
    if case.time_zone not in available_timezones():
        raise DomainError(_("There is no such time zone."), field="time_zone")
    if not case.opens_at < case.closes_at:
        raise DomainError(_("Their day ends after it begins."), field="closes_at")
    if not case.opens_at <= case.lunch_from <= case.lunch_to <= case.closes_at:
        raise DomainError(_("Lunch lies within their day and ends after it begins."), field="lunch_to")


def note_touch(*, account_id: int, at: datetime, reached: bool = False) -> None:
    """A message went out or a call was made: nothing is sent for a while, and a broken promise was spoken about.

    For the actions of this app that have asked for their right; the case must exist.
    """
    case = Case.objects.select_for_update(no_key=True).filter(account=account_id).first()
    if case is None:
        raise NotFound
    touch(case, at, reached=reached)
    case.save(update_fields=["last_touch_at", "last_reached_at"])
    if reached:
        refresh_cases(account_ids=[account_id])


def touch(case: Case, at: datetime, *, reached: bool) -> None:
    """Set when the customer was last touched, and reached, on a locked case; an older moment changes nothing."""
    case.last_touch_at = max(case.last_touch_at or at, at)
    if reached:
        case.last_reached_at = max(case.last_reached_at or at, at)
