"""A reminder as a mail: text and HTML, with links that do it without signing in."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import timezone, translation

from core.models import User
from reminders.documents.message import message_of, zone_of
from reminders.models import Occurrence


def mail_of(recipient: User, occurrences: Sequence[Occurrence], message_id: str) -> EmailMultiAlternatives:
    """The mail, in the receiver's language and time zone. The same `message_id` makes the same Message-ID: a second try is one mail."""
    language = recipient.language or settings.LANGUAGE_CODE
    with translation.override(language), timezone.override(zone_of(recipient)):
        message = message_of(recipient, occurrences)
        page = {"message": message, "company": settings.COMPANY_NAME, "language": language}
        mail = EmailMultiAlternatives(
            subject=message.subject,
            body=render_to_string("reminders/mail.txt", page),
            to=[recipient.email],
            headers={
                "Message-ID": f"<{message_id}@{urlsplit(settings.SITE_URL).hostname}>",
                "List-Unsubscribe": f"<{message.settings_url}>",
                "Auto-Submitted": "auto-generated",
                "X-Auto-Response-Suppress": "All",
            },
        )
        mail.attach_alternative(render_to_string("reminders/mail.html", page), "text/html")
    return mail
