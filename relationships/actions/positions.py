"""What a person is at an account: taking a position, changing it, leaving it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError, RestrictedError
from django.utils.translation import gettext as _

from accounts.models import Account
from accounts.queries import get_account
from core import audit
from core.changes import apply_changes, check_version
from core.errors import DomainError
from core.permissions import require
from core.users import Actor
from relationships import events
from relationships.choices import ContactRole
from relationships.models import Contact, Position
from relationships.queries import get_contact, get_position

POSITION_FIELDS = ("title", "department", "roles", "started_on", "ended_on")


@transaction.atomic
def add_position(*, by: Actor, contact_id: int, account_id: int, **values: Any) -> Position:
    """Note that the person works (or worked) at an account. Only one present position per account."""
    require(by, "contacts.edit")
    contact = get_contact(by, contact_id, lock=True)
    return open_position(by, contact, get_account(by, account_id), values)


@transaction.atomic
def edit_position(*, by: Actor, position_id: int, version: int | None = None, **values: Any) -> Position:
    """Change title, department, roles or dates. Conflict (409) when `version` is no longer the position's."""
    require(by, "contacts.edit")
    position = get_position(by, position_id, lock=True)
    check_version(position, version, values)
    values = _clean(values)
    _refuse_wrong_dates(values.get("started_on", position.started_on), values.get("ended_on", position.ended_on))
    with _one_at_a_time(position.contact, position.account):
        before, after = apply_changes(position, values)
    if after:
        _record(events.POSITION_EDITED, by, position, before, after)
    return position


@transaction.atomic
def end_position(*, by: Actor, position_id: int, ended_on: date, version: int | None = None) -> Position:
    """The person left the account. The position stays as history."""
    require(by, "contacts.edit")
    position = get_position(by, position_id, lock=True)
    check_version(position, version, {"ended_on": ended_on})
    if position.ended_on:
        raise DomainError(_("This position has ended already."), field="ended_on")
    _refuse_wrong_dates(position.started_on, ended_on)
    before, after = apply_changes(position, {"ended_on": ended_on})
    _record(events.POSITION_ENDED, by, position, before, after)
    return position


@transaction.atomic
def delete_position(*, by: Actor, position_id: int, version: int | None = None) -> Position:
    """Take back a position entered by mistake; the trail keeps what it said. Refused when other records point at it."""
    require(by, "contacts.edit")
    position = get_position(by, position_id, lock=True)
    check_version(position, version)
    _record(events.POSITION_DELETED, by, position, {name: getattr(position, name) for name in POSITION_FIELDS}, {})
    try:
        Position.objects.filter(pk=position.pk).delete()
    except (ProtectedError, RestrictedError) as error:
        raise DomainError(
            _("Other records name this position. If the person left, end it instead."), code="in_use"
        ) from error
    return position


def open_position(by: Actor, contact: Contact, account: Account, values: dict[str, Any]) -> Position:
    """Insert a position and tell of it; the caller has asked for the right and locked the person."""
    values = _clean(values)
    _refuse_wrong_dates(values.get("started_on"), values.get("ended_on"))
    with _one_at_a_time(contact, account):
        position = Position.objects.create(contact=contact, account=account, **values)
    _record(events.POSITION_ADDED, by, position, {}, {name: value for name, value in values.items() if value})
    return position


def _clean(values: dict[str, Any]) -> dict[str, Any]:
    if strangers := set(values) - set(POSITION_FIELDS):
        raise TypeError(f"not fields of a position: {', '.join(sorted(strangers))}")
    for name in ("title", "department"):
        if name in values:
            values[name] = " ".join(values[name].split())
    if "roles" in values:
        chosen = set(values["roles"])
        if not chosen <= set(ContactRole.values):
            raise DomainError(_("Choose roles from the list."), field="roles")
        values["roles"] = [role for role in ContactRole.values if role in chosen]
    return values


def _refuse_wrong_dates(started_on: date | None, ended_on: date | None) -> None:
    if started_on and ended_on and ended_on < started_on:
        raise DomainError(_("A position ends after it starts."), field="ended_on")


@contextmanager
def _one_at_a_time(contact: Contact, account: Account) -> Iterator[None]:
    """Turns the database's refusal of a second present position into a sentence."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        if "position_current_once" not in str(error):
            raise
        raise DomainError(
            _("%(name)s has a present position at %(account)s already.") % {"name": contact, "account": account},
            field="account",
            code="duplicate",
        ) from error


def _record(event: Any, by: Actor, position: Position, before: dict[str, Any], after: dict[str, Any]) -> None:
    audit.record(
        event,
        by=by, on=position, account_id=position.account_id, before=before, after=after,
        name=position.contact.full_name, account=str(position.account), title=position.title or "–",
        contact_id=position.contact_id,
    )  # fmt: skip
