"""Letters that no rung asks for: the confirmation of a promise, thanks for keeping it, a statement of account."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from core import audit
from core.errors import DomainError
from core.money import format_money
from core.permissions import require
from core.users import SYSTEM, Actor, as_row
from core.workdays import next_workday, today
from dunning import events
from dunning.choices import MessageKind, MessageState, PromiseState, StepChannel
from dunning.documents import statement_subject
from dunning.documents.messages import STATEMENT_DAYS
from dunning.documents.wordings import promise_words
from dunning.documents.words import word
from dunning.models import Message, Promise
from dunning.queries.cases import get_promise
from dunning.queries.recipients import Addressee, addressees
from dunning.queries.settings import dunning_rule
from dunning.queries.statements import PERIOD, account_statement, statement_currency

LONGEST_PERIOD = timedelta(days=3 * 366)


@transaction.atomic
def confirm_promise(*, by: Actor = SYSTEM, promise_id: int) -> Message | None:
    """Put a promise in writing, once: to be looked at, or (a setting) sent at once. None when it does not stand any more."""
    require(by, "dunning.send")
    promise = get_promise(by, promise_id, lock=True)
    known = promise.messages.filter(kind=MessageKind.CONFIRMATION).first()
    if known or promise.state != PromiseState.OPEN:
        return known
    at_once = dunning_rule().confirm_at_once
    message = _of_promise(by, promise, MessageKind.CONFIRMATION, approved=at_once)
    audit.record(events.PROMISE_CONFIRMED, by=by, on=message, account_id=message.account_id, money=_money(promise))
    return message


@transaction.atomic
def thank_for_promise(*, by: Actor = SYSTEM, promise_id: int) -> Message | None:
    """Propose thanks for a promise that was kept, once. None when it was not kept after all."""
    require(by, "dunning.send")
    promise = get_promise(by, promise_id, lock=True)
    known = promise.messages.filter(kind=MessageKind.THANKS).first()
    if known or promise.state != PromiseState.KEPT:
        return known
    message = _of_promise(by, promise, MessageKind.THANKS, approved=False)
    audit.record(events.PROMISE_THANKED, by=by, on=message, account_id=message.account_id, money=_money(promise))
    return message


@transaction.atomic
def make_statement(
    *,
    by: Actor,
    account_id: int,
    currency: str = "",
    since: date | None = None,
    until: date | None = None,
    channel: StepChannel = StepChannel.MAIL,
) -> Message:
    """A statement of account for the customer, on its way at once: by mail, or (no address, or wished so) to the print queue.

    Without a currency that of most invoices; without days the last three months. DomainError: no such money, days that cannot be.
    """
    require(by, "dunning.collect")
    until = until or today()
    since = since or until - PERIOD
    currency = currency or statement_currency(by, account_id)
    if not currency:
        raise DomainError(_("There was never an invoice or a payment."), field="currency", code="nothing_there")
    if not since <= until <= today() or until - since > LONGEST_PERIOD:
        raise DomainError(_("A period of at most three years that ends today or before."), field="since")
    found = account_statement(by, account_id, currency, since, until)
    to = addressees([account_id])[account_id]
    is_mailed = channel == StepChannel.MAIL and bool(to.to)
    message = Message.objects.create(
        account_id=account_id,
        contact_id=to.contact_id,
        kind=MessageKind.STATEMENT,
        channel=StepChannel.MAIL if is_mailed else StepChannel.LETTER,
        language=to.language,
        on=until,
        since=since,
        to=to.to,
        subject=statement_subject(to.language, until),
        body=_greeted(to, word("statement_body", to.language)),
        currency=currency,
        amount=found.statement.closing,
        pay_by=next_workday(today() + STATEMENT_DAYS) if found.payable else None,
        state=MessageState.APPROVED,
        approved_by=as_row(by),
        by=as_row(by),
    )
    audit.record(events.STATEMENT_MADE, by=by, on=message, account_id=account_id, subject=message.subject)
    return message


def _of_promise(by: Actor, promise: Promise, kind: MessageKind, *, approved: bool) -> Message:
    to = addressees([promise.account_id])[promise.account_id]
    words = promise_words(promise, to, kept=kind == MessageKind.THANKS)
    return Message.objects.create(
        account_id=promise.account_id,
        contact_id=to.contact_id,
        promise=promise,
        kind=kind,
        channel=StepChannel.MAIL if to.to else StepChannel.LETTER,
        language=to.language,
        on=today(),
        to=to.to,
        subject=words.subject,
        body=words.body,
        currency=promise.currency,
        amount=promise.amount,
        state=MessageState.APPROVED if approved else MessageState.PROPOSED,
        by=as_row(by),
    )


def _greeted(to: Addressee, text: str) -> str:
    dear = word("dear", to.language, to.greeting) if to.greeting else word("dear_nobody", to.language)
    return f"{dear}\n\n{text}"


def _money(promise: Promise) -> str:
    return format_money(promise.amount, promise.currency)
