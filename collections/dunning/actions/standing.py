"""Whether a letter still says the truth when it leaves: asked again for each, however long it waited."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from dunning.actions.proposing import pay_by_of
from dunning.choices import LeftOut, MessageKind, MessageState, PromiseState
from dunning.documents.messages import sender_name
from dunning.documents.wordings import Named, step_words
from dunning.models import Case, Message, MessageLine, Promise
from dunning.queries.reached import spare_money
from dunning.queries.recipients import addressees
from dunning.queries.settings import dunning_rule
from receivables.models import Invoice

ZERO = Decimal(0)
ASKS = (MessageKind.REMINDER, MessageKind.DEMAND)


def still_true(message: Message, on: date) -> bool:
    """Whether the locked message may leave as it is. If not, it is left out, or written anew and sent back to be looked at."""
    against = _reason(message, on)
    if against is None:
        return True
    if against == LeftOut.CHANGED:
        _write_anew(message, on)
    else:
        message.state = MessageState.SKIPPED
    message.skipped_because = against
    message.save()
    return False


def _reason(message: Message, on: date) -> LeftOut | None:
    case = Case.objects.filter(account=message.account_id).first()
    if case and case.cease_contact:
        return LeftOut.CEASED
    if message.kind == MessageKind.CONFIRMATION and message.promise and message.promise.state != PromiseState.OPEN:
        return LeftOut.REPLACED
    if message.kind not in ASKS:
        return None
    if case and case.paused_until and case.paused_until > on:
        return LeftOut.PAUSED
    running = Promise.objects.filter(account=message.account_id, currency=message.currency, state=PromiseState.OPEN)
    if running.exists():
        return LeftOut.PROMISED
    return _against_amounts(message, on)


def _against_amounts(message: Message, on: date) -> LeftOut | None:
    now = _asked_now(message)
    if sum(now.values(), ZERO) <= spare_money(message.account_id, message.currency):
        return LeftOut.PAID
    if message.pay_by and message.pay_by <= on:
        is_ahead = message.step is not None and message.step.days <= 0
        return LeftOut.OVERTAKEN if is_ahead else LeftOut.CHANGED
    said = dict(message.lines.values_list("invoice", "open_amount"))
    return LeftOut.CHANGED if now != said else None


def _asked_now(message: Message) -> dict[int, Decimal]:
    """What may be asked of each named invoice today."""
    rows = Invoice.objects.filter(dunning_lines__message=message).values_list("pk", "open_amount", "disputed_amount")
    return {pk: max(amount - disputed, ZERO) for pk, amount, disputed in rows}


def _write_anew(message: Message, on: date) -> None:
    """The letter as the ladder would write it today; what somebody had changed in its words is gone, so it is looked at."""
    now = _asked_now(message)
    lines: list[MessageLine] = list(message.lines.select_related("invoice").order_by("due_on", "id"))
    for line in lines:
        line.open_amount = now[line.invoice_id]
        if line.open_amount:
            line.save(update_fields=["open_amount"])
        else:
            line.delete()
    lines = [line for line in lines if line.open_amount]
    message.amount = sum((line.open_amount for line in lines), ZERO)
    message.state, message.approved_by, message.pdf, message.on = MessageState.PROPOSED, None, None, on
    if message.step is None:
        return
    message.pay_by = pay_by_of(message.step, lines[-1].due_on, on)
    to = addressees([message.account_id])[message.account_id]
    words = step_words(
        message.step,
        to,
        [Named(line.invoice.number, line.due_on) for line in lines],
        amount=message.amount,
        currency=message.currency,
        pay_by=message.pay_by,
        sender=sender_name(dunning_rule()),
    )
    message.subject, message.body, message.language = words.subject, words.body, to.language
