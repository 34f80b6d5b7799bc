"""The paper of a message: what it says, as its rows stand, under today's letterhead."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.conf import settings

from accounts.models import Account
from core.users import SYSTEM
from core.workdays import next_workday
from dunning.choices import MessageKind
from dunning.documents.letters import Letter, Letterhead, LetterLine, Recipient, letter_data
from dunning.documents.statements import StatementLetter, statement_data
from dunning.models import DunningRule, Message
from dunning.queries.recipients import name_in
from dunning.queries.settings import dunning_rule
from dunning.queries.statements import PERIOD, AccountStatement, account_statement

STATEMENT_DAYS = timedelta(days=10)


def message_document(message: Message, on: date) -> tuple[str, dict[str, Any]]:
    """Template and values of the message's paper, dated `on`."""
    rule = dunning_rule()
    sender, recipient = letterhead(rule), recipient_of(message)
    if message.kind == MessageKind.STATEMENT:
        found = account_statement(SYSTEM, message.account_id, message.currency, message.since or message.on, message.on)
        return "statement", _statement(message, found, sender, recipient, on, body=message.body)
    letter = Letter(
        kind=message.kind,
        language=message.language,
        on=on,
        reference=reference(message),
        sender=sender,
        recipient=recipient,
        subject=message.subject,
        body=message.body,
        currency=message.currency,
        amount=message.amount,
        pay_by=message.pay_by,
        lines=_lines(message, on),
        instalments=_instalments(message),
    )
    following = None
    if message.step and message.step.with_statement:
        found = account_statement(SYSTEM, message.account_id, message.currency, on - PERIOD, on)
        following = _statement(message, found, sender, recipient, on)
    return "letter", letter_data(letter, following)


def letterhead(rule: DunningRule) -> Letterhead:
    """Who writes."""
    return Letterhead(sender_name(rule), rule.sender_address, rule.bank_details)


def sender_name(rule: DunningRule) -> str:
    """The name letters are signed with: that of the settings, else the company's."""
    return rule.sender_name or str(settings.COMPANY_NAME)


def recipient_of(message: Message) -> Recipient:
    """To whom, as the address block says it."""
    account: Account = message.account
    person = str(message.contact) if message.contact else ""
    return Recipient(name_in(account, message.language), address_of(account), person, account.code)


def address_of(account: Account) -> str:
    """The account's address, and its city where the address does not say it."""
    city = "" if account.city in account.address else account.city
    return "\n".join(part for part in (account.address, city) if part)


def reference(message: Message) -> str:
    """The number the customer answers with."""
    letter = {MessageKind.STATEMENT: "S", MessageKind.CONFIRMATION: "C"}.get(MessageKind(message.kind), "D")
    return f"{letter}-{message.pk or 0:06}"


def file_name(message: Message) -> str:
    """What the PDF is called."""
    return f"{reference(message)}.pdf"


def _lines(message: Message, on: date) -> list[LetterLine]:
    return [
        LetterLine(
            number=line.invoice.number,
            issued_on=line.invoice.issued_on,
            due_on=line.due_on,
            days=(on - line.due_on).days,
            open_amount=line.open_amount,
            order=line.invoice.purchase_order,
        )
        for line in message.lines.select_related("invoice").order_by("due_on", "id")
    ]


def _instalments(message: Message) -> list[tuple[date, Any]]:
    if message.promise is None or message.kind != MessageKind.CONFIRMATION:
        return []
    return list(message.promise.instalments.order_by("due_on").values_list("due_on", "amount"))


def _statement(
    message: Message, found: AccountStatement, sender: Letterhead, recipient: Recipient, on: date, *, body: str = ""
) -> dict[str, Any]:
    letter = StatementLetter(
        language=message.language,
        reference=reference(message),
        on=on,
        sender=sender,
        recipient=recipient,
        pay_by=message.pay_by or next_workday(on + STATEMENT_DAYS),
        subject=message.subject if message.kind == MessageKind.STATEMENT else "",
        body=body,
    )
    return statement_data(found, letter)
