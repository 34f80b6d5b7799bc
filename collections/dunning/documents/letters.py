"""What a letter shows: a message with its lines, its letterhead and, if it has one, the statement that follows it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from dunning.choices import MessageKind
from dunning.documents.words import amount_in_words, day, figure, is_chinese, short_day, word


@dataclass(frozen=True)
class Letterhead:
    """Who writes: name, address and bank account, lines as set in the settings."""

    name: str
    address: str = ""
    bank: str = ""


@dataclass(frozen=True)
class Recipient:
    """To whom."""

    name: str
    address: str = ""
    attention: str = ""
    code: str = ""


@dataclass(frozen=True)
class LetterLine:
    """An invoice named in a letter. `days` past due on the letter's day, zero and less when not due."""

    number: str
    issued_on: date
    due_on: date
    days: int
    open_amount: Decimal
    order: str = ""


@dataclass(frozen=True)
class Letter:
    """Everything on the paper but a statement that follows. `instalments` are those of a promise: (day, amount)."""

    kind: str
    language: str
    on: date
    reference: str
    sender: Letterhead
    recipient: Recipient
    subject: str
    body: str
    currency: str
    amount: Decimal
    pay_by: date | None = None
    lines: Sequence[LetterLine] = ()
    instalments: Sequence[tuple[date, Decimal]] = field(default_factory=tuple)


def letter_data(letter: Letter, statement: dict[str, Any] | None = None) -> dict[str, Any]:
    """The letter as the template `letter` takes it."""
    data = frame(letter.language, letter.sender, letter.reference, letter.subject)
    return data | {
        "recipient": recipient_data(letter.recipient, letter.language),
        "facts": facts(letter.language, letter.on, letter.reference, letter.recipient.code),
        "kicker": word(letter.kind, letter.language),
        "subject": letter.subject,
        "body": letter.body,
        "table": _table(letter),
        "demand": _demand(letter),
        "bank": bank(letter.sender, letter.language) if _asks(letter) else {"label": "", "lines": []},
        "reserve": word("reserve", letter.language) if _is_overdue(letter) else "",
        "slip": _slip(letter) if letter.kind == MessageKind.DEMAND else None,
        "statement": statement,
    }


def frame(language: str, sender: Letterhead, reference: str, title: str) -> dict[str, Any]:
    """What every document needs: language, letterhead, footer, signature."""
    return {
        "lang": "zh" if is_chinese(language) else "en",
        "region": "cn" if is_chinese(language) else "gb",
        "title": title,
        "footer": word("page_footer", language, sender.name, reference),
        "sender": {"name": sender.name, "address": _lines(sender.address)},
        "signature": {
            "closing": word("closing", language).split("\n"),
            "name": sender.name,
            "under": word("under", language),
            "seal": word("our_seal", language),
        },
    }


def recipient_data(recipient: Recipient, language: str) -> dict[str, Any]:
    """The address block."""
    lines = _lines(recipient.address)
    if recipient.attention:
        lines.append(word("attention", language, recipient.attention))
    return {"name": recipient.name, "lines": lines}


def facts(language: str, on: date, reference: str, code: str = "") -> list[dict[str, str]]:
    """Date and numbers beside the address."""
    found = [("date", day(on, language)), ("reference", reference)]
    if code:
        found.append(("customer_code", code))
    return [{"label": word(key, language), "value": value} for key, value in found]


def bank(sender: Letterhead, language: str) -> dict[str, Any]:
    """Where the money goes."""
    return {"label": word("bank", language), "lines": _lines(sender.bank)}


def column(label: str, align: str = "left", width: str = "auto") -> dict[str, str]:
    """One column of a table."""
    return {"label": label, "align": align, "width": width}


def _asks(letter: Letter) -> bool:
    return letter.kind in {MessageKind.REMINDER, MessageKind.DEMAND, MessageKind.CONFIRMATION}


def _is_overdue(letter: Letter) -> bool:
    return letter.kind in {MessageKind.REMINDER, MessageKind.DEMAND} and any(line.days > 0 for line in letter.lines)


def _table(letter: Letter) -> dict[str, Any] | None:
    return _instalments(letter) if letter.instalments else _invoices(letter) if letter.lines else None


def _invoices(letter: Letter) -> dict[str, Any]:
    language, has_orders = letter.language, any(line.order for line in letter.lines)
    columns = [column(word("invoice", language), width="fill")]
    if has_orders:
        columns.append(column(word("order", language)))
    columns += [
        column(word("issued", language), "right"),
        column(word("due", language), "right"),
        column(word("days", language), "right"),
        column(word("open_in", language, letter.currency), "right"),
    ]
    rows = [
        [
            line.number,
            *([line.order] if has_orders else []),
            short_day(line.issued_on, language),
            short_day(line.due_on, language),
            str(line.days) if line.days > 0 else word("not_due", language),
            figure(line.open_amount),
        ]
        for line in letter.lines
    ]
    blanks = [""] * (len(columns) - 2)
    return {"columns": columns, "rows": rows, "total": [word("total", language), *blanks, figure(letter.amount)]}


def _instalments(letter: Letter) -> dict[str, Any]:
    language = letter.language
    return {
        "columns": [
            column(word("instalment", language), width="fill"),
            column(word("pay_on", language), "right", "fill"),
            column(word("amount_in", language, letter.currency), "right", "fill"),
        ],
        "rows": [[str(number), day(on, language), figure(amount)] for number, (on, amount) in _numbered(letter)],
        "total": [word("total", language), "", figure(letter.amount)],
    }


def _numbered(letter: Letter) -> list[tuple[int, tuple[date, Decimal]]]:
    return list(enumerate(letter.instalments, start=1))


def _demand(letter: Letter) -> list[dict[str, str]]:
    if letter.pay_by is None or letter.kind not in {MessageKind.REMINDER, MessageKind.DEMAND}:
        return []
    return [
        {
            "label": word("please_pay", letter.language),
            "value": amount_in_words(letter.amount, letter.currency, letter.language),
        },
        {"label": word("by", letter.language), "value": day(letter.pay_by, letter.language)},
    ]


def _slip(letter: Letter) -> dict[str, Any]:
    """The acknowledgement of a formal demand: what proves that it arrived (assurance §2.5)."""
    language = letter.language
    amount = amount_in_words(letter.amount, letter.currency, language)
    return {
        "title": word("slip_demand", language),
        "reference": letter.reference,
        "lines": [word("slip_demand_line", language, letter.reference, day(letter.on, language), amount)],
        "options": [word("slip_demand_pay", language)],
        "fields": [word("slip_name", language), word("slip_date", language)],
        "seal": word("slip_seal", language),
    }


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]
