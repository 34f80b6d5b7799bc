"""Into the receiver's team chats, each of those he named."""

from __future__ import annotations

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from core.chat import Undelivered, send_chat
from reminders.channels import Outgoing, Refused, sends
from reminders.choices import Channel
from reminders.documents import message_of
from reminders.documents.message import zone_of
from reminders.queries import chat_addresses


@sends(Channel.CHAT)
def send_to_chats(message: Outgoing) -> None:
    """Put it into every chat of the person. One that took it is enough: a second try would say it there twice.

    Refused when he has no chat, or none of his takes it and never will; otherwise it may be tried again.
    """
    addresses = chat_addresses(message.recipient)
    language = message.recipient.language or settings.LANGUAGE_CODE
    with translation.override(language), timezone.override(zone_of(message.recipient)):
        if not addresses:
            raise Refused(_("No team chat is set up."))
        told = message_of(message.recipient, message.occurrences)
        failures = []
        for address in addresses:
            try:
                send_chat(
                    address.url, title=told.subject, text=told.text, key=message.message_id, secret=address.secret
                )
            except Undelivered as failure:
                failures.append(failure)
    if len(failures) < len(addresses):
        return
    if all(failure.lasting for failure in failures):
        raise Refused(failures[0].reason)
    raise failures[0]
