"""What leaves the house: a reminder as a mail and as a message in a chat, in the receiver's language and time zone."""

from reminders.documents.mail import mail_of
from reminders.documents.message import Message, message_of

__all__ = ["Message", "mail_of", "message_of"]
