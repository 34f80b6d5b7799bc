"""What a statement of account shows: opening, movements, closing, open items with age, unapplied money, demand, slip."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from dunning.documents.letters import Letterhead, Recipient, bank, column, facts, frame, recipient_data
from dunning.documents.words import amount_in_words, day, figure, short_day, word
from dunning.queries.statements import AccountStatement

ZERO = Decimal(0)


@dataclass(frozen=True)
class StatementLetter:
    """A statement on its way to the customer. `body` takes the place of the usual words."""

    language: str
    reference: str
    on: date
    sender: Letterhead
    recipient: Recipient
    pay_by: date
    subject: str = ""
    body: str = ""


def statement_data(found: AccountStatement, letter: StatementLetter) -> dict[str, Any]:
    """The statement as the template `statement` takes it, and `letter` for the pages that follow a letter."""
    language, period = letter.language, found.statement
    subject = letter.subject or statement_subject(language, period.end)
    data = frame(language, letter.sender, letter.reference, subject)
    return data | {
        "recipient": recipient_data(letter.recipient, language),
        "facts": _facts(found, letter),
        "kicker": word("statement", language),
        "subject": subject,
        "body": letter.body or word("statement_body", language),
        "figures": _figures(found, language),
        "movements": _movements(found, language),
        "items": _items(found, language),
        "demand": _demand(found, letter),
        "bank": bank(letter.sender, language) if found.payable else {"label": "", "lines": []},
        "reserve": word("reserve", language),
        "slip": _slip(found, letter),
    }


def statement_subject(language: str, end: date) -> str:
    """Statement of account as of 4 December 2026."""
    return word("statement_subject", language, day(end, language))


def _facts(found: AccountStatement, letter: StatementLetter) -> list[dict[str, str]]:
    language, period = letter.language, found.statement
    days = word("until", language, short_day(period.start, language), short_day(period.end, language))
    return [
        *facts(language, letter.on, letter.reference, letter.recipient.code),
        {"label": word("period", language), "value": days},
        {"label": word("currency", language), "value": period.currency},
    ]


def _figures(found: AccountStatement, language: str) -> list[dict[str, str]]:
    period = found.statement
    amounts = [
        ("opening", period.opening),
        ("debits", period.debits),
        ("credits", -period.credits),
        ("closing_balance", period.closing),
    ]
    return [{"label": word(key, language), "value": figure(amount)} for key, amount in amounts]


def _movements(found: AccountStatement, language: str) -> dict[str, Any]:
    period = found.statement
    rows = [[short_day(period.start, language), word("opening", language), "", "", "", figure(period.opening)]]
    rows += [
        [
            short_day(line.on, language),
            word(f"m_{line.kind.value}", language),
            line.number,
            figure(line.debit) if line.debit else "",
            figure(line.credit) if line.credit else "",
            figure(line.balance),
        ]
        for line in period.movements
    ]
    return {
        "title": word("movements", language),
        "columns": [
            column(word("on", language)),
            column(word("what", language)),
            column(word("number", language), width="fill"),
            column(word("debit", language), "right"),
            column(word("credit", language), "right"),
            column(word("balance", language), "right"),
        ],
        "rows": rows,
        "total": [word("closing_balance", language), "", "", figure(period.debits), figure(period.credits), figure(period.closing)],
    }  # fmt: skip


def _items(found: AccountStatement, language: str) -> dict[str, Any]:
    period, has_orders = found.statement, any(item.order for item in found.items)
    blanks = [""] * (4 if has_orders else 3)
    rows = [
        [
            item.number,
            *([item.order] if has_orders else []),
            short_day(item.issued_on, language),
            short_day(item.due_on, language),
            str(item.days) if item.days > 0 else word("not_due", language),
            figure(item.open_amount),
        ]
        for item in found.items
    ]
    if found.unapplied:
        rows.append([word("items_total", language), *blanks, figure(found.open_total)])
        rows.append([word("unapplied", language), *blanks, figure(-found.unapplied)])
    return {
        "title": word("items", language, day(period.end, language)),
        "none": word("no_items", language),
        "columns": [
            column(word("invoice", language), width="fill"),
            *([column(word("order", language))] if has_orders else []),
            column(word("issued", language), "right"),
            column(word("due", language), "right"),
            column(word("days", language), "right"),
            column(word("open_in", language, period.currency), "right"),
        ],
        "rows": rows,
        "total": [word("closing_balance", language), *blanks, figure(period.closing)],
    }


def _demand(found: AccountStatement, letter: StatementLetter) -> list[dict[str, str]]:
    """The sentence that asks: a bare statement may not interrupt the limitation (assurance §2.5)."""
    if not found.payable:
        return []
    language = letter.language
    amount = amount_in_words(found.payable, found.statement.currency, language)
    return [
        {"label": word("please_pay", language), "value": amount},
        {"label": word("by", language), "value": day(letter.pay_by, language)},
    ]


def _slip(found: AccountStatement, letter: StatementLetter) -> dict[str, Any]:
    language, period = letter.language, found.statement
    balance = amount_in_words(period.closing, period.currency, language)
    return {
        "title": word("slip_statement", language),
        "reference": letter.reference,
        "lines": [word("slip_statement_line", language, letter.reference, balance, day(period.end, language))],
        "options": [word("slip_agrees", language), word("slip_differs", language)],
        "fields": [word("slip_name", language), word("slip_date", language)],
        "seal": word("slip_seal", language),
    }
