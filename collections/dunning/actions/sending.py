"""Sending approved mails, each once. PostgreSQL decides: a row is claimed with a lease, sent, and settled (assurance §5.1).

The only window is a crash between the mail server's yes and our commit: then the second mail carries the same Message-ID.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from smtplib import SMTPException, SMTPRecipientsRefused

from django.core.mail import EmailMessage
from django.db import transaction
from django.utils import timezone

from core import audit
from core.permissions import require
from core.users import SYSTEM, Actor
from dunning import events
from dunning.actions.cases import note_touch
from dunning.actions.standing import still_true
from dunning.choices import MessageState, SendFailure
from dunning.documents import TypesettingError, typeset
from dunning.documents.messages import file_name, message_document
from dunning.documents.words import word
from dunning.models import Case, Message
from dunning.queries.cases import get_case
from dunning.queries.messages import MOST_ATTEMPTS, get_message, ready_to_send
from dunning.queries.settings import Calendar, dunning_rule, hours_of
from dunning.rules.hours import next_writing

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=2)
"""Longer than typesetting and the mail server's time-outs together."""
BACK_OFF = timedelta(minutes=5)
BATCH = 50


@dataclass(frozen=True)
class Claim:
    """A message that was taken up: to be sent now, or put off, sent back or left out."""

    message: Message
    may_send: bool


@dataclass(frozen=True)
class Sent:
    """What became of one message."""

    message_id: int
    state: MessageState


def send_messages(*, by: Actor = SYSTEM, at: datetime | None = None, limit: int = BATCH) -> list[Sent]:
    """Send what is approved and may leave now, one after the other, at most `limit`. Any number of senders may run at once."""
    require(by, "dunning.send")
    done: list[Sent] = []
    for _turn in range(limit):
        now = at or timezone.now()
        claim = claim_message(by=by, at=now)
        if claim is None:
            break
        if claim.may_send:
            done.append(Sent(claim.message.pk, _deliver(by, claim.message, now)))
    return done


@transaction.atomic
def claim_message(*, by: Actor = SYSTEM, at: datetime) -> Claim | None:
    """Take the next mail that is ready. Outside their hours it is put off; one that is true no longer goes back or out."""
    require(by, "dunning.send")
    rows = ready_to_send(at).select_for_update(skip_locked=True, no_key=True, of=("self",))
    message: Message | None = rows.select_related("account", "contact", "step", "promise", "approved_by").first()
    if message is None:
        return None
    was_cut_short = message.state == MessageState.SENDING  # its sender died, perhaps after the mail left: same again
    if was_cut_short and message.attempts >= MOST_ATTEMPTS:
        _fail(by, message, at, SendFailure.NOT_TAKEN, TimeoutError("every sender died"))
        return Claim(message, may_send=False)
    opening = _opening(message, at)
    if opening > at:
        message.not_before = message.lease_until = opening
        message.save(update_fields=["not_before", "lease_until"])
        return Claim(message, may_send=False)
    if not was_cut_short and not still_true(message, timezone.localdate(at)):
        return Claim(message, may_send=False)
    message.state, message.lease_until, message.attempts = MessageState.SENDING, at + LEASE, message.attempts + 1
    message.save(update_fields=["state", "lease_until", "attempts"])
    return Claim(message, may_send=True)


def _opening(message: Message, at: datetime) -> datetime:
    """When the customer's hours and working days next allow a mail."""
    case = Case.objects.filter(account=message.account_id).first() or Case()
    return next_writing(at, hours_of(case), Calendar(timezone.localdate(at)).of(case.time_zone))


def _deliver(by: Actor, message: Message, at: datetime) -> MessageState:
    """Outside any transaction: typeset, keep the PDF, hand it to the mail server, then settle the row."""
    try:
        if message.pdf is None:
            message.pdf = typeset(*message_document(message, timezone.localdate()))
            Message.objects.filter(pk=message.pk, attempts=message.attempts).update(pdf=message.pdf)
        mail_of(message).send()
    except TypesettingError as error:
        return _fail(by, message, at, SendFailure.NO_PDF, error)
    except SMTPRecipientsRefused as error:
        return _fail(by, message, at, SendFailure.BAD_ADDRESS, error, final=True)
    except SMTPException as error:
        return _fail(by, message, at, SendFailure.NOT_TAKEN, error)
    except OSError as error:
        return _fail(by, message, at, SendFailure.NO_SERVER, error)
    return _settle(by, message)


def mail_of(message: Message) -> EmailMessage:
    """The mail: the letter's words, the letter as PDF, an identity that a second try shares."""
    rule = dunning_rule()
    closing = word("closing", message.language).replace("\u3000", "")
    text = f"{message.body}\n\n{closing}\n{rule.sender_name}\n{rule.sender_address}".strip()
    mail = EmailMessage(
        message.subject,
        f"{text}\n",
        to=[message.to],
        reply_to=[message.approved_by.email] if message.approved_by else None,
        headers={"Message-ID": message.message_id},
    )
    mail.attach(file_name(message), bytes(message.pdf or b""), "application/pdf")
    return mail


@transaction.atomic
def _settle(by: Actor, message: Message) -> MessageState:
    """Say that it is sent, once: only the attempt that holds the row may."""
    now = timezone.now()
    mine = Message.objects.filter(pk=message.pk, state=MessageState.SENDING, attempts=message.attempts)
    if not mine.update(state=MessageState.SENT, sent_at=now, lease_until=None, not_before=None, error=""):
        return MessageState(get_message(SYSTEM, message.pk).state)
    get_case(SYSTEM, message.account_id, lock=True)
    note_touch(account_id=message.account_id, at=now)
    audit.record(
        events.MESSAGE_SENT,
        by=message.approved_by or by,
        on=message,
        account_id=message.account_id,
        to=message.to,
        subject=message.subject,
    )
    return MessageState.SENT


@transaction.atomic
def _fail(
    by: Actor, message: Message, at: datetime, why: SendFailure, error: Exception, *, final: bool = False
) -> MessageState:
    """Keep why, and try again later and later; after the last attempt, or where it is no use, only when a person says so."""
    log.warning("Message %s, attempt %s: %s", message.pk, message.attempts, error)
    final = final or message.attempts >= MOST_ATTEMPTS
    wait = None if final else at + BACK_OFF * 2 ** (message.attempts - 1)
    mine = Message.objects.filter(pk=message.pk, state=MessageState.SENDING, attempts=message.attempts)
    mine.update(state=MessageState.FAILED, error=why, lease_until=None, not_before=wait)
    if final:
        audit.record(
            events.MESSAGE_FAILED,
            by=by,
            on=message,
            account_id=message.account_id,
            subject=message.subject,
            reason=why.label,
        )
    return MessageState.FAILED
