"""A letter to nobody: how the wording of a rung comes out, with made-up invoices of a made-up customer."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from accounts.models import Account
from dunning.choices import Language, MessageKind
from dunning.documents.letters import Letter, LetterLine, Recipient, letter_data
from dunning.documents.messages import letterhead
from dunning.documents.wordings import Named, Words, step_words
from dunning.models import LadderStep
from dunning.queries.recipients import Addressee
from dunning.queries.settings import dunning_rule

AMOUNTS = (Decimal("48600.00"), Decimal("12750.50"))


def sample_words(step: LadderStep, language: str, on: date, pay_by: date) -> Words:
    """Subject and words of the rung, filled in."""
    lines = _lines(step, on)
    return step_words(
        step,
        _addressee(language),
        [Named(line.number, line.due_on) for line in lines],
        amount=sum(AMOUNTS, Decimal(0)),
        currency="CNY",
        pay_by=pay_by,
        sender=letterhead(dunning_rule()).name,
    )


def sample_letter(step: LadderStep, language: str, on: date, pay_by: date) -> dict[str, Any]:
    """The rung's letter as the template `letter` takes it."""
    to, words = _addressee(language), sample_words(step, language, on, pay_by)
    letter = Letter(
        kind=MessageKind.DEMAND if step.is_formal else MessageKind.REMINDER,
        language=language,
        on=on,
        reference="D-000000",
        sender=letterhead(dunning_rule()),
        recipient=Recipient(to.name, to.account.address, to.person, "C-0001"),
        subject=words.subject,
        body=words.body,
        currency="CNY",
        amount=sum(AMOUNTS, Decimal(0)),
        pay_by=pay_by,
        lines=_lines(step, on),
    )
    return letter_data(letter)


def _addressee(language: str) -> Addressee:
    if language == Language.CHINESE:
        account = Account(name="红星钢铁集团有限公司", address="辽宁省鞍山市铁西区环钢路1号")
        return Addressee(account, Language.CHINESE, person="王芳", greeting="王经理", to="wang@example.com")
    account = Account(name="Red Star Steel Group Co., Ltd.", address="1 Huangang Road, Anshan")
    return Addressee(account, Language.ENGLISH, person="Wang Fang", greeting="Ms Wang", to="wang@example.com")


def _lines(step: LadderStep, on: date) -> list[LetterLine]:
    """Two invoices that reached the rung today and three days ago."""
    return [
        LetterLine(
            number=f"INV-2026-{1041 + place}",
            issued_on=due_on - timedelta(days=30),
            due_on=due_on,
            days=(on - due_on).days,
            open_amount=amount,
            order=f"PO-7702{place}",
        )
        for place, amount in enumerate(AMOUNTS)
        for due_on in [on - timedelta(days=step.days + 3 - 3 * place)]
    ]
