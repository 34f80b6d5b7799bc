"""The person: adding and editing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Account
from accounts.queries import get_account
from core import audit
from core.changes import apply_changes, check_version
from core.channels import as_rows, clean_channels, in_words
from core.errors import DomainError
from core.models import User
from core.permissions import allowed, require
from core.search import search_columns
from core.tags import clean_tags
from core.users import Actor, as_row
from relationships import events
from relationships.actions.positions import open_position
from relationships.models import Contact, ContactChannel, Position
from relationships.queries import contact_channels, get_contact, visible_contacts

CONTACT_FIELDS = ("full_name", "english_name", "salutation", "code", "preferred_language", "tags", "notes")
SEARCHED = ("full_name", "english_name", "code")


@transaction.atomic
def add_contact(
    *,
    by: Actor,
    owner: User | None = None,
    account_id: int | None = None,
    position: dict[str, Any] | None = None,
    channels: Iterable[dict[str, str]] = (),
    **person: Any,
) -> Contact:
    """Note a new person, with a present position if an account is named. A similar name is no reason to refuse."""
    require(by, "contacts.add")
    values = _clean(person)
    _refuse_code_in_use(values.get("code", ""))
    rows = clean_channels(channels)
    account = get_account(by, account_id) if account_id else None
    contact = Contact(owner=_first_owner(by, owner), created_by=as_row(by), **values)
    _index(contact)
    contact.save()
    ContactChannel.objects.bulk_create(ContactChannel(contact=contact, **row) for row in rows)
    audit.record(
        events.CONTACT_ADDED,
        by=by, on=contact, account_id=account.pk if account else None, name=contact.full_name, contact_id=contact.pk,
    )  # fmt: skip
    if account:
        open_position(by, contact, account, position or {})
    return contact


@transaction.atomic
def edit_contact(
    *,
    by: Actor,
    contact_id: int,
    version: int | None = None,
    channels: Iterable[dict[str, str]] | None = None,
    owner: User | None = None,
    **person: Any,
) -> Contact:
    """Change the person; what is not given stays. Conflict (409) when `version` is no longer the contact's."""
    require(by, "contacts.edit")
    contact = get_contact(by, contact_id, lock=True)
    yours = person if channels is None else {**person, "channels": list(channels)}
    check_version(contact, version, yours)
    values = _clean(person)
    if values.get("code"):
        _refuse_code_in_use(values["code"], but=contact.pk)
    if owner is not None and owner.pk != contact.owner_id:
        values["owner"] = _next_owner(by, contact, owner)
    rows = None if channels is None else clean_channels(channels)
    before, after = apply_changes(contact, values)
    if not set(after).isdisjoint(SEARCHED):
        contact.save(update_fields=_index(contact))
    _replace_channels(contact, rows, before, after)
    if after:
        audit.record(events.CONTACT_EDITED, by=by, on=contact, before=before, after=after, name=contact.full_name)
    return contact


@transaction.atomic
def transfer_contacts(*, by: Actor, record: Account, former: User, owner: User) -> list[Contact]:
    """Give the former owner's people at an account to the new one; who also works at another account of his stays with him."""
    require(by, "accounts.transfer")
    elsewhere = Position.objects.current().filter(account__owner=former).exclude(account=record)
    here = Position.objects.current().filter(account=record)
    found = visible_contacts(by).filter(owner=former, pk__in=here.values("contact"))
    rows = found.exclude(pk__in=elsewhere.values("contact")).order_by("pk")
    contacts = list(rows.select_for_update(no_key=True, of=("self",)))
    for contact in contacts:
        before, after = apply_changes(contact, {"owner": owner})
        audit.record(
            events.CONTACT_TRANSFERRED,
            by=by, on=contact, account_id=record.pk, before=before, after=after,
            name=contact.full_name, from_owner=str(former), to_owner=str(owner), contact_id=contact.pk,
        )  # fmt: skip
    return contacts


def _clean(values: dict[str, Any]) -> dict[str, Any]:
    if strangers := set(values) - set(CONTACT_FIELDS):
        raise TypeError(f"not fields of a contact: {', '.join(sorted(strangers))}")
    for name in ("full_name", "english_name", "salutation", "code"):
        if name in values:
            values[name] = " ".join(values[name].split())
    if "full_name" in values and not values["full_name"]:
        raise DomainError(_("A contact needs a name."), field="full_name")
    if "tags" in values:
        values["tags"] = clean_tags(values["tags"])
    return values


def _first_owner(by: Actor, owner: User | None) -> User:
    owner = owner or as_row(by)
    if owner is None:
        raise DomainError(_("Say who owns the contact."), field="owner")
    if owner.pk != by.pk and not allowed(by, "accounts.transfer"):
        raise DomainError(_("You can add contacts for yourself only."), field="owner")
    return owner


def _next_owner(by: Actor, contact: Contact, owner: User) -> User:
    """The owner himself, or somebody who may transfer accounts, hands a contact over."""
    if by.pk != contact.owner_id and not allowed(by, "accounts.transfer"):
        raise DomainError(
            _("Only %(name)s or a manager can hand this contact over.") % {"name": contact.owner}, field="owner"
        )
    if not owner.is_active:
        raise DomainError(_("%(name)s no longer works here.") % {"name": owner}, field="owner")
    return owner


def _refuse_code_in_use(code: str, *, but: int = 0) -> None:
    if code and Contact.objects.filter(code=code).exclude(pk=but).exists():
        raise DomainError(_("Another contact has this code already."), field="code", code="duplicate")


def _index(contact: Contact) -> list[str]:
    """Set what search looks at; the names of those columns."""
    columns = search_columns(*(getattr(contact, name) for name in SEARCHED), person=True)
    for name, value in columns.items():
        setattr(contact, name, value)
    return list(columns)


def _replace_channels(
    contact: Contact, rows: list[dict[str, str]] | None, before: dict[str, Any], after: dict[str, Any]
) -> None:
    """Put `rows` in place of the stored channels if they differ, and note it in before/after."""
    old = as_rows(contact_channels(contact)) if rows is not None else None
    if rows is None or rows == old:
        return
    contact.channels.all().delete()
    ContactChannel.objects.bulk_create(ContactChannel(contact=contact, **row) for row in rows)
    if not after:
        contact.version += 1
        contact.save(update_fields=["version", "updated_at"])
    before["channels"], after["channels"] = in_words(old or []), in_words(rows)
