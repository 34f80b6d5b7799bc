"""What the workers do for users."""

from celery import shared_task
from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.utils import translation

from core.staff.invitations import password_path
from core.staff.queries import active_user


@shared_task
def mail_invitation(user_id: int, root: str) -> None:
    """Mail the link to choose a password, in the person's language; `root` is the address of this installation."""
    user = active_user(user_id)
    if user is None:
        return
    words = {"user": user, "company": settings.COMPANY_NAME, "link": root.rstrip("/") + password_path(user)}
    with translation.override(user.language or settings.LANGUAGE_CODE):
        subject = render_to_string("core/staff/invitation_subject.txt", words).strip()
        text = render_to_string("core/staff/invitation.txt", words)
    send_mail(subject, text, None, [user.email])
