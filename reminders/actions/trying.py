"""A mail to oneself."""

from __future__ import annotations

from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.utils.translation import gettext as _

from core import audit
from core.models import User
from core.permissions import require
from reminders import events


def try_mail(*, by: User) -> str:
    """Send a mail to one's own address; returns what went wrong, in the mail server's words, or nothing."""
    require(by, "reminders.use")
    mail = EmailMessage(
        _("A test from %(company)s") % {"company": settings.COMPANY_NAME},
        _("Reminders for %(name)s will come here.") % {"name": by},
        to=[by.email],
        headers={"Auto-Submitted": "auto-generated"},
    )
    try:
        mail.send()
        error = ""
    except (SMTPException, OSError) as failure:
        error = str(failure)[:300] or type(failure).__name__
    with transaction.atomic():
        audit.record(events.MAIL_TESTED, by=by, on=by, outcome=error or "ok")
    return error
