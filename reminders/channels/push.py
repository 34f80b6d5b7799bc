"""As a message of the browser, also when Keyline is not open in it."""

from __future__ import annotations

import json
from hashlib import sha256

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from core.push import MOST, Subscription, Unpushed, encoded, send_push
from reminders.channels import Outgoing, Refused, sends
from reminders.choices import Channel, Importance
from reminders.documents import message_of
from reminders.documents.message import Message, zone_of
from reminders.queries import browsers_of

MOST_LINES = 4


@sends(Channel.PUSH)
def send_to_browsers(message: Outgoing) -> None:
    """Put it into every browser of the person; a second try takes the place of the first. A browser that is gone is forgotten.

    Refused when none is left, or none of his takes it and never will; otherwise it may be tried again.
    """
    language = message.recipient.language or settings.LANGUAGE_CODE
    urgent = any(row.importance >= Importance.HIGH for row in message.occurrences)
    topic = encoded(sha256(message.message_id.encode()).digest()[:24])  # 32 letters, as the servers allow
    with translation.override(language), timezone.override(zone_of(message.recipient)):
        words = words_of(message_of(message.recipient, message.occurrences), message, topic)
        failures = []
        browsers = browsers_of(message.recipient)
        for browser in browsers:
            try:
                send_push(
                    Subscription(browser.endpoint, browser.p256dh, browser.auth), words, topic=topic, urgent=urgent
                )
            except Unpushed as failure:
                failures.append(failure)
                if failure.gone:
                    browser.forget()
    if not browsers:
        raise Refused(_("No browser is set up."))
    if len(failures) < len(browsers):
        return
    if again := [failure for failure in failures if not failure.lasting]:
        raise again[0]
    raise Refused(failures[0].reason)


def words_of(told: Message, message: Outgoing, tag: str) -> bytes:
    """What the browser shows: title, a few lines, and the page behind it. Never longer than the servers take."""
    if message.is_digest:
        url = reverse("reminders:list_reminders")
        lines = [item.line.text for item in told.items[:MOST_LINES]]
    else:
        url = reverse("reminders:open_reminder", args=[told.items[0].line.pk])
        lines = [told.text.partition("\n")[0]]
    shown = {"title": told.subject, "body": "\n".join(line[:160] for line in lines), "url": url, "tag": tag}
    return json.dumps(shown, ensure_ascii=False).encode()[:MOST]
