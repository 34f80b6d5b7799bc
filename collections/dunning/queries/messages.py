"""Letters and mails, one by one and as worklists. The user comes first; what he may not see does not exist."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Q, QuerySet

from core.errors import NotFound
from core.users import Actor
from dunning.choices import LeftOut, MessageState, StepChannel
from dunning.models import Case, LadderStep, Message
from dunning.queries.reached import invoices_lacking_papers
from receivables.models import Invoice, SupplyHold
from receivables.queries.facts import visible_invoices

MOST_ATTEMPTS = 5
TO_REVIEW = Q(state=MessageState.PROPOSED)
TO_PRINT = Q(state=MessageState.APPROVED, channel=StepChannel.LETTER)
PRINTED = Q(state=MessageState.SENDING, channel=StepChannel.LETTER)
TO_SEND = Q(state__in=[MessageState.APPROVED, MessageState.SENDING], channel=StepChannel.MAIL)
FAILED = Q(state=MessageState.FAILED)
SENT = Q(state=MessageState.SENT)
LEFT_OUT = Q(state=MessageState.SKIPPED)


@dataclass(frozen=True)
class MessageCounts:
    """How many messages lie where."""

    to_review: int
    to_print: int
    printed: int
    to_send: int
    failed: int


def visible_messages(by: Actor) -> QuerySet[Message, Message]:
    """Messages to accounts this person sees, without their PDF."""
    return Message.objects.visible_to(by).defer("pdf")


def get_message(by: Actor, message_id: int, *, lock: bool = False) -> Message:
    """One message with its account and rung. NotFound for any other account's."""
    rows: QuerySet[Message, Message] = Message.objects.visible_to(by)
    rows = rows.select_for_update(no_key=True, of=("self",)) if lock else rows
    found = rows.select_related("account", "contact", "step", "promise", "approved_by").filter(pk=message_id).first()
    if found is None:
        raise NotFound
    return found


def messages_where(by: Actor, where: Q, *, before: int | None = None) -> QuerySet[Message, Message]:
    """Messages of one worklist, newest first; with `before` those older than this one."""
    rows = visible_messages(by).filter(where).select_related("account", "step", "contact").order_by("-id")
    return rows.filter(pk__lt=before) if before else rows


def printed_letters(by: Actor) -> list[bytes]:
    """The PDFs of the printed letters that wait to be posted."""
    rows = Message.objects.visible_to(by).filter(PRINTED).order_by("id")
    return [bytes(pdf) for pdf in rows.values_list("pdf", flat=True) if pdf]


def message_counts(by: Actor) -> MessageCounts:
    """How many messages wait where; one statement over those still to be dealt with."""
    pending = visible_messages(by).filter(state__in=["proposed", "approved", "sending", "failed"]).order_by()
    return MessageCounts(
        **pending.aggregate(
            to_review=Count("pk", filter=TO_REVIEW),
            to_print=Count("pk", filter=TO_PRINT),
            printed=Count("pk", filter=PRINTED),
            to_send=Count("pk", filter=TO_SEND),
            failed=Count("pk", filter=FAILED),
        )
    )


def ready_to_send(at: datetime) -> QuerySet[Message, Message]:
    """Mails that may be claimed now: approved ones, failed ones whose time has come, those whose sender died."""
    waited = Q(not_before=None) | Q(not_before__lte=at)
    ready = (
        Q(state=MessageState.APPROVED) & waited
        | Q(state=MessageState.FAILED, not_before__lte=at)
        | Q(state=MessageState.SENDING, lease_until__lte=at)
    )
    return Message.objects.filter(ready, channel=StepChannel.MAIL).order_by("id")


def ladder(*, retired: bool = False) -> list[LadderStep]:
    """The rungs in use, lowest first; or those that were retired."""
    return list(LadderStep.objects.filter(is_active=not retired).order_by("days", "id"))


def get_step(step_id: int, *, lock: bool = False) -> LadderStep:
    """One rung. Everybody who may set the ladder sees all of it."""
    rows = LadderStep.objects.select_for_update() if lock else LadderStep.objects.all()
    found = rows.filter(pk=step_id).first()
    if found is None:
        raise NotFound
    return found


def lacking_papers(by: Actor, on: date, limit: int = 20) -> tuple[int, Sequence[Invoice]]:
    """Invoices on the ladder that no letter names until their papers are right: how many, and the largest."""
    rows = visible_invoices(by).filter(pk__in=invoices_lacking_papers(on)).select_related("account")
    largest = list(rows.order_by("-open_amount", "id")[: limit + 1])
    return len(largest) if len(largest) <= limit else rows.count(), largest[:limit]


def proposed_holds(by: Actor, limit: int = 50) -> list[Case]:
    """Customers whom the ladder proposes to supply no longer, the largest first."""
    held = SupplyHold.objects.filter(lifted_on=None).values("account")
    rows = Case.objects.visible_to(by).filter(hold_proposed_on__isnull=False, overdue_amount__gt=0)
    return list(rows.exclude(account__in=held).select_related("account").order_by("-value", "id")[:limit])


def left_out_because(message: Message) -> str:
    """Why a message was left out, in words: ours, or the person's own."""
    text = message.skipped_because
    return str(LeftOut(text).label) if text in LeftOut.values else text
