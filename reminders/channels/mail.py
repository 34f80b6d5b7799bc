"""By mail."""

from __future__ import annotations

from smtplib import SMTPRecipientsRefused

from reminders.channels import Outgoing, Refused, sends
from reminders.choices import Channel
from reminders.documents import mail_of


@sends(Channel.EMAIL)
def send_mail(message: Outgoing) -> None:
    """Hand the mail to the mail server. An address it turns away for good (5xx) is Refused; the rest may be tried again."""
    try:
        mail_of(message.recipient, message.occurrences, message.message_id).send()
    except SMTPRecipientsRefused as refused:
        code, words = next(iter(refused.recipients.values()))
        said = bytes(words).decode(errors="replace")
        if 500 <= code < 600:
            raise Refused(f"{code} {said}") from refused
        raise
