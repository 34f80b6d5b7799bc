"""The chats in which a person is told."""

from __future__ import annotations

from uuid import uuid4

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from core import audit
from core.chat import Undelivered, chat_address, send_chat
from core.errors import DomainError
from core.models import User
from core.permissions import require
from reminders import events
from reminders.choices import Channel
from reminders.models import ChatAddress, Preference
from reminders.queries import chat_addresses, database_now, get_chat_address

MOST = 5


def add_chat_address(*, by: User, url: str, label: str = "", secret: str = "") -> ChatAddress:
    """Keep the address of one's bot. Refused when it is none, lies inside our network, or is kept already."""
    require(by, "reminders.use")
    try:
        found = chat_address(url)  # asks for the name's number: not within a transaction
    except DomainError as refusal:
        raise DomainError(refusal.message, field="url", code=refusal.code) from refusal
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).get(pk=by.pk)
        if len(chat_addresses(by)) >= MOST:
            raise DomainError(_("Five chats are enough. Remove one first."), field="url")
        try:
            with transaction.atomic():
                row = ChatAddress.objects.create(
                    user=by,
                    kind=found.kind,
                    url=found.url,
                    label=label.strip()[:60] or found.label,
                    secret=secret.strip(),
                )
        except IntegrityError as error:
            raise DomainError(_("This chat stands in your list already."), field="url") from error
        audit.record(events.CHAT_ADDED, by=by, on=row, label=row.label)
    return row


@transaction.atomic
def remove_chat_address(*, by: User, address_id: int) -> None:
    """Forget one of one's chats. With the last one, nothing is told by chat any more."""
    require(by, "reminders.use")
    row = get_chat_address(by, address_id)
    audit.record(events.CHAT_REMOVED, by=by, on=row, label=row.label)
    row.delete()
    if not chat_addresses(by):
        Preference.objects.filter(user=by, channel=Channel.CHAT).delete()


def try_chat_address(*, by: User, address_id: int) -> ChatAddress:
    """Send a word into one of one's chats and keep what came of it: `last_error` is empty when it was taken."""
    require(by, "reminders.use")
    row = get_chat_address(by, address_id)
    try:
        send_chat(
            row.url,
            title=_("A test from %(company)s") % {"company": settings.COMPANY_NAME},
            text=_("Reminders for %(name)s will come here.") % {"name": by},
            key=f"test-{uuid4().hex}",
            secret=row.secret,
        )
        error = ""
    except Undelivered as failure:
        error = failure.reason[:400]
    with transaction.atomic():
        ChatAddress.objects.filter(pk=row.pk).update(last_at=database_now(), last_error=error)
        audit.record(events.CHAT_TESTED, by=by, on=row, label=row.label, outcome=error or "ok")
    row.refresh_from_db()
    return row
