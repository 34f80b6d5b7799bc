"""Letters on paper: printing them together, saying that they were posted, and the proof that one arrived."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.errors import Conflict, DomainError
from core.permissions import require
from core.users import Actor
from core.workdays import today
from dunning import events
from dunning.actions.cases import note_touch
from dunning.actions.standing import still_true
from dunning.choices import MessageKind, MessageState
from dunning.documents import TypesettingError, typeset
from dunning.documents.messages import message_document, reference
from dunning.models import Message
from dunning.queries.cases import get_case
from dunning.queries.messages import PRINTED, TO_PRINT, get_message
from dunning.queries.settings import dunning_rule
from receivables.actions import note_interruption
from receivables.choices import InterruptionKind

MOST_AT_ONCE = 100


@transaction.atomic
def print_letters(*, by: Actor, message_ids: Collection[int] | None = None) -> list[int]:
    """Set these approved letters (None: all) as PDF and take them out of the queue until they are posted; at most 100.

    A letter that is true no longer goes back to be looked at. Returns the ids of the printed ones.
    """
    require(by, "dunning.send")
    rows = Message.objects.visible_to(by).filter(TO_PRINT)
    rows = rows if message_ids is None else rows.filter(pk__in=message_ids)
    rows = rows.select_related("account", "contact", "step", "promise").order_by("id")
    printed = []
    for message in rows.select_for_update(no_key=True, of=("self",))[:MOST_AT_ONCE]:
        if not still_true(message, today()):
            continue
        try:
            message.pdf = typeset(*message_document(message, today()))
        except TypesettingError as error:
            raise DomainError(_("The PDF of %(name)s could not be made.") % {"name": message.account}) from error
        message.state = MessageState.SENDING
        message.save(update_fields=["pdf", "state"])
        printed.append(message.pk)
    if printed:
        audit.record(events.LETTERS_PRINTED, by=by, on=dunning_rule(lock=True), count=len(printed), ids=printed)
    return printed


@transaction.atomic
def post_letters(*, by: Actor, message_ids: Collection[int] | None = None) -> int:
    """Say that these printed letters (None: all) are in the post. Returns how many; from now on they count as sent."""
    require(by, "dunning.send")
    rows = Message.objects.visible_to(by).filter(PRINTED)
    rows = rows if message_ids is None else rows.filter(pk__in=message_ids)
    now = timezone.now()
    posted = list(rows.defer("pdf").order_by("account_id", "id").select_for_update(no_key=True, of=("self",)))
    for message in posted:
        message.state, message.sent_at = MessageState.SENT, now
        message.save(update_fields=["state", "sent_at"])
        get_case(by, message.account_id, lock=True)
        note_touch(account_id=message.account_id, at=now)
        audit.record(events.LETTER_POSTED, by=by, on=message, account_id=message.account_id, subject=message.subject)
    return len(posted)


@transaction.atomic
def record_arrival(*, by: Actor, message_id: int, on: date, how: str) -> Message:
    """Keep the proof that a sent letter arrived, or that its signed copy came back. Once; with evidence only.

    A formal demand and a signed statement interrupt the limitation of the invoices they name, a confirmation as a
    promise in writing (C14, Civil Code 195).
    """
    require(by, "dunning.send")
    message = get_message(by, message_id, lock=True)
    how = how.strip()
    if message.state != MessageState.SENT:
        raise Conflict(_("Only a letter that was sent can arrive."), current=message, code="not_sent")
    if message.arrived_on:
        raise Conflict(_("Its arrival is on record already."), current=message, code="arrived")
    if not how:
        raise DomainError(_("Say what proves it: the waybill, the signed slip, their answer."), field="how")
    sent_on = timezone.localdate(message.sent_at) if message.sent_at else message.on
    if not sent_on <= on <= today():
        raise DomainError(_("It arrived between the day it was sent and today."), field="on", code="day_wrong")
    message.arrived_on, message.arrived_how = on, how[:200]
    message.save(update_fields=["arrived_on", "arrived_how"])
    audit.record(
        events.MESSAGE_ARRIVED,
        by=by,
        on=message,
        account_id=message.account_id,
        subject=message.subject,
        day=on,
        proof=message.arrived_how,
    )
    if kind := INTERRUPTS.get(MessageKind(message.kind)):
        note_interruption(
            by=by,
            account_id=message.account_id,
            kind=kind,
            evidence=f"{reference(message)}: {how}"[:500],
            on=on,
            invoice_ids=_interrupted(message),
            key=f"dunning:{message.pk}",
        )
    return message


INTERRUPTS = {
    MessageKind.DEMAND: InterruptionKind.DEMAND,
    MessageKind.STATEMENT: InterruptionKind.STATEMENT,
    MessageKind.CONFIRMATION: InterruptionKind.PROMISE,
}
"""Which letters restart the three years once their arrival, or the signed copy, is proved."""


def _interrupted(message: Message) -> list[int]:
    """The invoices a letter is about; none means all the customer owed on that day."""
    named = list(message.lines.values_list("invoice", flat=True))
    if not named and message.promise:
        named = list(message.promise.invoices.values_list("pk", flat=True))
    return named
