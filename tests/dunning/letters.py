"""What tests of letters share: overdue customers, the PDF's words, a real mail server on this machine."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from io import BytesIO
from typing import Any

from aiosmtpd.controller import Controller
from django.test import override_settings
from pypdf import PdfReader

from accounts.models import Account, AccountChannel
from core.models import User
from core.workdays import today
from relationships.models import ContactChannel
from tests.factories import make_account, make_contact, make_invoice


def late_customer(
    owner: User, name: str = "Red Star Steel", *, days: int = 2, amount: str = "1200.00", **fields: Any
) -> Account:
    """An account with one invoice that many days past due, and a mailbox of its own."""
    account = make_account(owner, name, **fields)
    make_invoice(account, amount, due_on=today() - timedelta(days=days))
    AccountChannel.objects.create(account=account, kind="email", value=f"accounts@{account.pk}.example.com")
    return account


def payment_contact(
    owner: User, account: Account, name: str, address: str = "", role: str = "payment_handler", **fields: Any
) -> Any:
    """Somebody there who deals with payments, with an e-mail address if one is given."""
    contact = make_contact(owner, account, name, **fields)
    contact.positions.update(roles=[role])
    if address:
        ContactChannel.objects.create(contact=contact, kind="email", value=address)
    return contact


def words_of(pdf: bytes) -> str:
    """The text of a PDF, page after page, without the blanks that typesetting adds."""
    return "\n".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)


def squeezed(text: str) -> str:
    return "".join(text.split())


class Mailbox:
    """What arrived at a mail server."""

    def __init__(self) -> None:
        self.refuses: dict[str, str] = {}
        self.letters: list[EmailMessage] = []

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802
        if address in self.refuses:
            return self.refuses[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        letter = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(letter, EmailMessage)
        self.letters.append(letter)
        return "250 taken"


@contextmanager
def mail_server() -> Iterator[Mailbox]:
    """A real SMTP server on a free port, to which Django sends meanwhile."""
    mailbox = Mailbox()
    controller = Controller(mailbox, hostname="127.0.0.1", port=_free_port())
    controller.start()
    try:
        with sends_to(controller.port):
            yield mailbox
    finally:
        controller.stop()


def sends_to(port: int) -> Any:
    """Django's mail goes to this port."""
    return override_settings(
        EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend", EMAIL_HOST="127.0.0.1", EMAIL_PORT=port
    )


def _free_port() -> int:
    import socket

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


free_port = _free_port


def a_workday(at_hour: int = 10) -> Any:
    """An instant on the next working day at that hour in Shanghai."""
    from datetime import datetime, time
    from zoneinfo import ZoneInfo

    from core.workdays import next_workday

    return datetime.combine(next_workday(today()), time(at_hour), tzinfo=ZoneInfo("Asia/Shanghai"))


MONDAY = date(2026, 11, 23)
