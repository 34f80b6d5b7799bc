"""Looking at proposed letters: changing words, leaving one out, approving, and trying again what failed."""

from __future__ import annotations

from collections.abc import Collection

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from core import audit
from core.errors import Conflict, DomainError
from core.permissions import require
from core.users import Actor, as_row
from dunning import events
from dunning.choices import MessageState, StepChannel
from dunning.models import Message
from dunning.queries.messages import get_message
from dunning.queries.settings import dunning_rule
from dunning.rules.wording import apologies


@transaction.atomic
def approve_messages(*, by: Actor, message_ids: Collection[int] | None = None) -> int:
    """Let these letters go, or (None) all that wait for a look. Mails are sent by themselves, letters go to the print queue.

    Ids that no longer wait are passed over. Returns how many were approved.
    """
    require(by, "dunning.send")
    rows = Message.objects.visible_to(by).filter(state=MessageState.PROPOSED)
    rows = rows if message_ids is None else rows.filter(pk__in=message_ids)
    ids = list(rows.order_by("id").select_for_update(no_key=True, of=("self",)).values_list("pk", flat=True))
    if not ids:
        return 0
    Message.objects.filter(pk__in=ids).update(
        state=MessageState.APPROVED, approved_by=as_row(by), skipped_because="", not_before=None, attempts=0, error=""
    )
    audit.record(events.MESSAGES_APPROVED, by=by, on=dunning_rule(lock=True), count=len(ids), ids=ids[:1000])
    return len(ids)


@transaction.atomic
def edit_message(
    *,
    by: Actor,
    message_id: int,
    subject: str,
    body: str,
    to: str | None = None,
    channel: StepChannel | None = None,
) -> Message:
    """Change the words of a letter that still waits for a look, where it goes, or whether it is mailed or posted."""
    require(by, "dunning.send")
    message = _waiting(by, message_id)
    subject, body = " ".join(subject.split()), body.strip()
    to = message.to if to is None else to.strip()
    channel = StepChannel(channel or message.channel)
    _check(subject, body, to, channel)
    message.subject, message.body, message.to, message.channel = subject, body, to, channel
    message.save(update_fields=["subject", "body", "to", "channel"])
    audit.record(events.MESSAGE_EDITED, by=by, on=message, account_id=message.account_id, subject=message.subject)
    return message


@transaction.atomic
def skip_message(*, by: Actor, message_id: int, reason: str) -> Message:
    """Leave a letter out, with the reason; not one that is under way. The next one comes at the next rung."""
    require(by, "dunning.send")
    message = get_message(by, message_id, lock=True)
    reason = reason.strip()
    if not reason:
        raise DomainError(_("Say why it is left out."), field="reason", code="reason_missing")
    is_printed = message.state == MessageState.SENDING and message.channel == StepChannel.LETTER
    if message.state not in {MessageState.PROPOSED, MessageState.APPROVED, MessageState.FAILED} and not is_printed:
        raise Conflict(_("This letter is under way or sent already."), current=message, code="under_way")
    message.state, message.skipped_because = MessageState.SKIPPED, reason[:200]
    message.save(update_fields=["state", "skipped_because"])
    audit.record(
        events.MESSAGE_SKIPPED,
        by=by, on=message, account_id=message.account_id, subject=message.subject, reason=message.skipped_because,
    )  # fmt: skip
    return message


@transaction.atomic
def retry_message(*, by: Actor, message_id: int, to: str | None = None) -> Message:
    """Send a letter again that could not be sent, to another address if one is given; at once, with all its attempts anew."""
    require(by, "dunning.send")
    message = get_message(by, message_id, lock=True)
    if message.state != MessageState.FAILED:
        raise Conflict(_("Only a letter that failed is sent again."), current=message, code="not_failed")
    to = message.to if to is None else to.strip()
    _check(message.subject, message.body, to, StepChannel(message.channel))
    message.state, message.attempts, message.not_before, message.error, message.to = "approved", 0, None, "", to
    message.approved_by = as_row(by)
    message.save(update_fields=["state", "attempts", "not_before", "error", "to", "approved_by"])
    audit.record(events.MESSAGE_RETRIED, by=by, on=message, account_id=message.account_id, subject=message.subject)
    return message


def _waiting(by: Actor, message_id: int) -> Message:
    message = get_message(by, message_id, lock=True)
    if message.state != MessageState.PROPOSED:
        raise Conflict(_("This letter does not wait for a look any more."), current=message, code="not_waiting")
    return message


def _check(subject: str, body: str, to: str, channel: StepChannel) -> None:
    if not subject or len(subject) > 200:
        raise DomainError(_("A letter has a subject of at most 200 characters."), field="subject")
    if not body:
        raise DomainError(_("A letter has words."), field="body")
    if found := apologies(f"{subject}\n{body}"):
        raise DomainError(
            _("“%(phrase)s”: we are entitled to the money; leave that out.") % {"phrase": found[0]},
            field="body",
            code="apology",
        )
    if channel == StepChannel.MAIL and not to:
        raise DomainError(_("An e-mail needs an address."), field="to", code="address_missing")
    if to:
        try:
            validate_email(to)
        except ValidationError as wrong:
            raise DomainError(_("“%(value)s” is not an email address.") % {"value": to}, field="to") from wrong
