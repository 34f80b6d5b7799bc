"""What somebody writes down about an account."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import events
from accounts.models import AccountNote
from accounts.queries import get_account
from core import audit
from core.errors import DomainError
from core.permissions import require
from core.users import Actor, as_row
from core.workdays import today

LONGEST = 10_000


@transaction.atomic
def add_note(*, by: Actor, account_id: int, body: str, contacted_on: date | None = None) -> AccountNote:
    """Write a note, as of now. With `contacted_on` it tells of a talk that day, which moves the last contact forward."""
    require(by, "accounts.note")
    account = get_account(by, account_id, lock=True)
    body = body.strip()
    if not body:
        raise DomainError(_("Write something first."), field="body")
    if len(body) > LONGEST:
        raise DomainError(_("A note has at most %(count)s characters.") % {"count": LONGEST}, field="body")
    if contacted_on and contacted_on > today():
        raise DomainError(_("That day is still to come."), field="contacted_on")
    note = AccountNote.objects.create(
        account=account, body=body, by=as_row(by), at=timezone.now(), contacted_on=contacted_on
    )
    if contacted_on and (account.last_contact_on is None or contacted_on > account.last_contact_on):
        account.last_contact_on = contacted_on
        account.save(update_fields=["last_contact_on"])
    audit.record(events.NOTE_ADDED, by=by, on=account, account_id=account.pk, contacted_on=contacted_on)
    return note
