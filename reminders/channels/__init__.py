"""The ways out of the house: one sender a channel. `in_app` needs none, the occurrence itself is what is shown.

    @sends(Channel.EMAIL)
    def send_mail(message: Outgoing) -> None: ...

in a module of this package. A sender hands the message over and returns; it raises `Refused` where another try is no use (a bad
address) and anything else where it may be tried again. It is given 20 seconds and may be called a second time with the same
`message_id`. What came of the message is kept by the dispatcher; a sender writes nothing but that an address is no more.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module

from core.models import User
from reminders.choices import Channel
from reminders.models import Occurrence


class Refused(Exception):
    """This message cannot reach this person, now or later: no address, or one that is turned away for good."""


@dataclass(frozen=True)
class Outgoing:
    """One message to one person: one occurrence, or several of low importance as a digest. Speak his language."""

    recipient: User
    occurrences: Sequence[Occurrence]
    message_id: str

    @property
    def is_digest(self) -> bool:
        """Several small things in one message."""
        return len(self.occurrences) > 1


Sender = Callable[[Outgoing], None]
SENDERS: dict[Channel, Sender] = {}


def sends(channel: Channel) -> Callable[[Sender], Sender]:
    """Declare the sender of a channel."""

    def declare(sender: Sender) -> Sender:
        SENDERS[channel] = sender
        return sender

    return declare


def available() -> tuple[Channel, ...]:
    """The channels by which somebody can be told here."""
    return (Channel.IN_APP, *(channel for channel in Channel if channel in SENDERS))


def discover() -> None:
    """Read the modules of this package, each of which registers its sender."""
    for module in pkgutil.iter_modules(__path__):
        import_module(f"{__name__}.{module.name}")
