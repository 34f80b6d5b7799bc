"""Adding, editing, planning and handing over a prospect."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Account
from accounts.queries import get_account
from core import audit
from core.changes import apply_changes, check_version
from core.errors import DomainError
from core.models import Role, User
from core.permissions import require
from core.search import search_columns
from core.users import Actor, as_row
from core.workdays import today
from prospects import events
from prospects.actions.common import (
    check_facts,
    check_next_step,
    keep_account_totals,
    refresh_slipping,
    require_open,
)
from prospects.choices import ChangeKind, Stage
from prospects.models import Prospect, StageChange
from prospects.queries.prospects import get_prospect, visible_prospects
from relationships.queries import get_contact
from reminders.actions import close_settled

ABOUT = ("name", "code", "product", "source", "notes")
LIVE = (
    "amount", "currency", "own_estimate", "first_meeting_on", "decision_on", "start_on", "expected_close_on",
    "next_step", "next_step_on",
)  # fmt: skip
EDITABLE = (*ABOUT, *LIVE, "account_id", "contact_id")
"""What `add_prospect` and `edit_prospect` take. A closed prospect keeps its LIVE fields as they were."""


@transaction.atomic
def add_prospect(*, by: Actor, name: str, owner_id: int | None = None, **fields: Any) -> Prospect:
    """Put a new prospect on the board, as an opportunity (E) of the one who adds it.

    `fields` are those of EDITABLE. Another owner needs the right to transfer. Raises DomainError for a missing name,
    a code in use, a day that has passed.
    """
    require(by, "prospects.add")
    on = today()
    owner = _owner(by, owner_id) if owner_id is not None and owner_id != by.pk else as_row(by)
    if owner is None:
        raise DomainError(_("Say whose prospect it is."), field="owner")
    prospect = Prospect(
        owner=owner, team_id=owner.team_id, stage=Stage.E, entered_stage_on=on, opened_on=on, created_by=as_row(by)
    )
    values = _values(by, prospect, {"name": name, **fields})
    check_facts(prospect, values, on)
    for field, value in values.items():
        setattr(prospect, field, value)
    prospect.save()
    StageChange.objects.create(
        prospect=prospect, to_stage=Stage.E, kind=ChangeKind.OPENED, on=on, at=timezone.now(), by=as_row(by)
    )
    keep_account_totals([prospect.account_id])
    audit.record(
        events.ADDED, by=by, on=prospect, account_id=prospect.account_id, name=prospect.name, stage=Stage.E.letter
    )
    return prospect


@transaction.atomic
def edit_prospect(*, by: Actor, prospect_id: int, version: int | None = None, **changes: Any) -> Prospect:
    """Change fields of EDITABLE; same values change nothing.

    Raises Conflict over somebody's newer edit; DomainError when a prospect above E would lose its next step (R8), a day
    ahead has passed, or a closed one's amounts and dates would change.
    """
    require(by, "prospects.edit")
    prospect = get_prospect(by, prospect_id, lock=True)
    check_version(prospect, version, changes)
    on = today()
    values = _values(by, prospect, changes)
    if not prospect.is_open and any(values[name] != getattr(prospect, name) for name in LIVE if name in values):
        require_open(prospect)
    check_facts(prospect, values, on)
    before_account = prospect.account_id
    step_changes = any(values.get(name, getattr(prospect, name)) != getattr(prospect, name) for name in NEXT_STEP)
    before, after = apply_changes(prospect, values)
    if not after:
        return prospect
    if step_changes:
        check_next_step(Stage(prospect.stage), prospect, on)
    refresh_slipping(by, prospect, on)
    keep_account_totals({before_account, prospect.account_id})
    audit.record(
        events.EDITED,
        by=by,
        on=prospect,
        account_id=prospect.account_id,
        name=prospect.name,
        before=_without_search(before),
        after=_without_search(after),
    )
    return prospect


NEXT_STEP = ("next_step", "next_step_on")


@transaction.atomic
def plan_next_step(
    *, by: Actor, prospect_id: int, next_step: str, next_step_on: date | None, version: int | None = None
) -> Prospect:
    """Say what happens next and when (R8); a slipping card whose next step had passed is sound again.

    Raises DomainError without a step, without a day, or with a day that has passed.
    """
    require(by, "prospects.edit")
    prospect = get_prospect(by, prospect_id, lock=True)
    check_version(prospect, version, {"next_step": next_step.strip(), "next_step_on": next_step_on})
    require_open(prospect)
    put_next_step(by, prospect, next_step, next_step_on)
    return prospect


def put_next_step(by: Actor, prospect: Prospect, next_step: str, next_step_on: date | None) -> None:
    """Write the next step of an open prospect the caller has locked, and tell of it; refuses as `plan_next_step` does."""
    on = today()
    changes = {"next_step": next_step.strip(), "next_step_on": next_step_on}
    if not changes["next_step"]:
        raise DomainError(_("Say what happens next."), field="next_step", code="next_step_missing")
    if not next_step_on or next_step_on < on:
        raise DomainError(_("A next step has a day, today or later."), field="next_step_on", code="next_step_missing")
    before, after = apply_changes(prospect, changes)
    if after:
        refresh_slipping(by, prospect, on)
        keep_account_totals([prospect.account_id])
        audit.record(
            events.NEXT_STEP_PLANNED,
            by=by,
            on=prospect,
            account_id=prospect.account_id,
            name=prospect.name,
            next_step=prospect.next_step,
            next_step_on=next_step_on,
            before=before,
            after=after,
        )
        close_settled(subject_type=Prospect._meta.label_lower, subject_ids=[prospect.pk])


@transaction.atomic
def transfer_prospect(*, by: Actor, prospect_id: int, owner_id: int, version: int | None = None) -> Prospect:
    """Give a prospect to another person; it belongs to his team from now on.

    Raises DomainError when the new owner does not sell or may not sign in.
    """
    require(by, "prospects.transfer")
    prospect = get_prospect(by, prospect_id, lock=True)
    check_version(prospect, version)
    owner = _owner(by, owner_id)
    if owner != prospect.owner:
        _give(by, prospect, owner)
    return prospect


@transaction.atomic
def transfer_open_prospects(*, by: Actor, record: Account, former: User, owner: User) -> list[Prospect]:
    """Give all open prospects that the former owner has at an account to the new one, in the order they were added.

    Raises DomainError when there are any and the new owner does not sell or may not sign in.
    """
    found = (
        visible_prospects(by).filter(account=record, owner=former, outcome="").select_related("owner").order_by("pk")
    )
    prospects = list(found.select_for_update(no_key=True, of=("self",)))
    if prospects:
        require(by, "prospects.transfer")
        heir = _owner(by, owner.pk)
        for prospect in prospects:
            _give(by, prospect, heir)
    return prospects


def _give(by: Actor, prospect: Prospect, owner: User) -> None:
    """Owner, team and the event of it; the caller has locked the row."""
    old = prospect.owner
    before, after = apply_changes(prospect, {"owner": owner, "team_id": owner.team_id})
    audit.record(
        events.TRANSFERRED,
        by=by,
        on=prospect,
        account_id=prospect.account_id,
        name=prospect.name,
        from_owner=old.full_name,
        to_owner=owner.full_name,
        before=before,
        after=after,
    )


def _owner(by: Actor, owner_id: int) -> User:
    """A person who may own a prospect; to name another one needs the right to transfer."""
    require(by, "prospects.transfer")
    owner = User.objects.filter(pk=owner_id, is_active=True, role__in=[Role.REP, Role.MANAGER]).first()
    if owner is None:
        raise DomainError(_("A prospect belongs to a person who sells and may sign in."), field="owner")
    return owner


def _values(by: Actor, prospect: Prospect, given: dict[str, Any]) -> dict[str, Any]:
    """The given fields, checked one by one: names trimmed, account and contact among those the person sees."""
    unknown = set(given) - set(EDITABLE)
    if unknown:
        raise TypeError(f"not editable: {', '.join(sorted(unknown))}")
    values: dict[str, Any] = {name: value.strip() if isinstance(value, str) else value for name, value in given.items()}
    if not values.get("name", prospect.name):
        raise DomainError(_("A prospect needs a name."), field="name")
    code = values.get("code", "")
    if code and code != prospect.code and Prospect.objects.filter(code=code).exists():
        raise DomainError(_("Another prospect has this code."), field="code", code="code_in_use")
    if values.get("account_id") and values["account_id"] != prospect.account_id:
        get_account(by, values["account_id"])
    if values.get("contact_id") and values["contact_id"] != prospect.contact_id:
        get_contact(by, values["contact_id"])
    if "name" in values or "code" in values:
        values |= search_columns(values.get("name", prospect.name), values.get("code", prospect.code))
    return values


def _without_search(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if not name.startswith(("search_", "sort_name"))}
