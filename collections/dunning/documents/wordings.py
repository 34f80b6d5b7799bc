"""Subject and words of a letter: the wording of a rung, or of a confirmation, with everything filled in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from dunning.documents.words import amount_in_words, day, is_chinese, word
from dunning.models import LadderStep, Promise
from dunning.queries.recipients import Addressee
from dunning.rules.wording import fill

SUBJECT_LENGTH = 200

CONFIRMATION = (
    "Confirmation of your promise to pay {amount}",
    """Thank you for the conversation{person}. We confirm what was agreed on {made_on}: {customer} will pay {amount} \
so that it reaches our account on the days listed below.

We rely on these days and will suspend further reminders for this amount until then. \
If a day cannot be kept, please tell us beforehand and name a new one.

If something is put differently here than was agreed, please answer within two working days; otherwise we take it as correct.""",
)
CONFIRMATION_ZH = (
    "付款承诺确认函：{amount}",
    """感谢{person}与我方的沟通。现将双方于{made_on}达成的约定确认如下：{customer}将按下表所列日期向我方支付{amount}，款项以到达我方账户为准。

在此之前，我方暂停就该笔款项发送催款函。如某一日期无法履行，请提前告知并提出新的付款日期。

如本函与双方约定不一致，请于两个工作日内回复；逾期未回复的，视为确认无误。""",
)
THANKS = (
    "Thank you for your payment of {amount}",
    """Your payment of {amount} arrived as promised. Thank you for keeping your word.

The amount has been posted to your account; nothing of this promise is left open.""",
)
THANKS_ZH = (
    "感谢贵方按约付款：{amount}",
    """贵方承诺的款项{amount}已按约到账，感谢贵方守信。

该款项已计入贵方账户，本次承诺已全部履行。""",
)


@dataclass(frozen=True)
class Named:
    """An invoice as wordings speak of it."""

    number: str
    due_on: date


@dataclass(frozen=True)
class Words:
    """Subject and body of a letter."""

    subject: str
    body: str


def step_words(
    step: LadderStep,
    addressee: Addressee,
    invoices: Sequence[Named],
    *,
    amount: Decimal,
    currency: str,
    pay_by: date,
    sender: str,
) -> Words:
    """The words of a rung to this customer about these invoices."""
    language = addressee.language
    oldest = min(invoices, key=lambda invoice: invoice.due_on)
    several = len(invoices) > 1
    values = {
        "customer": addressee.name,
        "amount": amount_in_words(amount, currency, language),
        "oldest": word("oldest", language, oldest.number, day(oldest.due_on, language)),
        "count": word("invoices", language, len(invoices)) if several else word("one_invoice", language),
        "pay_by": day(pay_by, language),
        "sender": sender,
    }
    subject, body = (step.subject_zh, step.body_zh) if is_chinese(language) else (step.subject, step.body)
    return _words(subject, body, values, addressee)


def promise_words(promise: Promise, addressee: Addressee, *, kept: bool = False) -> Words:
    """The confirmation of a promise, or the thanks for keeping it."""
    language = addressee.language
    chinese = is_chinese(language)
    subject, body = (THANKS_ZH if chinese else THANKS) if kept else (CONFIRMATION_ZH if chinese else CONFIRMATION)
    said_by = promise.said_by if chinese else f" with {promise.said_by}"
    values = {
        "customer": addressee.name,
        "amount": amount_in_words(promise.amount, promise.currency, language),
        "made_on": day(promise.made_on, language),
        "person": said_by,
    }
    return _words(subject, body, values, addressee)


def _words(subject: str, body: str, values: dict[str, str], addressee: Addressee) -> Words:
    language = addressee.language
    dear = word("dear", language, addressee.greeting) if addressee.greeting else word("dear_nobody", language)
    return Words(fill(subject, values)[:SUBJECT_LENGTH], f"{dear}\n\n{fill(body, values)}".strip())
